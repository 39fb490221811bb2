"""The public holidays as the `holidays` library reckons them: what holds until somebody enters a decision."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import holidays
from django.utils.translation import gettext as _

from desk import law

FIRST_YEAR, LAST_YEAR = 2021, 2099
"""From the Labour Code of 2019 (in force 1/1/2021) to the last year of the library's lunar calendar."""
SATURDAY = 5
_SWAPPED = "Ngày nghỉ (thay cho"
_CULTURE_DAY = "Ngày Văn hóa Việt Nam"


class CalendarError(ValueError):
    """A day of which nothing is known, or a week without working hours."""


@dataclass(frozen=True)
class PublicDay:
    """A day off (`is_off`), or a Saturday worked for one, with its names and its legal source."""

    is_off: bool
    name_vi: str
    name_en: str
    source: str


def public_day(day: dt.date) -> PublicDay | None:
    """Return what the library knows of a day, None where it is like any other of its weekday.

    Raises CalendarError outside FIRST_YEAR to LAST_YEAR. Source: Bộ luật Lao động 2019 Điều 111–112.
    """
    return public_days(day.year).get(day)


@cache
def public_days(year: int) -> Mapping[dt.date, PublicDay]:
    """Return the days off and make-up Saturdays of a year by date."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = _("Working days are known from %(first)d to %(last)d only, not for %(year)d.")
        raise CalendarError(message % {"first": FIRST_YEAR, "last": LAST_YEAR, "year": year})
    vietnamese = holidays.country_holidays("VN", years=year, language="vi")
    english = holidays.country_holidays("VN", years=year, language="en_US")
    prescribed = holidays.country_holidays("VN", years=year, language="vi", observed=False)
    found = {
        day: PublicDay(False, "Ngày làm việc bù", "Make-up working day", law.SWAP)
        for day in vietnamese.weekend_workdays
        if day.year == year  # It lists those of other years too.
    }
    for day, name in vietnamese.items():
        # The library's English puts the month before the day.
        name_en = re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\2/\1/\3", english[day])
        found[day] = PublicDay(True, name, name_en, _source(name, is_prescribed=day in prescribed))
    return MappingProxyType(found)


def _source(name: str, *, is_prescribed: bool) -> str:
    if name.startswith(_SWAPPED):
        return law.SWAP
    if name == _CULTURE_DAY:
        return law.CULTURE_DAY
    return law.HOLIDAYS if is_prescribed else law.REST_IN_LIEU


def is_usual_working_day(day: dt.date) -> bool:
    """Return whether a day is worked where no decision says otherwise (Quyết định 188/1999/QĐ-TTg)."""
    known = public_day(day)
    return not known.is_off if known else day.weekday() < SATURDAY
