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
from desk.causes import Cause
from desk.colleagues import name_in_reach
from desk.deadlines import Urgency
from desk.filters import ONE_DAY, Filter, filter_for
from desk.forms.fields import day_field, line_field, offer, say_plainly
from desk.needles import understood
from desk.parts import NEXT, TODAY
from desk.permissions import Side
from desk.piles import taken_at
from desk.states import OPEN, READY, TO_DO, WAITING, Settlement, State
from search import public

OPENED, ALL = "open", "all"
SUSPENDED = "suspended"
GROUPS = {
    OPENED: OPEN, "todo": TO_DO, "waiting": WAITING, "ready": READY, SUSPENDED: frozenset({State.STOPPED}),
    ALL: frozenset[int](),
}  # fmt: skip
"""Sets of states by the names that the address has for them."""
GROUP_LABELS = [
    (OPENED, gettext_lazy("open")),
    ("todo", gettext_lazy("open, the next step is ours")),
    ("waiting", gettext_lazy("waiting for the applicant")),
    ("ready", gettext_lazy("ready to hand over")),
    (SUSPENDED, gettext_lazy("suspended for a time")),
    (ALL, gettext_lazy("all")),
]
DUE = [
    (Urgency.OVERDUE, gettext_lazy("overdue")),
    (TODAY, gettext_lazy("today")),
    (NEXT, gettext_lazy("due in 1–3 days")),
    (Urgency.SOON, gettext_lazy("today or in 1–3 days")),
    (Urgency.ON_TIME, gettext_lazy("later")),
    (Urgency.STANDING, gettext_lazy("no due date: the clock stands")),
]
ME, NOBODY, OURS, TAKE, UNHELD, ABSENT = "me", "nobody", "ours", "take", "unheld", "absent"
WHOSE = [
    (ME, gettext_lazy("me")),
    (NOBODY, gettext_lazy("nobody yet")),
    (OURS, gettext_lazy("me or nobody yet")),
    (TAKE, gettext_lazy("passed on, for me to take over")),
    (ABSENT, gettext_lazy("people for whom I stand in")),
    (UNHELD, gettext_lazy("no name yet, passed on by name or not")),
]
KINDS = [
    ("own", gettext_lazy("settled in the province")),
    ("shadow", gettext_lazy("copies from ministries' systems")),
]
NO_STEP = "-"
"""How the address says that no step is named."""
SIDES = {"held": Side.HOLDING, "received": Side.RECEIVING, "decided": Side.DECIDING}
SIDE_LABELS = [
    ("held", gettext_lazy("holds it")),
    ("received", gettext_lazy("received it")),
    ("decided", gettext_lazy("decides on it")),
]
NEWEST = "newest"
UNDER_THE_FOLD = (
    "agency", "side", "person", "cause", "step", "kind", "due_from", "due_to", "settled", "month", "sort",
)  # fmt: skip
"""Filters that are seldom set by hand: the list says them in words, the fold has their fields."""
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
    person = forms.TypedChoiceField(label=gettext_lazy("Person"), required=False, coerce=int, empty_value=None)
    step = line_field(gettext_lazy("Step"), required=False, help_text=gettext_lazy("As it is written; a dash for none"))
    cause = forms.ChoiceField(label=gettext_lazy("Waits for"), required=False, choices=[*ANY, *Cause.choices])
    due_from = day_field(gettext_lazy("Due from"), required=False)
    due_to = day_field(gettext_lazy("Due until"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Settled where"), required=False, choices=[*ANY, *KINDS])
    settled = forms.ChoiceField(label=gettext_lazy("Settled"), required=False, choices=[*ANY, *Settlement.choices])
    month = forms.DateField(
        label=gettext_lazy("Settled in the month"),
        required=False,
        input_formats=["%Y-%m", "%m/%Y"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={"invalid": gettext_lazy("There is no such month: write it like 12/2026.")},
    )
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
        reached = by.agencies | {part.agency_id for part in by.parts}
        agencies = Agency.objects.filter(pk__in=reached).order_by("name_vi")
        offer(self, "agency", [("", _("all")), *((row.pk, named(row)) for row in agencies)])
        offer(self, "person", [("", _("all")), *name_in_reach(self.data.get("person", ""), by.agencies)])
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
        if (data.get("settled") or data.get("month")) and any(data.get(name) for name in ("due", "due_from", "due_to")):
            self.add_error("settled", _("What is settled isn't due any more: take «Due» away first."))
            data |= {"settled": "", "month": None}
        return data

    @property
    def narrowed_beside(self) -> list[tuple[str, str]]:
        """Return label and value of each filter under the fold that narrows the list, to be read without opening it."""
        found = []
        for name in UNDER_THE_FOLD:
            value = self.cleaned_data.get(name)
            if value in (None, ""):
                continue
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                chosen = self[name].field.widget.choices  # type: ignore[attr-defined]
                value = next((label for key, label in chosen if key == value), value)
            elif isinstance(field, forms.DateField):
                value = f"{value:%m/%Y}" if name == "month" else f"{value:%d/%m/%Y}"
            found.append((str(field.label), str(value)))
        return found

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
            **worked(data),
            **texts,
        )

    def hands(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return who has it: a dossier is in hand where it is held, and handed over where it was received."""
        whose, is_ready = data.get("whose"), data.get("state") == "ready"
        is_held = whose or data.get("person") or data.get("step") or data.get("cause")
        usual = Side.HOLDING if is_held else Side.RECEIVING if is_ready else None
        found: dict[str, Any] = {"side": SIDES.get(data.get("side", ""), usual), "is_ready": is_ready}
        if whose in (ME, OURS):
            found["holder"] = self.by.user_id
        elif data.get("person"):
            found["holder"] = data["person"]
        if whose == UNHELD:
            found["is_unheld"] = True
        if whose == ABSENT:
            found["stands_in"] = self.by.stands_in
        if whose in (NOBODY, OURS):
            found["free_for"] = self.by.user_id
        if whose == TAKE:
            found |= {"taker": self.by.user_id, "taken_at": taken_at(self.by)}
        return found


def worked(data: dict[str, Any]) -> dict[str, Any]:
    """Return how far the work has come: step, whom it waits for, days of its due date, how it was settled."""
    step = (data.get("step") or "").strip()
    return {
        "step": "" if step == NO_STEP else step or None,
        "cause": data.get("cause", ""),
        "due_from": data.get("due_from"),
        "due_to": data.get("due_to"),
        "is_shadow": {"own": False, "shadow": True}.get(data.get("kind", "")),
        "is_suspended": data.get("state") == SUSPENDED,
        "settlement": data.get("settled", ""),
        "settled_in": data.get("month"),
    }


def completed(data: QueryDict) -> QueryDict:
    """Return an address that names its states and columns, so that the form shows them; a search looks at all."""
    named = data.copy()
    if not named.get("state"):
        is_any = named.get("q", "").strip() or named.get("settled") or named.get("month")
        named["state"] = ALL if is_any else OPENED
    if not named.get("cols"):
        named.setlist("cols", list(columns.USUAL))
    return named


def named(agency: Agency) -> str:
    """Return an agency's name; of one that has ended, until when it was there."""
    if agency.valid_to is None:
        return str(agency)
    return _("%(agency)s (until %(day)s)") % {"agency": agency, "day": f"{agency.valid_to - ONE_DAY:%d/%m/%Y}"}


def states_of(name: str) -> frozenset[int]:
    """Return the states that the address names."""
    return GROUPS[name] if name in GROUPS else frozenset({State(int(name))})
