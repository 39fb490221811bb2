"""What readings are narrowed down by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency
from desk.actors import Actor
from desk.forms.fields import day_field, line_field, offer, say_plainly
from desk.permissions import agencies_of
from desk.readings import Asked


class ReadingsForm(forms.Form):
    """Filters, all optional: what can't be read narrows nothing down, and the form says so."""

    person = line_field(gettext_lazy("Person"), required=False)
    dossier = line_field(gettext_lazy("Code"), required=False, most=60)
    agency = forms.TypedChoiceField(label=gettext_lazy("Agency"), required=False, coerce=int, empty_value=None)
    first_day = day_field(gettext_lazy("From"), required=False)
    last_day = day_field(gettext_lazy("Until"), required=False)
    only_others = forms.BooleanField(label=gettext_lazy("Only what wasn't their own work"), required=False)

    def __init__(self, data: Any, by: Actor) -> None:
        super().__init__(data)
        agencies = Agency.objects.filter(pk__in=agencies_of("readings", by)).order_by("name_vi")
        offer(self, "agency", [("", _("all")), *((row.pk, str(row)) for row in agencies)])
        say_plainly(self)

    def clean_dossier(self) -> str:
        """Return the code as codes are written."""
        return self.cleaned_data["dossier"].strip().upper()

    def asked(self) -> Asked:
        """Return what is looked for."""
        self.full_clean()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value})
