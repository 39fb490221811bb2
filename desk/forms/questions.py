"""What is asked back before something unusual is entered: each question has its box to tick."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class QuestionsForm(forms.Form):
    """The boxes. `do`: the button that was pressed; «check» asks too, but stops nothing."""

    do: str
    is_another = forms.BooleanField(
        label=gettext_lazy("I have looked: this is another dossier, enter it"), required=False
    )
    drops_notes = forms.BooleanField(
        label=gettext_lazy("Go on: what I noted there isn't needed any more"), required=False
    )
    has_no_papers = forms.BooleanField(
        label=gettext_lazy("No paper was handed in: the receipt shall say so"), required=False
    )
    has_odd_number = forms.BooleanField(
        label=gettext_lazy("I have compared it with the paper: it stands there like this"), required=False
    )
    has_large_fee = forms.BooleanField(label=gettext_lazy("The amount is right"), required=False)
    QUESTIONS = ("is_another", "drops_notes", "has_no_papers", "has_odd_number", "has_large_fee")

    def ask(self, name: str, texts: Sequence[str]) -> None:
        """Ask something; where the box isn't ticked, a button that enters is stopped."""
        if not texts:
            return
        self.asked[name] = list(texts)
        if self.do != "check" and not self.cleaned_data.get(name):
            self.add_error(name, _("Look at this, then tick it."))

    @property
    def asked(self) -> dict[str, list[str]]:
        """Return what was asked, by the name of its box."""
        found: dict[str, list[str]] = self.__dict__.setdefault("_asked", {})
        return found

    @property
    def questions(self) -> list[tuple[BoundField, list[str]]]:
        """Return the boxes of what was asked, with their texts."""
        return [(self[name], self.asked[name]) for name in self.QUESTIONS if name in self.asked]
