"""Count a limit: in days here, in hours in `desk/counting_hours.py`."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence

from django.utils.translation import gettext

from catalogue.opening import ZONE
from desk import law
from desk.calendar import ONE_DAY, WorkCalendar
from desk.counting_hours import count_hours
from desk.due import Basis, CountedDay, Due, Why, off_day
from desk.interruptions import Pause, Stand
from desk.limits import IN_HOURS, DeadlineError, Limit, SetDate, Unit
from desk.models import CalendarDay

LATE_HOUR = dt.time(15)
"""«Sau 15 giờ»: a minute after this is late, 15:00 itself isn't."""


def count(
    began_at: dt.datetime,
    limit: Limit | SetDate,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    basis: Basis = Basis.RECEIPT,
) -> Due:
    """Count a limit from a moment; pauses are in order, and none begins before it.

    Raises NoNumberError, DeadlineError for a set date that is off or too early, CalendarError beyond the calendar.
    """
    start = calendar.next_open(began_at)
    before = _before(began_at, start, calendar)
    if isinstance(limit, Limit) and limit.unit in IN_HOURS:
        due, days = count_hours(start, limit, calendar, pauses)
        return Due(limit, basis, began_at, start, due, (*before, *days))
    if isinstance(limit, Limit) and limit.unit == Unit.SAME_DAY:
        days = _same_day(began_at, start, calendar, pauses)
    else:
        days = _days(start.date(), limit, calendar, Stand(pauses, start.date()))
    return Due(limit, basis, began_at, start, calendar.closing(days[-1].day), (*before, *days))


def _days(first: dt.date, limit: Limit | SetDate, calendar: WorkCalendar, stand: Stand) -> list[CountedDay]:
    """Count working days, days or months; a date that was set counts as its working days."""
    if isinstance(limit, SetDate):
        if limit.on < first or not calendar.is_working(limit.on):
            raise DeadlineError(gettext("Choose a working day that isn't before the receipt."))
        return _walk(first, calendar.working_days(first, limit.on), calendar, stand, by_calendar=False)
    limit.require_number()
    assert limit.number is not None
    if limit.unit == Unit.WORKING_DAY:
        return _walk(first, limit.number, calendar, stand, by_calendar=False)
    if limit.unit == Unit.DAY:
        return _walk(first, limit.number, calendar, stand, by_calendar=True)
    total = (add_months(first, limit.number) - first).days
    return _walk(first, total, calendar, stand, by_calendar=True, law_of_last=law.MONTHS)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the day of the same number so many months on, or that month's last (BLDS 2015 Điều 148 khoản 4)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_late_in_the_day(moment: dt.datetime) -> bool:
    """Return whether a moment is after 15:00, by the minute that slips print."""
    return moment.astimezone(ZONE).time().replace(second=0, microsecond=0) > LATE_HOUR


def _before(began_at: dt.datetime, start: dt.datetime, calendar: WorkCalendar) -> list[CountedDay]:
    """List the days between a receipt while the doors are shut and the opening from which it counts."""
    first = began_at.astimezone(ZONE).date()
    between = [first + ONE_DAY * n for n in range((start.date() - first).days)]
    return [CountedDay(day, Why.CLOSED) if calendar.is_working(day) else off_day(day, calendar) for day in between]


def _walk(
    first: dt.date,
    total: int,
    calendar: WorkCalendar,
    stand: Stand,
    *,
    by_calendar: bool,
    law_of_last: str = law.LAST_DAY,
) -> list[CountedDay]:
    """Count `total` days after the first, then slide off days on which nobody works."""
    days = [CountedDay(first, Why.FIRST, law.FIRST_DAY, special=calendar.special(first))]
    day, number = first, 0
    while number < total:
        day += ONE_DAY
        ground = stand.ground_on(day)
        if ground:
            days.append(CountedDay(day, Why.STANDS, ground=ground))
        elif by_calendar or calendar.is_working(day):
            number += 1
            source = law_of_last if number == total else ""
            days.append(_counted(day, number, calendar, by_calendar, source))
        else:
            days.append(off_day(day, calendar))
    return _slid(days, calendar, stand)


def _slid(days: list[CountedDay], calendar: WorkCalendar, stand: Stand) -> list[CountedDay]:
    """Add days until the last is one on which somebody works (BLDS 2015 Điều 148 khoản 5)."""
    day = days[-1].day
    if calendar.is_working(day):
        return days
    while True:
        day += ONE_DAY
        ground = stand.ground_on(day)
        if not calendar.is_working(day):
            days.append(off_day(day, calendar))
        elif ground:
            days.append(CountedDay(day, Why.STANDS, ground=ground))
        else:
            return [*days, CountedDay(day, Why.SLID, law.SLIDING, special=calendar.special(day))]


def _counted(day: dt.date, number: int, calendar: WorkCalendar, by_calendar: bool, source: str) -> CountedDay:
    special = calendar.special(day)
    if by_calendar:
        return CountedDay(day, Why.CALENDAR, source, number, special=special)
    if special and special.kind == CalendarDay.Kind.MAKE_UP:
        return CountedDay(day, Why.MADE_UP, special.source, number, special=special)
    return CountedDay(day, Why.WORKING, source, number, special=special)


def _same_day(
    began_at: dt.datetime, start: dt.datetime, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> list[CountedDay]:
    """List the days to that of the request, or to the next working day where it came after 15:00.

    A pause that begins in time gives the rule anew: the answer takes the request's place.
    """
    day = _day_of_result(began_at, start, calendar)
    for pause in pauses:
        if pause.began.astimezone(ZONE).date() > day:
            break
        day = _day_of_result(pause.ended, pause.ended, calendar)
    between = [start.date() + ONE_DAY * n for n in range((day - start.date()).days)]
    days = [_waiting(each, calendar, pauses) for each in between]
    return [*days, CountedDay(day, Why.WORKING, law.SAME_DAY, 1, special=calendar.special(day))]


def _day_of_result(began_at: dt.datetime, start: dt.datetime, calendar: WorkCalendar) -> dt.date:
    """Return the day of a same-day result (as Nghị định 23/2015/NĐ-CP Điều 7 says it of certification)."""
    day = start.astimezone(ZONE).date()
    is_late = began_at.astimezone(ZONE).date() == day and is_late_in_the_day(began_at)
    return calendar.next_working(day) if is_late or not calendar.is_working(day) else day


def _waiting(day: dt.date, calendar: WorkCalendar, pauses: Sequence[Pause]) -> CountedDay:
    if not calendar.is_working(day):
        return off_day(day, calendar)
    standing = (pause for pause in pauses if pause.began.astimezone(ZONE).date() <= day < pause.ended.date())
    pause = next(standing, None)
    return CountedDay(day, Why.STANDS, ground=pause.ground) if pause else CountedDay(day, Why.LATE, law.SAME_DAY)
