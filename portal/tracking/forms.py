"""What a citizen types to follow a dossier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import public
from portal.typed import clean

PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class TrackingForm(forms.Form):
    """A code and the end of a number; what can't be one is told before anything is looked for."""

    code = forms.CharField(
        label=gettext_lazy("Code of the dossier"),
        help_text=gettext_lazy("It stands at the top of your receipt."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": gettext_lazy("Write the code that stands on your receipt.")},
    )
    ending = forms.CharField(
        label=gettext_lazy("Last six characters of a telephone or identity document"),
        help_text=gettext_lazy("Of the applicant, the owner or whoever handed the dossier in."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": gettext_lazy("Write the last six characters.")},
    )

    def __init__(self, data: Any = None) -> None:
        # What is drawn again is short, whatever was sent.
        kept = {name: clean(str(data.get(name, "")), 100) for name in ("code", "ending")} if data is not None else None
        super().__init__(kept)

    def clean_code(self) -> str:
        """Return the code as it is kept."""
        code = public.plain_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("Write the code that stands on your receipt."))
        return self.cleaned_data["code"]

    def clean_ending(self) -> str:
        """Return the ending; more than six characters are cut to the last six."""
        if not public.plain_factor(self.cleaned_data["ending"]):
            raise forms.ValidationError(_("Six letters or digits are needed: the last ones of the number."))
        return self.cleaned_data["ending"]
