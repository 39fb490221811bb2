"""What the list is narrowed down by, in which order and columns it is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency, Procedure
from desk import columns
from desk.actors import Actor
from desk.deadlines import Urgency
from desk.filters import Filter, filter_for
from desk.forms.fields import line_field, offer, say_plainly
from desk.needles import understood
from desk.parts import NEXT, TODAY
from desk.permissions import Side
from desk.piles import taken_at
from desk.states import OPEN, READY, TO_DO, WAITING, State
from search import public

OPENED, ALL = "open", "all"
GROUPS = {OPENED: OPEN, "todo": TO_DO, "waiting": WAITING, "ready": READY, ALL: frozenset[int]()}
"""Sets of states by the names that the address has for them."""
GROUP_LABELS = [
    (OPENED, gettext_lazy("open")),
    ("todo", gettext_lazy("open, the next step is ours")),
    ("waiting", gettext_lazy("waiting for the applicant")),
    ("ready", gettext_lazy("ready to hand over")),
    (ALL, gettext_lazy("all")),
]
DUE = [
    (Urgency.OVERDUE, gettext_lazy("overdue")),
    (TODAY, gettext_lazy("today")),
    (NEXT, gettext_lazy("due in 1–3 days")),
    (Urgency.SOON, gettext_lazy("today or in 1–3 days")),
    (Urgency.ON_TIME, gettext_lazy("later")),
    (Urgency.STANDING, gettext_lazy("clock stands")),
]
ME, NOBODY, OURS, TAKE = "me", "nobody", "ours", "take"
WHOSE = [
    (ME, gettext_lazy("me")),
    (NOBODY, gettext_lazy("nobody yet")),
    (OURS, gettext_lazy("me or nobody yet")),
    (TAKE, gettext_lazy("passed on, for me to take over")),
]
SIDES = {"held": Side.HOLDING, "received": Side.RECEIVING, "decided": Side.DECIDING}
SIDE_LABELS = [
    ("held", gettext_lazy("holds it")),
    ("received", gettext_lazy("received it")),
    ("decided", gettext_lazy("decides on it")),
]
NEWEST = "newest"
ANY: list[Any] = [("", gettext_lazy("all"))]


class QueueForm(forms.Form):
    """Filters of the list, all optional: what can't be read narrows nothing down, and the form says so."""

    q = line_field(
        gettext_lazy("Search"),
        required=False,
        help_text=gettext_lazy(
            "Code or its end (261203-0042), a name with or without marks, a number or its last four digits"
        ),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    due = forms.ChoiceField(label=gettext_lazy("Due"), required=False, choices=[*ANY, *DUE])
    whose = forms.ChoiceField(label=gettext_lazy("In whose hands"), required=False, choices=[*ANY, *WHOSE])
    procedure = line_field(gettext_lazy("Procedure"), required=False)
    side = forms.ChoiceField(label=gettext_lazy("The agency"), required=False, choices=[*ANY, *SIDE_LABELS])
    agency = forms.TypedChoiceField(label=gettext_lazy("Agency"), required=False, coerce=int, empty_value=None)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("most pressing first")), (NEWEST, gettext_lazy("newest first"))],
    )
    cols = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        required=False,
        choices=[(column.key, column.label) for column in columns.ALL],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict, by: Actor) -> None:
        super().__init__(completed(data))
        offer(self, "state", [*GROUP_LABELS, *State.choices])
        agencies = Agency.objects.filter(pk__in=by.agencies).order_by("name_vi")
        offer(self, "agency", [("", _("all")), *((row.pk, str(row)) for row in agencies)])
        self.fields["procedure"].widget.attrs["placeholder"] = _("Code or words")
        self.by = by
        say_plainly(self)

    def clean_procedure(self) -> int | None:
        """Return the procedure with this code, else the one that search puts first for these words; say which."""
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
        self["procedure"].help_text = f"{found.code} · {found.list_name}"
        return found.pk

    def clean(self) -> dict[str, Any]:
        """Say where an order can't be given."""
        data = super().clean() or self.cleaned_data
        if data.get("sort") == NEWEST and data.get("due"):
            self.add_error("sort", _("What is chosen by its due date stands in its order: take «Due» away first."))
        return data

    @property
    def shown_columns(self) -> list[columns.Column]:
        """Return the columns to show."""
        return columns.columns_of(self.cleaned_data.get("cols", ()))

    def chosen(self, at: dt.datetime) -> Filter:
        """Return what to show; a search looks at all states unless one is chosen."""
        self.full_clean()
        data = self.cleaned_data
        texts = understood(data.get("q", ""))
        return filter_for(
            self.by,
            at,
            states=states_of(data.get("state") or OPENED),
            urgency=data.get("due", ""),
            agency=data.get("agency"),
            procedure=data.get("procedure"),
            is_newest_first=data.get("sort") == NEWEST,
            **self.hands(data),
            **texts,
        )

    def hands(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return who has it: a dossier is in hand where it is held, and handed over where it was received."""
        whose, is_ready = data.get("whose"), data.get("state") == "ready"
        usual = Side.HOLDING if whose else Side.RECEIVING if is_ready else None
        found: dict[str, Any] = {"side": SIDES.get(data.get("side", ""), usual), "is_ready": is_ready}
        if whose in (ME, OURS):
            found["holder"] = self.by.user_id
        if whose in (NOBODY, OURS):
            found["free_for"] = self.by.user_id
        if whose == TAKE:
            found |= {"taker": self.by.user_id, "taken_at": taken_at(self.by)}
        return found


def completed(data: QueryDict) -> QueryDict:
    """Return an address that names its states and columns, so that the form shows them; a search looks at all."""
    named = data.copy()
    if not named.get("state"):
        named["state"] = ALL if named.get("q", "").strip() else OPENED
    if not named.get("cols"):
        named.setlist("cols", list(columns.USUAL))
    return named


def states_of(name: str) -> frozenset[int]:
    """Return the states that the address names."""
    return GROUPS[name] if name in GROUPS else frozenset({State(int(name))})
