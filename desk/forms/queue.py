"""What the list is narrowed down by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency, Procedure
from desk.actors import Actor
from desk.deadlines import Urgency
from desk.filters import Filter, filter_for
from desk.forms.fields import line_field, offer
from desk.needles import understood
from desk.states import OPEN, State
from search import public

DUE = [
    (Urgency.OVERDUE, gettext_lazy("overdue")),
    (Urgency.SOON, gettext_lazy("due in 1–3 days")),
    (Urgency.STANDING, gettext_lazy("clock stands")),
]
ALL = "all"


class QueueForm(forms.Form):
    """Filters of the list, all optional: what can't be read narrows nothing down, and the form says so."""

    q = line_field(
        gettext_lazy("Search"),
        required=False,
        help_text=gettext_lazy("How a code begins, a name with or without marks, a number"),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    due = forms.ChoiceField(label=gettext_lazy("Due"), required=False, choices=[("", gettext_lazy("all")), *DUE])
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
        """Return the procedure with this code, else the one that search puts first for these words."""
        words = self.cleaned_data["procedure"].strip()
        if not words:
            return None
        found = Procedure.objects.filter(code=words).first()
        if found is None:
            hits = public.find(words, limit=1).hits
            rows = Procedure.objects.filter(code=hits[0].name) if hits else Procedure.objects.matching(words)
            found = rows.first()
        if found is None:
            raise forms.ValidationError(_("No procedure fits."))
        return found.pk

    def chosen(self, at: dt.datetime) -> Filter:
        """Return what to show; a search looks at all states unless one is chosen."""
        self.full_clean()
        data = getattr(self, "cleaned_data", {})
        texts = understood(data.get("q", ""))
        state = data.get("state", "")
        states = OPEN if not state and not texts else frozenset()
        if state not in ("", ALL):
            states = frozenset({State(int(state))})
        return filter_for(
            self.by,
            at,
            states=states,
            urgency=data.get("due", ""),
            agency=data.get("agency"),
            procedure=data.get("procedure"),
            holder=self.by.user_id if data.get("mine") else None,
            **texts,
        )
