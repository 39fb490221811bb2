"""The forms of the screens of words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalogue.models import Procedure
from search.cms.forms import procedures_of
from search.cms.stamps import StampedForm


class LanguageForm(StampedForm):
    """A form whose language is one of the portal's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            label = self.fields["language"].label
            self.fields["language"] = forms.ChoiceField(choices=settings.LANGUAGES, label=label)


class EverydayWordsForm(LanguageForm):
    """Phrases stay with their procedure: under another one they would be other phrases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("procedure", "language"):
                del self.fields[name]


class JudgedQueryForm(LanguageForm):
    """The form of a judged query; procedures are named by code, as there are thousands."""

    procedures: forms.Field = forms.ModelMultipleChoiceField(
        Procedure.objects.none(),
        label=_("Procedures that answer it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Clear a box to take a procedure off"),
    )
    more = forms.CharField(
        label=_("Add procedures"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One code a line"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.procedures.values("pk") if self.instance.pk else []
        self.fields["procedures"].queryset = Procedure.objects.filter(pk__in=kept)  # type: ignore[attr-defined]

    def clean_more(self) -> list[Procedure]:
        """Return the procedures of the codes."""
        return procedures_of(self.cleaned_data["more"])

    def clean(self) -> dict[str, Any]:
        """Add the new procedures to those that stay; there must be one."""
        cleaned = super().clean()
        pks = [row.pk for row in (*(cleaned.get("procedures") or ()), *(cleaned.get("more") or ()))]
        if not pks and "more" not in self.errors:
            self.add_error("more", _("Name at least one procedure that answers the query."))
        cleaned["procedures"] = Procedure.objects.filter(pk__in=pks)
        return cleaned
