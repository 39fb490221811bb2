"""What holds for every limit, receipt and pause."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from catalogue.models import Term
from catalogue.opening import ZONE
from desk.calendar import SpecialDay, WorkCalendar
from desk.deadlines import Settlement, due, forward_by, reckon, settlement
from desk.interruptions import Interruption
from desk.limits import Limit

DAYS = st.dates(dt.date(2025, 7, 1), dt.date(2028, 12, 31))
TIMES = st.times(max_value=dt.time(23, 59)).map(lambda time: time.replace(second=0, microsecond=0))
MOMENTS = st.builds(lambda day, time: dt.datetime.combine(day, time, ZONE), DAYS, TIMES)
UNITS = st.sampled_from(list(Term.COUNTED))
NUMBERS = st.integers(1, 60)
SATURDAY_MORNING = (
    *([((dt.time(7, 30), dt.time(11, 30)), (dt.time(13), dt.time(17)))] * 5),
    ((dt.time(8), dt.time(11)),),
    (),
)


def special(kind: str) -> SpecialDay:
    return SpecialDay(kind, "Tên", "Name", "Nguồn")


DECIDED = st.dictionaries(DAYS, st.sampled_from([special("day_off"), special("make_up")]), max_size=8)
CALENDARS = st.builds(WorkCalendar, DECIDED, st.sampled_from([WorkCalendar().week, SATURDAY_MORNING]))


@given(MOMENTS, NUMBERS, UNITS, CALENDARS)
def test_never_on_a_day_off_and_never_before_the_start(received, number, unit, calendar):
    found = due(received, Limit(number, unit), calendar)
    assert calendar.is_working(found.on)
    assert found.at > received
    assert found.at >= found.counted_from >= received


@given(MOMENTS, CALENDARS)
def test_a_same_day_result_is_due_that_working_day_or_the_next(received, calendar):
    found = due(received, Limit(None, "same_day"), calendar)
    start = calendar.next_open(received).date()
    assert calendar.is_working(found.on)
    assert found.on in (start, calendar.next_working(start))


@given(MOMENTS, NUMBERS, NUMBERS, UNITS, CALENDARS)
def test_a_longer_limit_is_never_due_earlier(received, one, other, unit, calendar):
    short, long = sorted((one, other))
    assert due(received, Limit(short, unit), calendar).at <= due(received, Limit(long, unit), calendar).at


@given(MOMENTS, MOMENTS, NUMBERS, UNITS, CALENDARS)
def test_who_comes_later_is_never_due_earlier(one, other, number, unit, calendar):
    early, late = sorted((one, other))
    assert due(early, Limit(number, unit), calendar).at <= due(late, Limit(number, unit), calendar).at


@given(MOMENTS, NUMBERS, st.sampled_from(["working_day", "day"]), CALENDARS)
def test_the_days_that_count_are_the_limit(received, number, unit, calendar):
    found = due(received, Limit(number, unit), calendar)
    counted = [day for day in found.days if day.counts]
    assert [day.number for day in counted] == list(range(1, number + 1))
    assert unit == "day" or all(calendar.is_working(day.day) for day in counted)


@given(MOMENTS, NUMBERS, st.sampled_from(["hour", "working_hour"]), CALENDARS)
def test_the_minutes_that_count_are_the_limit(received, number, unit, calendar):
    found = due(received, Limit(number, unit), calendar)
    assert sum(day.minutes for day in found.days) == number * 60


@given(MOMENTS, NUMBERS, UNITS, CALENDARS)
def test_the_explanation_leaves_out_no_day(received, number, unit, calendar):
    found = due(received, Limit(number, unit), calendar)
    days = [day.day for day in found.days]
    first = min(received.date(), days[0])
    assert days == [first + dt.timedelta(n) for n in range((found.on - first).days + 1)]


@given(MOMENTS, st.integers(1, 30), st.integers(0, 29), st.integers(0, 20), CALENDARS)
def test_a_pause_moves_the_end_by_its_working_days(received, number, after, length, calendar):
    limit = Limit(number, "working_day")
    first = due(received, limit, calendar)
    began = calendar.next_open(received)
    for _each in range(min(after, number)):
        began = calendar.opening(calendar.next_working(began.date()))
    ended = began
    for _each in range(length):
        ended = calendar.opening(calendar.next_working(ended.date()))
    stop = Interruption("payment", began, ended)
    paused = reckon(received, limit, calendar, interruptions=[stop])
    assert paused.original == first and paused.current
    assert calendar.working_days(first.on, paused.current.on) == calendar.working_days(began.date(), ended.date())


@given(MOMENTS, NUMBERS, UNITS, st.integers(0, 40 * 24), st.integers(0, 40 * 24), CALENDARS)
def test_no_pause_makes_it_earlier_or_due_before_the_answer(received, number, unit, after, length, calendar):
    limit = Limit(number, unit)
    began = received + dt.timedelta(hours=after)
    ended = began + dt.timedelta(hours=length)
    deadline = reckon(received, limit, calendar, interruptions=[Interruption("suspension", began, ended)])
    assert deadline.current
    assert deadline.current.at >= deadline.original.at
    assert calendar.is_working(deadline.current.on)
    if not deadline.original.has_nothing_left(began):
        assert deadline.current.on >= ended.date()


@given(MOMENTS, NUMBERS, UNITS, MOMENTS, CALENDARS)
def test_a_restart_is_a_receipt_at_the_answer(received, number, unit, answered, calendar):
    limit = Limit(number, unit)
    ended = max(received, answered)
    stop = Interruption("supplement", received, ended, "restart")
    current = reckon(received, limit, calendar, interruptions=[stop]).current
    assert current and current.at == due(ended, limit, calendar).at


@given(MOMENTS, CALENDARS)
def test_passing_on_is_due_on_a_working_day_in_time(received, calendar):
    by = forward_by(received, calendar)
    start = calendar.next_open(received).date()
    assert by >= received and calendar.is_working(by.date())
    assert by.date() in (start, calendar.next_working(start))


@given(MOMENTS, NUMBERS, UNITS, CALENDARS)
def test_what_is_settled_at_the_due_moment_is_never_late(received, number, unit, calendar):
    deadline = reckon(received, Limit(number, unit), calendar)
    assert deadline.current and settlement(deadline, deadline.current.at) == Settlement.ON_TIME
    assert settlement(deadline, deadline.current.at + dt.timedelta(days=1)) == Settlement.LATE
