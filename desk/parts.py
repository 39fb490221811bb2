"""The runs of rows of which a list is made, each in the order of one index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OrderBy, OuterRef, Q
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from catalogue.opening import ZONE
from desk.calendar import work_calendar
from desk.cursors import Spot
from desk.deadlines import SOON, Urgency
from desk.filters import ONE_DAY, Filter, midnight
from desk.limits import IN_HOURS
from desk.models import DossierExtension

TODAY, NEXT = "today", "next"
"""Narrower than Urgency.SOON: still to be done today, and the three working days after it."""
DUE, CAME, ENDED = "due", "came", "ended"
"""The orders: what is due first, what has no due date last; what was submitted last; or what was settled last."""


@dataclass(frozen=True)
class Part:
    """Rows in the order of `moment`, then key: upwards, or downwards; `until`: the end of its moments, not in it."""

    moment: str
    only: Q
    is_descending: bool = False
    until: dt.datetime | None = None

    @property
    def order(self) -> list[OrderBy]:
        """Return the order."""
        return [OrderBy(F(name), descending=self.is_descending) for name in (self.moment, "pk")]

    def after(self, spot: Spot) -> Part:
        """Return what is left of it after a row."""
        if spot.moment is None:
            return replace(self, only=self.only & Q(pk__gt=spot.pk))
        lookup: Any = TupleLessThan if self.is_descending else TupleGreaterThan
        return replace(self, only=self.only & Q(lookup(Tuple(F(self.moment), F("pk")), (spot.moment, spot.pk))))


NEWEST = Part("submitted_at", Q(), is_descending=True)
SETTLED = Part("settled_at", Q(settled_at__isnull=False), is_descending=True)
DATED = Part("due_at", Q(due_at__isnull=False))
UNDATED = Part("due_at", Q(due_at=None))


def parts(chosen: Filter) -> list[Part]:
    """Return the parts of a list, in their order (one query after a change of the calendar)."""
    if chosen.is_settled:
        return [SETTLED]
    if not chosen.is_queue:
        return [NEWEST]
    if chosen.urgency:
        return urgent(chosen.urgency, chosen.at)
    return [DATED] if chosen.is_about_due else [DATED, UNDATED]


def order_of(chosen: Filter) -> str:
    """Return the name of a list's order."""
    return ENDED if chosen.is_settled else DUE if chosen.is_queue else CAME


def parts_after(chosen: Filter, spot: Spot | None) -> Iterator[Part]:
    """Yield the parts of a list that come after a spot."""
    for part in parts(chosen):
        if spot is None or (part is UNDATED and spot.moment is not None):
            yield part
        elif not is_over(part, spot):
            yield part.after(spot)


def is_over(part: Part, spot: Spot) -> bool:
    """Return whether a part lies whole before a spot."""
    if spot.moment is None:
        return part is not UNDATED
    return part.until is not None and part.until <= spot.moment


def urgent(urgency: str, at: dt.datetime) -> list[Part]:
    """Return the parts of an urgency, or of TODAY or NEXT, as `desk.deadlines.urgency` has it: by the day, limits in
    hours by the minute.

    What is due today stands in a part of its own: for the rest the due date says all, and the index knows it.
    """
    if urgency == Urgency.STANDING:
        return [UNDATED]
    day = at.astimezone(ZONE).date()
    today, soon = midnight(day), midnight(end_of_soon(day) + ONE_DAY)
    by_the_minute = is_by_the_minute()
    if urgency == Urgency.OVERDUE:
        return [due(None, today), due(today, at, by_the_minute)]
    if urgency == Urgency.SOON:
        return [due(today, at, ~by_the_minute), due(at, soon)]
    tomorrow = midnight(day + ONE_DAY)
    if urgency == TODAY:
        return [due(today, at, ~by_the_minute), due(at, tomorrow)]
    if urgency == NEXT:
        return [due(tomorrow, soon)]
    return [due(soon, None)]


def is_by_the_minute() -> Q:
    """Return the condition that a dossier is overdue as soon as its minute has passed: its limit is in hours."""
    is_extended = Exists(DossierExtension.objects.filter(dossier=OuterRef("pk")))
    return Q(limit_unit__in=IN_HOURS, limit_set_on=None) & ~Q(is_extended)


def due(first: dt.datetime | None, until: dt.datetime | None, only: Q | None = None) -> Part:
    """Return the part of what is due from one moment until another, that not in it."""
    found = only or Q()
    if first is not None:
        found &= Q(due_at__gte=first)
    if until is not None:
        found &= Q(due_at__lt=until)
    return Part("due_at", found, until=until)


def end_of_soon(today: dt.date) -> dt.date:
    """Return the last day that is soon: at most three working days are left until then."""
    calendar, day, left = work_calendar(), today, SOON
    while (left := left - calendar.is_working(day + ONE_DAY)) >= 0:
        day += ONE_DAY
    return day
