"""Whether a centre is open at a time, and when that changes next. All times are local."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from catalogue.models import Closure, OpeningHours

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


Span = tuple[dt.time, dt.time]


@dataclass(frozen=True)
class Day:
    """The spans of opening on one day, why there are none, and which closures shut it or a part of it."""

    date: dt.date
    spans: tuple[Span, ...]
    reason: str = ""
    closures: tuple[Closure, ...] = ()


@cache
def _public_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("VN", years=year, language="vi")


def public_holiday(day: dt.date) -> str:
    """Return the name of the public holiday on a day (Bộ luật Lao động 2019 Điều 112), empty on others."""
    return str(_public_holidays(day.year).get(day, ""))


def hours_on(day: dt.date, hours: Iterable[OpeningHours], closures: Iterable[Closure]) -> Day:
    """Return the spans of one day: closures and public holidays close it, «open all the same» reopens it.

    A closure with times shuts or opens for that part of the day only. Of a point the closures are its own and its
    centre's (`closing.at_point`): its own «open» is stronger than any closure, the centre's than the centre's only.
    """
    named = [closure for closure in closures if closure.starts_on <= day <= closure.ends_on]
    opening, shut = _stronger(named)
    spans = tuple(sorted((row.opens, row.closes) for row in hours if row.weekday == day.weekday()))
    if opening:
        timed = sorted(span for closure in opening if (span := part_of_day(closure)))
        return _without(day, tuple(timed) or spans, shut)
    if any(part_of_day(closure) is None for closure in shut):
        return _without(day, spans, shut)
    holiday = public_holiday(day)
    return Day(day, (), holiday) if holiday and spans else _without(day, spans, shut)


def part_of_day(closure: Closure) -> Span | None:
    """Return the part of the day that a closure is about, None for whole days."""
    if closure.from_time is None or closure.until_time is None:
        return None
    return closure.from_time, closure.until_time


def _stronger(named: list[Closure]) -> tuple[list[Closure], list[Closure]]:
    """Return what opens on a day and what shuts then, the point's own before its centre's."""
    own = [closure for closure in named if closure.point_id is not None]
    centres = [closure for closure in named if closure.point_id is None]
    opens = [closure for closure in own if closure.is_open]
    if opens:
        return opens, []
    shut = [closure for closure in own if not closure.is_open]
    opens = [closure for closure in centres if closure.is_open]
    if opens:
        return opens, shut
    return [], shut + [closure for closure in centres if not closure.is_open]


def _without(day: dt.date, spans: tuple[Span, ...], shut: list[Closure]) -> Day:
    """Return a day without what is shut of it."""
    whole = [closure for closure in shut if part_of_day(closure) is None]
    if whole:
        return Day(day, (), whole[0].reason, (whole[0],))
    left = list(spans)
    cutting = []
    for closure in shut:
        span = part_of_day(closure)
        assert span is not None
        if any(opens < span[1] and span[0] < closes for opens, closes in spans):
            cutting.append(closure)
        left = [
            piece for opens, closes in left for piece in ((opens, min(closes, span[0])), (max(opens, span[1]), closes))
        ]
        left = [(opens, closes) for opens, closes in left if opens < closes]
    reason = cutting[0].reason if cutting and not left else ""
    return Day(day, tuple(left), reason, tuple(cutting))


def is_open(now: dt.datetime, hours: Iterable[OpeningHours], closures: Iterable[Closure]) -> bool:
    """Return whether the doors are open at an aware time."""
    local = now.astimezone(ZONE)
    return any(opens <= local.time() < closes for opens, closes in hours_on(local.date(), hours, closures).spans)


def next_change(now: dt.datetime, hours: list[OpeningHours], closures: list[Closure]) -> dt.datetime | None:
    """Return the next opening or closing within two weeks, None where there is none."""
    local = now.astimezone(ZONE)
    for ahead in range(15):
        day = local.date() + dt.timedelta(days=ahead)
        for span in hours_on(day, hours, closures).spans:
            for moment in span:
                at = dt.datetime.combine(day, moment, ZONE)
                if at > local:
                    return at
    return None
