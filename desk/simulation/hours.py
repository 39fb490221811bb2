"""Moments of work as whole seconds, so that millions can be made: when people come, and when officers act."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from random import Random

from catalogue.opening import ZONE
from desk.calendar import ONE_DAY, WorkCalendar, at

DAY = 86_400
EPOCH = dt.date(1970, 1, 1).toordinal()
OFFSET = int(dt.datetime(2026, 1, 1, tzinfo=ZONE).utcoffset().total_seconds())  # type: ignore[union-attr]
"""Seconds by which local time is ahead: the same all year."""
MORNING, MONDAY_MORNING = 0.62, 0.74
"""Part of a day's people who come in the morning."""
WEEKDAYS = (1.45, 1.05, 0.95, 0.95, 0.9, 0.12, 0.08)
"""How many come on a weekday, Monday first; on days off only online."""
BEFORE_TET, AFTER_TET = 1.6, 0.5
TET = {2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13)}
"""The first day of the lunar year."""


def local_day(second: int) -> int:
    """Return the local day of a moment, counted from 1970."""
    return (second + OFFSET) // DAY


def date_of(day: int) -> dt.date:
    """Return the date of a counted day."""
    return dt.date.fromordinal(day + EPOCH)


def moment_of(second: int) -> dt.datetime:
    """Return an aware local moment."""
    return dt.datetime.fromtimestamp(second, ZONE)


class Hours:
    """The days and spans on which a centre's officers work, from a day until another, by its calendar."""

    def __init__(self, calendar: WorkCalendar, first: dt.date, last: dt.date) -> None:
        self.calendar = calendar
        self.days: list[int] = []
        self.spans: dict[int, list[tuple[int, int]]] = {}
        date = first
        while date <= last:
            spans = calendar.spans(date) if calendar.is_working(date) else ()
            if spans:
                day = date.toordinal() - EPOCH
                self.days.append(day)
                self.spans[day] = [
                    (int(at(date, opens).timestamp()), int(at(date, closes).timestamp())) for opens, closes in spans
                ]
            date += ONE_DAY

    def arrival(self, day: int, rng: Random) -> int:
        """Return when somebody comes to the counter on a working day: mostly in the morning."""
        spans = self.spans[day]
        early = MONDAY_MORNING if date_of(day).weekday() == 0 else MORNING
        opens, closes = spans[0] if len(spans) == 1 or rng.random() < early else spans[-1]
        return opens + int((closes - opens - 60) * rng.random() ** 1.4)

    def after(self, second: int, seconds: int) -> int:
        """Return the moment so long after another, moved on into the next span of work."""
        wanted = second + seconds
        day = local_day(wanted)
        for opens, closes in self.spans.get(day, ()):
            if wanted < opens:
                return opens + seconds % 1_800
            if wanted < closes:
                return wanted
        return self.spans[self.next(day)][0][0] + seconds % 1_800

    def next(self, day: int) -> int:
        """Return the first day of work after a day."""
        return self.days[bisect_right(self.days, day)]

    def days_after(self, day: int, number: int) -> int:
        """Return the day of work so many after a day; with 0 the day itself, or the next one of work."""
        return self.days[bisect_left(self.days, day) + number]

    def days_before(self, day: int, number: int) -> int:
        """Return the day of work so many before a day."""
        return self.days[max(0, bisect_left(self.days, day) - number)]

    def some_time(self, day: int, rng: Random) -> int:
        """Return some moment of work on a day of work."""
        opens, closes = rng.choice(self.spans[day])
        return opens + int((closes - opens - 60) * rng.random())

    def closing(self, day: int) -> int:
        """Return when work ends on a day of work."""
        return self.spans[day][-1][1]


def rush(date: dt.date) -> float:
    """Return how many people come on a day beside others: by weekday, and around Tết."""
    weight = WEEKDAYS[date.weekday()]
    if date.year in TET:
        left = (dt.date(date.year, *TET[date.year]) - date).days
        if 4 <= left <= 24:
            weight *= BEFORE_TET
        elif -20 <= left < 0:
            weight *= AFTER_TET
    return weight


def spread(number: int, days: list[int], hours: Hours) -> list[int]:
    """Return how many of a number of dossiers come on each of some days, by their weight, exactly all of them."""
    weights = [rush(date_of(day)) if day in hours.spans else 0.1 for day in days]
    total, share, given, numbers = sum(weights), 0.0, 0, []
    for weight in weights:
        share += weight
        upto = round(number * share / total)
        numbers.append(upto - given)
        given = upto
    return numbers
