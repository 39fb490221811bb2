"""Why somebody opens a dossier that isn't their own work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.forms.fields import CHOOSE, line_field, say_plainly
from desk.identities import clean_lines
from desk.models import Why

FEWEST, MOST = 5, 300
"""Letters of a reason in one's own words."""


class WhyForm(forms.Form):
    """One of the usual reasons, or one's own words."""

    why = forms.ChoiceField(
        label=gettext_lazy("Why do you open it?"),
        choices=Why.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    text = line_field(
        gettext_lazy("In your words"),
        required=False,
        most=MOST,
        help_text=gettext_lazy(
            "Needed for «something else». The person reads only the reason above, never these words."
        ),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        say_plainly(self)

    def clean_text(self) -> str:
        """Return the words as they are kept."""
        text = clean_lines(self.cleaned_data["text"]).replace("\n", " ")
        if len(text) > MOST:
            raise forms.ValidationError(_("This text is too long: %(most)d letters at most.") % {"most": MOST})
        return text

    def clean(self) -> dict[str, Any]:
        """Ask for words where none of the usual reasons fits."""
        data = super().clean() or self.cleaned_data
        if data.get("why") == Why.OTHER and "text" not in self.errors and len(data.get("text", "")) < FEWEST:
            self.add_error("text", _("Say in a few words why you open it."))
        return data
