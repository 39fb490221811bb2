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


@dataclass(frozen=True)
class Day:
    """The spans of opening on one day, and why there are none."""

    date: dt.date
    spans: tuple[tuple[dt.time, dt.time], ...]
    reason: str = ""


@cache
def _public_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("VN", years=year, language="vi")


def public_holiday(day: dt.date) -> str:
    """Return the name of the public holiday on a day (Bộ luật Lao động 2019 Điều 112), empty on others."""
    return str(_public_holidays(day.year).get(day, ""))


def hours_on(day: dt.date, hours: Iterable[OpeningHours], closures: Iterable[Closure]) -> Day:
    """Return the spans of one day: closures and public holidays close it, «open all the same» reopens it."""
    named = [closure for closure in closures if closure.starts_on <= day <= closure.ends_on]
    spans = tuple(sorted((row.opens, row.closes) for row in hours if row.weekday == day.weekday()))
    if any(closure.is_open for closure in named):
        return Day(day, spans)
    if named:
        return Day(day, (), named[0].reason)
    holiday = public_holiday(day)
    return Day(day, (), holiday) if holiday and spans else Day(day, spans)


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
