"""Count a limit in hours: working hours by the centre's spans, hours by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from desk import law
from desk.calendar import ONE_DAY, WorkCalendar, at
from desk.due import CountedDay, Why, off_day
from desk.interruptions import Pause
from desk.limits import Limit, Unit


def count_hours(
    start: dt.datetime, limit: Limit, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> tuple[dt.datetime, list[CountedDay]]:
    """Return the due moment of a limit in hours and the days from its start."""
    assert limit.number is not None
    if limit.unit == Unit.WORKING_HOUR:
        return _working_minutes(start, limit.number * 60, calendar, pauses)
    return _clock_minutes(start, limit.number * 60, calendar, pauses)


def _working_minutes(
    start: dt.datetime, minutes: int, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> tuple[dt.datetime, list[CountedDay]]:
    """Count minutes of working time on working days from a moment (BLDS 2015 Điều 147 khoản 1)."""
    left, day, days = dt.timedelta(minutes=minutes), start.date(), []
    while True:
        spans = [(at(day, opens), at(day, closes)) for opens, closes in calendar.spans(day)]
        if not calendar.is_working(day):
            days.append(off_day(day, calendar))
            day += ONE_DAY
            continue
        given = dt.timedelta()
        for begins, ends in _free([(max(begins, start), ends) for begins, ends in spans], pauses):
            if ends - begins >= left:
                given += left
                days.append(_of_minutes(day, given, calendar, pauses))
                return begins + left, days
            left -= ends - begins
            given += ends - begins
        days.append(_of_minutes(day, given, calendar, pauses))
        day += ONE_DAY


def _clock_minutes(
    start: dt.datetime, minutes: int, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> tuple[dt.datetime, list[CountedDay]]:
    """Count minutes by the clock; a moment on a day off or before work slides to the opening of that working day."""
    left, day, days = dt.timedelta(minutes=minutes), start.date(), []
    due: dt.datetime | None = None
    while due is None:
        given = dt.timedelta()
        for begins, ends in _free([(max(at(day, dt.time()), start), at(day + ONE_DAY, dt.time()))], pauses):
            if ends - begins >= left:
                due, given = begins + left, given + left
                break
            left -= ends - begins
            given += ends - begins
        days.append(_of_minutes(day, given, calendar, pauses))
        day += ONE_DAY
    # A day ends with midnight, which already has the next day's date.
    moved = _landed(min(due, at(days[-1].day, dt.time(23, 59))), calendar, pauses)
    after = [days[-1].day + ONE_DAY * n for n in range(1, (moved.date() - days[-1].day).days + 1)]
    return moved, [*days, *(_after_the_end(each, moved.date(), calendar, pauses) for each in after)]


def _landed(due: dt.datetime, calendar: WorkCalendar, pauses: Sequence[Pause]) -> dt.datetime:
    """Return the first moment from a due one at which the clock runs and the office works or has worked that day."""
    moved = _in_working_day(due, calendar)
    for pause in pauses:
        if due <= pause.began < moved:
            moved = max(moved, _in_working_day(pause.ended, calendar))
    return moved


def _in_working_day(moment: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    day = moment.date()
    if calendar.is_working(day):
        return max(moment, calendar.opening(day))
    return calendar.opening(calendar.next_working(day))


def _after_the_end(day: dt.date, due: dt.date, calendar: WorkCalendar, pauses: Sequence[Pause]) -> CountedDay:
    if not calendar.is_working(day):
        return off_day(day, calendar)
    ground = _ground_touching(day, pauses)
    if ground or day < due:
        return CountedDay(day, Why.STANDS, ground=ground)
    return CountedDay(day, Why.SLID, law.SLIDING, special=calendar.special(day))


def _of_minutes(day: dt.date, given: dt.timedelta, calendar: WorkCalendar, pauses: Sequence[Pause]) -> CountedDay:
    minutes, special = round(given.total_seconds() / 60), calendar.special(day)
    if minutes:
        return CountedDay(day, Why.WORKING, law.FROM_THE_HOUR, minutes=minutes, special=special)
    ground = _ground_touching(day, pauses)
    return CountedDay(day, Why.STANDS, ground=ground) if ground else CountedDay(day, Why.CLOSED, special=special)


def _ground_touching(day: dt.date, pauses: Sequence[Pause]) -> str:
    return next((pause.ground for pause in pauses if pause.touches(day)), "")


def _free(
    spans: list[tuple[dt.datetime, dt.datetime]], pauses: Sequence[Pause]
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return what is left of spans of time without the pauses."""
    for pause in pauses:
        parts = [((begins, min(ends, pause.began)), (max(begins, pause.ended), ends)) for begins, ends in spans]
        spans = [part for pair in parts for part in pair]
        spans = [(begins, ends) for begins, ends in spans if begins < ends]
    return [(begins, ends) for begins, ends in spans if begins < ends]
