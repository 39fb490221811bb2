"""What the list is narrowed down by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency, Procedure
from catalogue.text import fold
from desk.actors import Actor
from desk.forms.fields import line_field, offer
from desk.needles import understood
from desk.states import OPEN, State


class DueFilter(models.TextChoices):
    OVERDUE = "overdue", gettext_lazy("overdue")
    SOON = "soon", gettext_lazy("due in 1–3 days")
    STANDING = "standing", gettext_lazy("clock stands")


ALL = "all"
MANY = 50
"""More procedures than these aren't told apart by words."""


class QueueForm(forms.Form):
    """Filters of the list, all optional: what can't be read narrows nothing down, and the form says so."""

    q = line_field(
        gettext_lazy("Search"),
        required=False,
        help_text=gettext_lazy("How a code begins, a name with or without marks, a number"),
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

    def clean_procedure(self) -> int | None:
        """Find the one procedure that a code or words mean (one query)."""
        text = self.cleaned_data["procedure"].strip()
        if not text:
            return None
        words = Q(search_folded__contains=fold(text)) if fold(text) else Q(code=text)
        rows = dict(Procedure.objects.filter(Q(code=text) | words).values_list("code", "pk")[:MANY])
        if text in rows or len(rows) == 1:
            return rows.get(text) or next(iter(rows.values()))
        raise ValidationError(_("Several procedures fit: write the code.") if rows else _("No procedure fits."))

    def filters(self) -> dict[str, Any]:
        """Return what to narrow down by; a text looks at dossiers of all states, unless one was chosen."""
        self.full_clean()
        data = getattr(self, "cleaned_data", {})
        chosen, text = data.get("state", ""), data.get("q", "")
        states = frozenset() if chosen == ALL or (text and not chosen) else OPEN
        return {
            **understood(text),
            "states": frozenset({State(int(chosen))}) if chosen and chosen != ALL else states,
            "urgency": data.get("due", ""),
            "agency": data.get("agency"),
            "procedure": data.get("procedure"),
            "holder": self.by.user_id if data.get("mine") else None,
        }
