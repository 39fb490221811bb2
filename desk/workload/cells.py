"""The open work of agencies, counted once by all that the page asks: holder, step, cause and due date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, Count, Min, Q, QuerySet, Value, When

from catalogue.opening import ZONE
from desk.calendar import work_calendar
from desk.causes import cause_of_each
from desk.filters import ONE_DAY, midnight
from desk.models import Dossier
from desk.models.indexes import IS_OPEN
from desk.parts import end_of_soon, is_by_the_minute

LATE_SINCE = (5, 30)
"""Days that part what is overdue: up to the first, up to the second, longer."""
AHEAD = 5
"""Working days that the page looks ahead."""
LATE, LATER_LATE, LONG_LATE = "late", "later_late", "long_late"
TODAY, LATER, NONE = "today", "later", "none"
OVERDUE = (LATE, LATER_LATE, LONG_LATE)


@dataclass(frozen=True)
class Days:
    """The days that part due dates: today, the last that is soon, the working days ahead (today, if it is one)."""

    today: dt.date
    soon: dt.date
    ahead: Sequence[dt.date]

    @property
    def last(self) -> dt.date:
        """Return the last day that is counted by itself."""
        return max(self.soon, self.ahead[-1])

    @property
    def late_from(self) -> tuple[dt.date, dt.date]:
        """Return the first days of what is overdue for a short time, and for longer."""
        first, second = (self.today - n * ONE_DAY for n in LATE_SINCE)
        return first, second


def days_of(at: dt.datetime) -> Days:
    """Return the days as they are at a moment (one query after a change of the calendar)."""
    ahead: list[dt.date] = []
    today, calendar = at.astimezone(ZONE).date(), work_calendar()
    day = today
    while len(ahead) < AHEAD:
        if calendar.is_working(day):
            ahead.append(day)
        day += ONE_DAY
    return Days(today, end_of_soon(today), ahead)


@dataclass(frozen=True)
class Cell:
    """How many dossiers have all of this in common; `bucket` is one of the names above or a day, `oldest` its due date.

    `who` is the person who holds them (None: nobody), or where work is told by agency, the agency's key.
    """

    who: int | None
    step: str
    cause: str
    is_unheld: bool
    bucket: str | dt.date
    count: int
    oldest: dt.datetime | None


Cells = Sequence[Cell]
Chosen = Callable[[Cell], bool]


def cells(agencies: Iterable[int], at: dt.datetime, days: Days, *, by_person: bool) -> Cells:
    """Return the open work that agencies hold, without the copies of what ministries settle (two queries by index).

    By the day; what has a limit in hours and is due today is overdue by the minute: it is counted beside and moved.
    """
    found = Dossier.objects.filter(IS_OPEN, holder_agency__in=sorted(agencies), system="")
    passed = found.filter(is_by_the_minute(), due_at__gte=midnight(days.today), due_at__lt=at)
    moved = [
        part
        for cell in grouped(passed, days, by_person)
        for part in (
            Cell(**{**vars(cell), "bucket": LATE}),
            Cell(**{**vars(cell), "count": -cell.count, "oldest": None}),
        )
    ]
    return [*grouped(found, days, by_person), *moved]


def grouped(found: QuerySet[Dossier], days: Days, by_person: bool) -> Cells:
    """Return dossiers counted by all that they may have in common (one query)."""
    rows: Any = (
        found.annotate(
            cause=cause_of_each(),
            bucket=bucket_of_each(days),
            unheld=Case(When(holder=None, then=Value(1)), default=Value(0), output_field=models.IntegerField()),
        )
        .order_by()
        .values_list("holder_id" if by_person else "holder_agency_id", "step", "cause", "unheld", "bucket")
        .annotate(number=Count("pk"), oldest=Min("due_at"))
    )
    return [
        Cell(who, step, cause, bool(unheld), named(bucket), number, oldest)
        for who, step, cause, unheld, bucket, number, oldest in rows
    ]


def bucket_of_each(days: Days) -> Case:
    """Return the name of the time in which each is due."""
    short, long = days.late_from
    ends: list[tuple[dt.date, str]] = [(long, LONG_LATE), (short, LATER_LATE), (days.today, LATE)]
    ends.append((days.today + ONE_DAY, TODAY))
    day = days.today + ONE_DAY
    while day <= days.last:
        ends.append((day + ONE_DAY, day.isoformat()))
        day += ONE_DAY
    whens = [When(Q(due_at__lt=midnight(end)), then=Value(name)) for end, name in ends]
    undated = When(due_at=None, then=Value(NONE))
    return Case(undated, *whens, default=Value(LATER), output_field=models.CharField())


def named(bucket: str) -> str | dt.date:
    """Return a bucket; days as days."""
    return dt.date.fromisoformat(bucket) if bucket[:1].isdigit() else bucket
