"""A due moment, and every day that led to it with the reason why it counts or doesn't."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.opening import ZONE
from desk.calendar import SpecialDay, WorkCalendar, source_of
from desk.limits import IN_HOURS, Limit, SetDate


class Basis(models.TextChoices):
    """What a count begins with."""

    RECEIPT = "receipt", _("Received")
    SUPPLEMENT = "supplement", _("Supplement complete, counted anew")
    EXTENSION = "extension", _("Extended")


class Why(StrEnum):
    """Why a day counts or doesn't; `desk/explaining.py` has the texts."""

    CLOSED = "closed"
    FIRST = "first"
    WORKING = "working"
    MADE_UP = "made_up"
    CALENDAR = "calendar"
    REST = "rest"
    OFF = "off"
    STANDS = "stands"
    SLID = "slid"
    LATE = "late"


@dataclass(frozen=True)
class CountedDay:
    """One day of a count: `number` is its place among those that count, `minutes` what it gives a limit in hours."""

    day: dt.date
    why: Why
    source: str = ""
    number: int | None = None
    minutes: int = 0
    special: SpecialDay | None = None
    ground: str = ""

    @property
    def counts(self) -> bool:
        """Return whether the day, or a part of it, counts towards the limit."""
        return self.number is not None or self.minutes > 0


@dataclass(frozen=True)
class Due:
    """A due moment and how it was found. Moments are aware and local; `days` runs from `began_at` to `at`."""

    limit: Limit | SetDate
    basis: Basis
    began_at: dt.datetime
    counted_from: dt.datetime
    at: dt.datetime
    days: tuple[CountedDay, ...]

    @property
    def on(self) -> dt.date:
        """Return the due date."""
        return self.at.astimezone(ZONE).date()

    def is_past(self, moment: dt.datetime) -> bool:
        """Return whether the time has run out: by the date, for a limit in hours by the minute."""
        return moment > self.at if self._is_in_hours else moment.astimezone(ZONE).date() > self.on

    def has_nothing_left(self, moment: dt.datetime) -> bool:
        """Return whether a stop of the clock comes too late: nothing is left that it could save."""
        return moment >= self.at if self._is_in_hours else self.is_past(moment)

    @property
    def _is_in_hours(self) -> bool:
        return isinstance(self.limit, Limit) and self.limit.unit in IN_HOURS


def off_day(day: dt.date, calendar: WorkCalendar) -> CountedDay:
    """Return a day that doesn't count because nobody works, with its name and law."""
    special = calendar.special(day)
    return CountedDay(day, Why.OFF if special else Why.REST, source_of(special), special=special)
