"""What the list is narrowed down by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency
from desk.actors import Actor
from desk.forms.fields import line_field, offer
from desk.states import OPEN, State


class DueFilter(models.TextChoices):
    OVERDUE = "overdue", gettext_lazy("overdue")
    SOON = "soon", gettext_lazy("due in 1–3 days")
    STANDING = "standing", gettext_lazy("clock stands")


OPEN_ONES, ALL = "open", "all"


class QueueForm(forms.Form):
    """Filters of the list, all optional: what can't be read narrows nothing down, and the form says so."""

    q = line_field(
        gettext_lazy("Search"), required=False, help_text=gettext_lazy("Code, name with or without marks, number")
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    due = forms.ChoiceField(
        label=gettext_lazy("Due"), required=False, choices=[("", gettext_lazy("all")), *DueFilter.choices]
    )
    agency = forms.TypedChoiceField(label=gettext_lazy("Agency"), required=False, coerce=int, empty_value=None)
    procedure = line_field(gettext_lazy("Procedure"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)

    def __init__(self, data: Any, by: Actor) -> None:
        super().__init__(data)
        offer(self, "state", [("", _("open")), (ALL, _("all")), *State.choices])
        agencies = Agency.objects.filter(pk__in=by.agencies).order_by("name_vi")
        offer(self, "agency", [("", _("all")), *((row.pk, str(row)) for row in agencies)])
        self.fields["procedure"].widget.attrs["placeholder"] = _("Code or words")
        self.by = by

    def filters(self) -> dict[str, Any]:
        """Return what to narrow down by; `states` is empty for all of them."""
        self.full_clean()
        data = getattr(self, "cleaned_data", {})
        chosen = data.get("state", "")
        states = OPEN if chosen == "" else frozenset() if chosen == ALL else frozenset({State(int(chosen))})
        return {
            "text": data.get("q", ""),
            "states": frozenset() if data.get("q") and chosen == "" else states,
            "due": data.get("due", ""),
            "agency": data.get("agency"),
            "procedure": data.get("procedure", ""),
            "holder": self.by.user_id if data.get("mine") else None,
        }
