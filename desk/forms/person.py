"""Whose data are asked for: by a number of theirs, as it stands on the document that they show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.forms.fields import CHOOSE, line_field, say_plainly
from desk.models import PartyIdentifier
from desk.persons import plain_number
from desk.refusals import Invalid

Kind = PartyIdentifier.Kind


class PersonDataForm(forms.Form):
    """Kind and number of a document, and that the person stands here."""

    kind = forms.ChoiceField(label=gettext_lazy("Document"), choices=Kind.choices, error_messages=CHOOSE)
    number = line_field(gettext_lazy("Its number"), most=40)
    is_here = forms.BooleanField(
        label=gettext_lazy("The person, or who acts for them by law, asked for it and showed this document."),
        error_messages={"required": gettext_lazy("Data are given to the person alone: tick it once it is so.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False, initial={"kind": Kind.CITIZEN_CARD})
        say_plainly(self)

    def clean_number(self) -> str:
        """Return the number as rows keep it."""
        try:
            return plain_number(self.cleaned_data.get("kind", ""), self.cleaned_data["number"])
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error

    def refuse(self) -> None:
        """Say that nobody of the dossier bears the number."""
        self.add_error("number", _("Nobody of this dossier has this number: check each sign of it."))
