"""Due dates: what is refused, what is explained, how urgent a dossier is and how it was settled."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from catalogue.models import Term
from catalogue.opening import ZONE
from desk import law
from desk.calendar import EIGHT_HOURS, WorkCalendar
from desk.deadlines import (
    Deadline,
    Extension,
    Settlement,
    Urgency,
    due,
    forward_by,
    reckon,
    settlement,
    urgency,
    working_days_left,
)
from desk.due import Why
from desk.explaining import explain, limit_text
from desk.interruptions import Interruption
from desk.limits import DeadlineError, Limit, NoNumberError, SetDate
from tests.factories import TermFactory

CALENDAR = WorkCalendar()
FIVE_DAYS = Limit(5, "working_day")


def on(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=ZONE)


RECEIVED = on(2)  # A Monday; five working days end on Monday the 9th.


def test_a_limit_is_read_from_the_catalogues_row():
    assert Limit.of(TermFactory.build()) == Limit(3, "working_day", "")
    unknown = Limit.of(TermFactory.build(unknown=True))
    assert unknown == Limit(None, "unknown", "Theo quy định")


@pytest.mark.parametrize("unit", ["unknown", "none"])
def test_a_limit_without_a_number_asks_the_officer_for_the_date_and_quotes_the_text(unit):
    limit = Limit(None, unit, "Theo thông báo của cơ quan")
    with override("en"), pytest.raises(NoNumberError, match=r"set the date and quote the text.*Theo thông báo"):
        due(RECEIVED, limit, CALENDAR)
    with override("vi"), pytest.raises(NoNumberError, match=r"ấn định ngày.*Theo thông báo"):
        reckon(RECEIVED, limit, CALENDAR)


@pytest.mark.parametrize(
    ("number", "unit"), [(None, "day"), (0, "day"), (-1, "month"), (3, "same_day"), (3, "unknown"), (3, "week")]
)
def test_a_limit_whose_number_and_unit_dont_fit_is_refused(number, unit):
    with pytest.raises(DeadlineError):
        Limit(number, unit)


def test_every_unit_of_the_catalogue_is_known():
    for unit in Term.Unit.values:
        limit = Limit(1 if unit in Term.COUNTED else None, unit)
        if unit in (Term.Unit.NONE, Term.Unit.UNKNOWN):
            with pytest.raises(NoNumberError):
                due(RECEIVED, limit, CALENDAR)
            continue
        assert due(RECEIVED, limit, CALENDAR).at > RECEIVED
        assert limit_text(limit)


@pytest.mark.parametrize("text", ["", "  "])
def test_a_set_date_quotes_its_text(text):
    with pytest.raises(DeadlineError):
        SetDate(dt.date(2026, 3, 20), text)


@pytest.mark.parametrize("day", [dt.date(2026, 3, 7), dt.date(2026, 2, 27)])
def test_a_set_date_is_a_working_day_not_before_the_receipt(day):
    with pytest.raises(DeadlineError):
        due(RECEIVED, SetDate(day, "Theo thông báo"), CALENDAR)


def test_a_moment_without_a_zone_is_refused():
    naive = dt.datetime(2026, 3, 2, 9)
    for call in (
        lambda: due(naive, FIVE_DAYS, CALENDAR),
        lambda: forward_by(naive, CALENDAR),
        lambda: Interruption("payment", naive),
        lambda: Extension(naive, dt.date(2026, 3, 20), "Chờ ý kiến"),
    ):
        with pytest.raises(DeadlineError):
            call()


def test_a_moment_of_another_zone_is_the_same_moment():
    assert due(RECEIVED.astimezone(dt.UTC), FIVE_DAYS, CALENDAR).at == due(RECEIVED, FIVE_DAYS, CALENDAR).at


@pytest.mark.parametrize(
    "stop",
    [
        {"ground": "holiday", "began": on(3)},
        {"ground": "payment", "began": on(3), "effect": "restart"},
        {"ground": "suspension", "began": on(3), "effect": "restart"},
        {"ground": "supplement", "began": on(3), "effect": "forget"},
        {"ground": "supplement", "began": on(4), "ended": on(3)},
    ],
)
def test_a_stop_that_makes_no_sense_is_refused(stop):
    with pytest.raises(DeadlineError):
        Interruption(**stop)


@pytest.mark.parametrize(
    "stops",
    [
        [Interruption("payment", on(1), on(3))],
        [Interruption("payment", on(3)), Interruption("payment", on(4))],
        [Interruption("payment", on(3), on(6)), Interruption("payment", on(5), on(9))],
    ],
)
def test_stops_come_in_order_after_the_receipt(stops):
    with pytest.raises(DeadlineError):
        reckon(RECEIVED, FIVE_DAYS, CALENDAR, interruptions=stops)


def extension(day: int = 16, agreed: dt.datetime | None = None) -> Extension:
    return Extension(agreed or on(6), dt.date(2026, 3, day), "Chờ ý kiến cơ quan phối hợp")


def test_the_first_due_date_is_kept_beside_the_present_one():
    deadline = reckon(RECEIVED, FIVE_DAYS, CALENDAR, extensions=[extension()])
    assert (deadline.original.on.day, deadline.current and deadline.current.on.day) == (9, 16)


def test_a_second_extension_is_refused():
    with override("en"), pytest.raises(DeadlineError, match="once only"):
        reckon(RECEIVED, FIVE_DAYS, CALENDAR, extensions=[extension(), extension(20)])


@pytest.mark.parametrize(
    ("given", "stops"),
    [
        (extension(9), []),
        (extension(14), []),
        (extension(16, on(1)), []),
        (extension(16, on(20)), []),
        (extension(16), [Interruption("payment", on(5))]),
        (extension(16), [Interruption("payment", on(5), on(10))]),
    ],
    ids=["not later", "a Saturday", "before the receipt", "a day gone by", "clock stands", "clock stood"],
)
def test_an_extension_that_makes_no_sense_is_refused(given, stops):
    with pytest.raises(DeadlineError):
        reckon(RECEIVED, FIVE_DAYS, CALENDAR, interruptions=stops, extensions=[given])


def test_an_extension_needs_a_reason():
    with pytest.raises(DeadlineError):
        Extension(on(6), dt.date(2026, 3, 16), " ")


def test_a_supplement_that_came_too_late_still_starts_the_limit_anew():
    stop = Interruption("supplement", on(12), on(16), "restart")
    current = reckon(RECEIVED, FIVE_DAYS, CALENDAR, interruptions=[stop]).current
    assert current and current.on == dt.date(2026, 3, 23)


def test_two_pauses_that_touch_are_one():
    whole = [Interruption("payment", on(3), on(6))]
    parts = [Interruption("payment", on(3), on(4)), Interruption("suspension", on(4), on(6))]
    ends = [reckon(RECEIVED, FIVE_DAYS, CALENDAR, interruptions=stops).current for stops in (whole, parts)]
    assert ends[0] and ends[1] and ends[0].at == ends[1].at


def test_a_pause_on_the_very_day_of_receipt_loses_nothing():
    stops = [Interruption("payment", on(2, 10), on(4))]
    current = reckon(RECEIVED, FIVE_DAYS, CALENDAR, interruptions=stops).current
    assert current and current.on == dt.date(2026, 3, 11)


def test_a_pause_while_the_last_day_slides_holds():
    stops = [Interruption("payment", on(9, 8), on(11))]
    current = reckon(RECEIVED, Limit(6, "day"), CALENDAR, interruptions=stops).current
    assert current and current.on == dt.date(2026, 3, 11)


def test_a_set_date_starts_anew_with_as_many_working_days():
    stop = Interruption("supplement", on(4), on(9), "restart")
    limit = SetDate(dt.date(2026, 3, 6), "Theo thông báo")
    current = reckon(RECEIVED, limit, CALENDAR, interruptions=[stop]).current
    assert current and current.on == dt.date(2026, 3, 13)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (on(2, 9), on(2, 17)),
        (on(2, 15, 0), on(2, 17)),
        (on(2, 15, 1), on(3, 7)),
        (on(2, 18), on(3, 7)),
        (on(6, 16), on(9, 7)),
        (on(7, 9), on(9, 7)),
        (on(2, 5), on(2, 17)),
    ],
)
def test_what_came_after_15_is_passed_on_the_next_working_morning(received, expected):
    assert forward_by(received, CALENDAR) == expected


def test_on_an_open_saturday_it_is_received_and_passed_on_on_monday():
    calendar = WorkCalendar(week=(*([EIGHT_HOURS] * 5), EIGHT_HOURS, ()))
    assert forward_by(on(7), calendar) == on(9, 7)
    assert forward_by(on(7, 18), calendar) == on(9, 7)
    assert due(on(7), Limit(None, "same_day"), calendar).at == on(9, 17)
    assert due(on(7), Limit(1, "working_day"), calendar).at == on(9, 17)
    assert due(on(7), Limit(2, "working_hour"), calendar).at == on(9, 9)


def test_a_clock_limit_that_ends_at_midnight_ends_that_day():
    stops = [Interruption("payment", on(5, 8), on(5, 22))]
    current = reckon(on(4, 8), Limit(41, "hour"), CALENDAR, interruptions=stops).current
    assert current and current.on == dt.date(2026, 3, 6)


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        (Interruption("payment", on(7, 12), on(10, 10)), on(10, 10)),
        (Interruption("payment", on(7, 12), on(14, 10)), on(16, 7)),
        (Interruption("payment", on(9, 7), on(10, 10)), on(9, 7)),
    ],
    ids=["while it slides", "answered on a Saturday", "too late"],
)
def test_a_pause_while_a_clock_limit_slides(stop, expected):
    current = reckon(on(6, 10), Limit(24, "hour"), CALENDAR, interruptions=[stop]).current
    assert current and current.at == expected
    days = [day.day for day in current.days]
    assert days == [dt.date(2026, 3, 6) + dt.timedelta(n) for n in range(len(days))] and days[-1] == current.on


def test_due_dates_explain_themselves_day_by_day():
    found = due(on(12, month=2), Limit(2, "working_day"), CALENDAR)
    assert [(day.day.day, day.why) for day in found.days] == [
        (12, Why.FIRST),
        (13, Why.WORKING),
        *[(day, Why.REST) for day in (14, 15)],
        *[(day, Why.OFF) for day in range(16, 21)],
        *[(day, Why.REST) for day in (21, 22)],
        (23, Why.WORKING),
    ]
    assert all(day.source for day in found.days if not day.counts)


def test_the_explanation_is_told_in_vietnamese_and_english():
    found = due(on(16, 18, month=2), Limit(1, "day"), CALENDAR)
    with override("en"):
        english = explain(found)
    with override("vi"):
        vietnamese = explain(found)
    assert english[0] == "Received: 18:00 Monday 16/02/2026. Time limit: 1 day."
    assert f"Monday 16/02/2026: not counted: Lunar New Year's Eve ({law.HOLIDAYS})" in english
    assert english[-1] == "Due: 17:00 Tuesday 24/02/2026."
    assert f"Thứ Hai 16/02/2026: không tính: Giao thừa Tết Nguyên Đán ({law.HOLIDAYS})" in vietnamese
    assert len(vietnamese) == len(english)
    assert not set(vietnamese) & set(english)


def test_a_limit_in_hours_tells_what_each_day_gave():
    found = due(on(6, 15), Limit(4, "working_hour"), CALENDAR)
    with override("en"):
        told = explain(found)
    assert told[1].startswith("Friday 06/03/2026: 2 h 0 min counted")
    assert told[-1] == "Due: 09:00 Monday 09/03/2026."


def test_every_reason_has_words_in_both_languages():
    stops = [Interruption("supplement", on(19, month=8), on(21, 20, month=8))]
    kinds = [
        (on(18, 18, month=8), Limit(3, "working_day")),
        (on(18, month=8), Limit(20, "day")),
        (on(18, 16, month=8), Limit(None, "same_day")),
        (on(18, 16, month=8), Limit(9, "working_hour")),
        (on(18, month=8), SetDate(dt.date(2026, 8, 28), "Theo thông báo")),
    ]
    told = set()
    for received, limit in kinds:
        deadline = reckon(received, limit, CALENDAR, interruptions=stops)
        assert deadline.current
        told |= {day.why for day in (*deadline.current.days, *deadline.original.days)}
        for language in ("vi", "en", "ko"):
            with override(language):
                assert all("%(" not in line and "None" not in line for line in explain(deadline.current))
    assert told >= {Why.CLOSED, Why.FIRST, Why.WORKING, Why.MADE_UP, Why.CALENDAR, Why.REST, Why.STANDS, Why.LATE}


@pytest.mark.parametrize(
    ("now", "left", "expected"),
    [
        (on(2), 5, Urgency.ON_TIME),
        (on(3), 4, Urgency.ON_TIME),
        (on(4), 3, Urgency.SOON),
        (on(6), 1, Urgency.SOON),
        (on(8), 1, Urgency.SOON),
        (on(9, 23), 0, Urgency.SOON),
        (on(10, 0), 0, Urgency.OVERDUE),
    ],
)
def test_urgency_goes_by_working_days(now, left, expected):
    deadline = reckon(RECEIVED, FIVE_DAYS, CALENDAR)
    assert deadline.current
    assert working_days_left(deadline.current, now, CALENDAR) == left
    assert urgency(deadline, now, CALENDAR) == expected


def test_a_standing_clock_is_neither_soon_nor_overdue_nor_late():
    stops = [Interruption("supplement", on(4), None, "restart")]
    deadline = reckon(RECEIVED, FIVE_DAYS, CALENDAR, interruptions=stops)
    assert deadline.current is None and deadline.standing == stops[0]
    assert urgency(deadline, on(30), CALENDAR) == Urgency.STANDING
    assert settlement(deadline, on(30)) == Settlement.ON_TIME


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        (on(6), Settlement.EARLY),
        (on(9, 8), Settlement.ON_TIME),
        (on(9, 20), Settlement.ON_TIME),
        (on(10), Settlement.LATE),
    ],
)
def test_settlement_is_compared_by_date(finished, expected):
    assert settlement(reckon(RECEIVED, FIVE_DAYS, CALENDAR), finished) == expected


def test_limits_in_hours_are_late_by_the_minute():
    deadline = reckon(RECEIVED, Limit(2, "working_hour"), CALENDAR)
    assert settlement(deadline, on(2, 11)) == Settlement.ON_TIME
    assert settlement(deadline, on(2, 11, 1)) == Settlement.LATE
    assert urgency(deadline, on(2, 11, 1), CALENDAR) == Urgency.OVERDUE


def test_an_overdue_dossier_stays_overdue_whatever_is_asked_for_later():
    stops = [Interruption("payment", on(12))]
    deadline = reckon(RECEIVED, FIVE_DAYS, CALENDAR, interruptions=stops)
    assert isinstance(deadline, Deadline) and deadline.current
    assert urgency(deadline, on(12), CALENDAR) == Urgency.OVERDUE


def test_a_limit_beyond_the_calendar_is_refused():
    with pytest.raises(ValueError, match="2099"):
        due(RECEIVED, Limit(2000, "month"), CALENDAR)
