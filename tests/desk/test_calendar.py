"""The working calendar: holidays, decisions over them, a centre's hours, and how it is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from catalogue.models import OpeningHours, ServicePoint
from desk import law
from desk.calendar import EIGHT_HOURS, SpecialDay, WorkCalendar, at, read_calendar, week_of, work_calendar
from desk.models import CalendarDay
from desk.public_days import CalendarError, public_day
from tests.desk.factories import CalendarDayFactory
from tests.factories import CentreFactory

FRIDAY, SATURDAY, SUNDAY, MONDAY = (dt.date(2026, 3, day) for day in (6, 7, 8, 9))
LIEU = dt.date(2026, 4, 27)
NATIONAL_DAY = dt.date(2026, 9, 2)
MAKE_UP = dt.date(2026, 8, 22)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (FRIDAY, True),
        (SATURDAY, False),
        (SUNDAY, False),
        (NATIONAL_DAY, False),
        (LIEU, False),
        (MAKE_UP, True),
        (dt.date(2026, 8, 31), False),
        (dt.date(2025, 11, 24), True),
        (dt.date(2026, 11, 24), False),
    ],
)
def test_working_days_without_any_row(day, is_working):
    assert WorkCalendar().is_working(day) is is_working


@pytest.mark.parametrize(
    ("day", "source"),
    [
        (NATIONAL_DAY, law.HOLIDAYS),
        (LIEU, law.REST_IN_LIEU),
        (dt.date(2026, 8, 31), law.SWAP),
        (MAKE_UP, law.SWAP),
        (dt.date(2026, 11, 24), law.CULTURE_DAY),
    ],
)
def test_each_public_day_has_two_names_and_its_law(day, source):
    known = public_day(day)
    assert known and known.source == source
    assert known.name_vi and known.name_en and known.name_vi != known.name_en


def test_dates_in_names_are_written_day_first_in_both_languages():
    known = public_day(dt.date(2026, 8, 31))
    assert known and "22/08/2026" in known.name_vi and "22/08/2026" in known.name_en


@pytest.mark.parametrize("year", [2020, 2100])
def test_a_year_that_nobody_knows_is_an_error(year):
    with override("en"), pytest.raises(CalendarError, match="from 2021 to 2099"):
        WorkCalendar().is_working(dt.date(year, 6, 1))


def special(kind: str, **values: object) -> SpecialDay:
    return SpecialDay(kind, "Tên", "Name", "Nguồn", **values)  # type: ignore[arg-type]


def test_a_decision_stands_over_the_holidays():
    calendar = WorkCalendar(
        {NATIONAL_DAY: special("make_up"), FRIDAY: special("day_off"), SATURDAY: special("make_up")}
    )
    assert calendar.is_working(NATIONAL_DAY)
    assert not calendar.is_working(FRIDAY)
    assert calendar.is_working(SATURDAY)
    assert calendar.spans(FRIDAY) == ()
    assert calendar.next_working(dt.date(2026, 3, 5)) == SATURDAY


def test_a_make_up_day_has_the_hours_of_the_day_it_is_worked_for():
    morning, whole = ((dt.time(8), dt.time(12)),), ((dt.time(7), dt.time(17)),)
    week = (whole, whole, whole, whole, morning, (), ())
    calendar = WorkCalendar({SATURDAY: special("make_up"), SUNDAY: special("make_up", instead_of=MONDAY)}, week)
    assert calendar.spans(SATURDAY) == morning
    assert calendar.spans(SUNDAY) == whole


def test_shorter_hours_cut_the_centres_own():
    calendar = WorkCalendar({FRIDAY: special("hours", opens=dt.time(8), closes=dt.time(14))})
    assert calendar.spans(FRIDAY) == ((dt.time(8), dt.time(11, 30)), (dt.time(13, 30), dt.time(14)))
    assert calendar.closing(FRIDAY) == at(FRIDAY, dt.time(14))


def test_the_next_opening():
    calendar = WorkCalendar()
    assert calendar.next_open(at(FRIDAY, dt.time(9))) == at(FRIDAY, dt.time(9))
    assert calendar.next_open(at(FRIDAY, dt.time(12))) == at(FRIDAY, dt.time(13, 30))
    assert calendar.next_open(at(FRIDAY, dt.time(17))) == at(MONDAY, dt.time(7))
    assert calendar.next_open(dt.datetime(2026, 3, 6, 2, tzinfo=dt.UTC)) == at(FRIDAY, dt.time(9))


def test_an_open_saturday_receives_but_is_no_working_day():
    week = (*([EIGHT_HOURS] * 5), ((dt.time(7, 30), dt.time(11, 30)),), ())
    calendar = WorkCalendar(week=week)
    assert calendar.next_open(at(SATURDAY, dt.time(8))) == at(SATURDAY, dt.time(8))
    assert not calendar.is_working(SATURDAY)


def test_hours_are_joined_and_missing_ones_are_the_usual():
    rows = [(0, dt.time(10), dt.time(12)), (0, dt.time(7), dt.time(11)), (0, dt.time(9), dt.time(9))]
    assert week_of(rows)[0] == ((dt.time(7), dt.time(12)),)
    assert week_of([])[:5] == (EIGHT_HOURS,) * 5
    only_saturday = week_of([(5, dt.time(8), dt.time(11))])
    assert only_saturday[0] == EIGHT_HOURS and only_saturday[5] == ((dt.time(8), dt.time(11)),)


@pytest.mark.parametrize("week", [(), ((),) * 7, (*[()] * 5, EIGHT_HOURS, EIGHT_HOURS)])
def test_a_week_without_work_is_an_error(week):
    with pytest.raises(CalendarError):
        WorkCalendar(week=week)


@pytest.mark.django_db
def test_the_calendar_of_a_centre_takes_two_queries_and_then_none(django_assert_num_queries):
    centre = CentreFactory()
    OpeningHours.objects.create(centre=centre, weekday=0, opens=dt.time(8), closes=dt.time(16))
    CalendarDayFactory(day=FRIDAY)
    with django_assert_num_queries(2):
        calendar = read_calendar(centre)
    assert calendar.spans(MONDAY) == ((dt.time(8), dt.time(16)),)
    assert not calendar.is_working(FRIDAY)
    work_calendar(centre)
    with django_assert_num_queries(0):
        assert work_calendar(centre) == calendar
    with django_assert_num_queries(1):
        assert work_calendar().spans(MONDAY) == EIGHT_HOURS


@pytest.mark.django_db
def test_a_point_of_a_centre_doesnt_change_the_centres_hours():
    centre = CentreFactory()
    point = ServicePoint.objects.create(centre=centre, kind="help", name_vi="Điểm hỗ trợ")
    OpeningHours.objects.create(centre=centre, point=point, weekday=0, opens=dt.time(8), closes=dt.time(9))
    assert read_calendar(centre).spans(MONDAY) == EIGHT_HOURS


@pytest.mark.django_db
def test_a_change_is_seen_after_the_commit(committing):
    assert work_calendar().is_working(FRIDAY)
    with committing():
        row = CalendarDayFactory(day=FRIDAY)
    assert not work_calendar().is_working(FRIDAY)
    with committing():
        row.delete()
    assert work_calendar().is_working(FRIDAY)


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"day": SATURDAY}, "day", "off already"),
        ({"day": FRIDAY, "kind": "make_up"}, "day", "working day already"),
        ({"day": dt.date(2120, 1, 1)}, "day", "between 2021 and 2099"),
        ({"kind": "hours"}, "opens", "from when to when"),
        (
            {"day": NATIONAL_DAY, "kind": "hours", "opens": dt.time(7), "closes": dt.time(9)},
            "day",
            "only a working day",
        ),
        ({"kind": "hours", "opens": dt.time(9), "closes": dt.time(8)}, "closes", "later than"),
        ({"opens": dt.time(9)}, "opens", "only shorter hours"),
        ({"instead_of": MONDAY}, "instead_of", "Only a make-up day"),
        ({"day": SATURDAY, "kind": "make_up", "instead_of": SUNDAY}, "instead_of", "Monday to Friday"),
        ({"name_en": ""}, "name_en", "blank"),
        ({"source": ""}, "source", "blank"),
    ],
)
@pytest.mark.django_db
def test_what_makes_no_sense_is_refused_with_a_reason(values, field, message):
    row = CalendarDayFactory.build(**{"day": FRIDAY, **values})
    with override("en"):
        with pytest.raises(ValidationError) as caught:
            row.full_clean()
        assert message in str(caught.value.message_dict[field])


@pytest.mark.django_db
def test_a_day_stands_in_the_calendar_once():
    CalendarDayFactory(day=FRIDAY)
    with override("en"), pytest.raises(ValidationError, match="in the calendar already"):
        CalendarDayFactory.build(day=FRIDAY).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDayFactory(day=FRIDAY)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "hours"},
        {"kind": "day_off", "opens": dt.time(7), "closes": dt.time(8)},
        {"kind": "hours", "opens": dt.time(9), "closes": dt.time(8)},
        {"kind": "day_off", "instead_of": MONDAY},
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_it_too(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDayFactory(**values)


@pytest.mark.django_db
def test_good_rows_of_each_kind_are_taken():
    CalendarDayFactory.build(day=FRIDAY).full_clean()
    CalendarDayFactory.build(day=SATURDAY, kind="make_up", instead_of=FRIDAY).full_clean()
    CalendarDayFactory.build(day=FRIDAY, kind="hours", opens=dt.time(7), closes=dt.time(11)).full_clean()
    CalendarDayFactory.build(day=dt.date(2027, 2, 4), kind="make_up").full_clean()
    assert str(CalendarDay(day=FRIDAY, name_vi="Nghỉ")) == "06/03/2026 Nghỉ"


def test_months_are_counted_as_their_days_are():
    calendar = WorkCalendar()
    start = dt.date(2025, 12, 29)
    days = [start + dt.timedelta(n) for n in range(420)]
    for after in (*days[:40:3], dt.date(2026, 1, 31), dt.date(2026, 2, 28)):
        for until in days[::7]:
            one_by_one = sum(calendar.is_working(day) for day in days if after < day <= until)
            assert calendar.working_days(after, until) == one_by_one, (after, until)
