"""What the clock tells, whom, on which day, and never twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue import clock as registry
from catalogue.models import ProcedureRoute
from catalogue.opening import ZONE
from desk import actions, clock, counters, notices, shadows
from desk.identities import Person
from desk.limits import SetDate
from desk.models import ClosedMonth, CountDelta, Dossier, Measure, Notice
from tests.desk.cast import FORM, MONDAY, make_cast
from tests.desk.factories import CalendarDayFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)
HOUR = dt.timedelta(hours=1)
NOTHING = "0 overdue, 0 soon due, 0 apologies proposed, 0 steps overdue"


def on(day: str, time: str = "08:00") -> dt.datetime:
    """A moment of the local clock."""
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE)


def told(dossier: Dossier, kind: str = "") -> set[tuple[str, str, str, str]]:
    """Return kind, agency, role and what it is about of each notice."""
    rows = dossier.notices.filter(kind=kind) if kind else dossier.notices.all()
    return {(row.kind, row.agency.identifier, row.role, row.about) for row in rows.select_related("agency")}


def kinds_told(at: dt.datetime) -> set[str]:
    """Run the clock; return what kinds of notices are new."""
    before = set(Notice.objects.values_list("pk", flat=True))
    clock.warn(at)
    clock.tell_of_unanswered(at)
    return set(Notice.objects.exclude(pk__in=before).values_list("kind", flat=True))


@pytest.fixture
def five_days(cast) -> Dossier:
    """Received on Monday the 2nd of March, due on Monday the 9th."""
    dossier = cast.processing()
    assert dossier.due_at == on("2026-03-09", "17:00")
    return dossier


def test_a_dossier_is_soon_due_from_its_third_last_working_day(five_days):
    assert clock.warn(on("2026-03-03", "23:59")) == NOTHING
    assert clock.warn(on("2026-03-04", "00:00")) == "0 overdue, 1 soon due, 0 apologies proposed, 0 steps overdue"
    assert told(five_days) == {("soon", "DEMO.02", "handler", "2026-03-09")}


def test_an_apology_is_proposed_a_working_day_before_the_date_is_missed(five_days):
    kinds_told(on("2026-03-04"))
    assert kinds_told(on("2026-03-05", "23:59")) == set()
    assert kinds_told(on("2026-03-06", "00:00")) == {"apology_proposed"}, "the 9th is a Monday, the 6th a Friday"
    assert told(five_days, "apology_proposed") == {("apology_proposed", "DEMO.02", "approver", "2026-03-09")}


def test_it_is_overdue_when_its_day_is_over(five_days):
    kinds_told(on("2026-03-06"))
    assert kinds_told(on("2026-03-09", "23:59")) == set()
    assert kinds_told(on("2026-03-10", "00:00")) == {"overdue"}
    assert told(five_days, "overdue") == {
        ("overdue", "DEMO.02", "handler", "2026-03-09"),
        ("overdue", "DEMO.02", "approver", "2026-03-09"),
    }


def test_at_the_counter_the_clerk_is_told_and_the_head(cast):
    dossier = cast.received()
    kinds_told(on("2026-03-04"))
    kinds_told(on("2026-03-10"))
    assert told(dossier) == {
        ("soon", "DEMO.01", "clerk", "2026-03-09"),
        ("overdue", "DEMO.01", "clerk", "2026-03-09"),
        ("overdue", "DEMO.01", "head", "2026-03-09"),
        ("overdue", "DEMO.02", "approver", "2026-03-09"),
    }


def test_nothing_is_told_twice(five_days):
    for day in range(3, 20):
        kinds_told(on(f"2026-03-{day:02d}"))
    once = Notice.objects.count()
    assert once == 4
    for day in range(3, 20):
        assert kinds_told(on(f"2026-03-{day:02d}")) == set()
    assert clock.warn(on("2026-03-20")) == NOTHING
    assert Notice.objects.count() == once


def test_a_notice_that_was_read_is_not_told_again(five_days):
    kinds_told(on("2026-03-04"))
    Notice.objects.update(read_at=on("2026-03-04", "09:00"))
    assert kinds_told(on("2026-03-05")) == set()


def test_a_clock_that_was_away_tells_what_is_true_now(five_days):
    assert kinds_told(on("2026-03-25")) == {"overdue"}, "soon due and an apology before the date come too late"


def test_tet_and_weekends_are_no_working_days(cast):
    """Tết of 2026 is off from Monday 16 to Friday 20 February, between two weekends."""
    dossier = cast.processing(at=on("2026-02-11", "09:00"))
    assert dossier.due_at == on("2026-02-25", "17:00")
    assert kinds_told(on("2026-02-12")) == set(), "four working days are left: 13, 23, 24, 25"
    assert kinds_told(on("2026-02-13")) == {"soon"}
    for day in (14, 16, 20, 22, 23):
        assert kinds_told(on(f"2026-02-{day}")) == set()
    assert kinds_told(on("2026-02-24")) == {"apology_proposed"}


def test_a_day_off_by_decision_moves_the_proposal_forward(cast):
    CalendarDayFactory(day=dt.date(2026, 3, 9), name_vi="Nghỉ theo quyết định")
    dossier = cast.processing()
    assert dossier.due_at == on("2026-03-10", "17:00")
    kinds_told(on("2026-03-05"))
    assert kinds_told(on("2026-03-06")) == {"apology_proposed"}


def test_a_make_up_saturday_is_a_working_day(cast):
    CalendarDayFactory(
        day=dt.date(2026, 3, 7), kind="make_up", instead_of=dt.date(2026, 3, 2), name_vi="Làm bù", name_en="Made up"
    )
    dossier = cast.processing(at=on("2026-03-03", "09:00"))
    assert dossier.due_at == on("2026-03-09", "17:00")
    kinds_told(on("2026-03-05"))
    assert kinds_told(on("2026-03-06")) == set()
    assert kinds_told(on("2026-03-07")) == {"apology_proposed"}


def test_a_new_due_date_is_told_of_anew(cast, five_days):
    kinds_told(on("2026-03-06"))
    actions.extend(
        five_days.pk, by=cast.actor("approver"), at=on("2026-03-06", "10:00"), on=dt.date(2026, 3, 16),
        reason="Chờ ý kiến", late_unit="Sở Tư pháp",
    )  # fmt: skip
    assert kinds_told(on("2026-03-10")) == set()
    assert kinds_told(on("2026-03-11")) == {"soon"}
    assert kinds_told(on("2026-03-13")) == set(), "a due date is put off once only"
    assert kinds_told(on("2026-03-17")) == {"overdue"}
    assert {about for _kind, _agency, _role, about in told(five_days, "soon")} == {"2026-03-09", "2026-03-16"}


def test_while_the_clock_stands_nobody_is_warned(cast, five_days):
    at = on("2026-03-03", "10:00")
    actions.request_supplement(
        five_days.pk, by=cast.actor("handler"), at=at, demands=[FORM], answer_by=dt.date(2026, 4, 30)
    )
    assert kinds_told(on("2026-04-02")) == set()


@pytest.mark.parametrize(("effect", "kinds"), [("pause", {"overdue"}), ("restart", set())])
def test_what_was_late_before_it_stood_is_late_unless_the_limit_starts_anew(effect, kinds):
    cast = make_cast(on_supplement=effect)
    dossier = cast.processing()
    at = on("2026-03-11", "10:00")
    actions.request_supplement(
        dossier.pk, by=cast.actor("handler"), at=at, demands=[FORM], answer_by=dt.date(2026, 4, 30)
    )
    assert kinds_told(on("2026-03-12")) == kinds


def test_shadows_of_a_ministrys_system_are_not_warned_of(cast):
    ProcedureRoute.objects.create(
        procedure=cast.procedure, level="province", system="Hệ thống của Bộ", is_provincial=False,
        valid_from=dt.date(2026, 1, 1),
    )  # fmt: skip
    state = shadows.Told("Hệ thống của Bộ", "G22.99-1", 4, MONDAY, MONDAY, due_at=MONDAY + DAY)
    helped = shadows.Helped(cast.procedure, cast.centre, cast.department, Person("Lan"))
    shadows.note_shadow(state, helped, by=cast.actor("clerk"), at=MONDAY)
    assert kinds_told(MONDAY + 9 * DAY) == set()


def test_settled_dossiers_are_left_alone(cast, five_days):
    actions.finish(
        five_days.pk, by=cast.actor("approver"), at=on("2026-03-04", "10:00"), outcome="granted", number="12",
        signed_on=dt.date(2026, 3, 4), signatory="Lê Minh",
    )  # fmt: skip
    assert kinds_told(on("2026-03-25")) == set()


def term(number: int | None, unit: str) -> list[dict[str, object]]:
    """Return a channel with one limit."""
    limit = {"key": "t1", "label": "", "number": number, "unit": unit, "text": "thời hạn"}
    return [{"key": "counter", "kind": "counter", "terms": [limit], "fees": []}]


def test_a_result_of_the_same_day_is_excused_in_its_last_hour():
    cast = make_cast(channels=term(None, "same_day"))
    dossier = cast.received()
    due = dossier.due_at
    assert due.date() == MONDAY.date()
    assert kinds_told(MONDAY) == {"soon"}
    assert kinds_told(due - HOUR - dt.timedelta(seconds=1)) == set()
    assert kinds_told(due - HOUR) == {"apology_proposed"}
    assert kinds_told(due + HOUR) == set()
    assert kinds_told(MONDAY + DAY) == {"overdue"}


def test_a_limit_of_hours_runs_out_by_the_minute():
    cast = make_cast(channels=term(4, "working_hour"))
    dossier = cast.received()
    due = dossier.due_at
    assert kinds_told(due - dt.timedelta(seconds=1)) == {"soon", "apology_proposed"}
    assert kinds_told(due) == set()
    assert kinds_told(due + dt.timedelta(seconds=1)) == {"overdue"}
    assert told(dossier, "overdue") == {
        ("overdue", "DEMO.01", "clerk", "2026-03-02"),
        ("overdue", "DEMO.01", "head", "2026-03-02"),
        ("overdue", "DEMO.02", "approver", "2026-03-02"),
    }


def test_a_limit_of_one_day_is_excused_a_working_day_before():
    cast = make_cast(channels=term(1, "working_day"))
    cast.received()
    assert kinds_told(MONDAY) == {"soon", "apology_proposed"}


def test_a_date_that_an_officer_set_is_a_day():
    cast = make_cast(channels=term(None, "none"))
    dossier = cast.received(due=SetDate(dt.date(2026, 3, 20), "theo lịch của hội đồng"))
    assert dossier.due_at.astimezone(ZONE).date() == dt.date(2026, 3, 20)
    assert kinds_told(on("2026-03-16")) == set()
    assert kinds_told(on("2026-03-17")) == {"soon"}


def test_a_late_step_is_told_once_each(cast):
    dossier = cast.received()
    due = on("2026-03-03", "11:00")
    actions.forward(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department, step="Thẩm định", step_due_at=due
    )
    assert kinds_told(due) == set()
    assert kinds_told(due + dt.timedelta(seconds=1)) == {"step_overdue"}
    assert told(dossier, "step_overdue") == {
        ("step_overdue", "DEMO.02", "handler", "2026-03-03 Thẩm định"),
        ("step_overdue", "DEMO.02", "approver", "2026-03-03 Thẩm định"),
    }
    actions.take_over(dossier.pk, by=cast.actor("handler"), at=due + HOUR)
    name = "Xin ý kiến của các cơ quan có liên quan trước khi trình lãnh đạo"
    actions.forward(
        dossier.pk, by=cast.actor("handler"), at=due + HOUR, to_agency=cast.department, step=name,
        step_due_at=due + 2 * HOUR,
    )  # fmt: skip
    assert kinds_told(due + 3 * HOUR) == {"step_overdue"}
    assert kinds_told(due + 4 * HOUR) == set()
    assert {about for *_rest, about in told(dossier, "step_overdue")} == {
        "2026-03-03 Thẩm định",
        f"2026-03-03 {name[:29]}",
    }


def test_a_step_is_not_late_while_the_applicant_is_waited_for(cast):
    dossier = cast.received()
    due = on("2026-03-03", "11:00")
    actions.forward(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department, step="Thẩm định", step_due_at=due
    )
    actions.take_over(dossier.pk, by=cast.actor("handler"), at=MONDAY)
    actions.request_supplement(
        dossier.pk, by=cast.actor("handler"), at=MONDAY + HOUR, demands=[FORM], answer_by=dt.date(2026, 3, 20)
    )
    assert kinds_told(due + DAY) == set()


def test_a_request_at_entry_that_nobody_answers_may_be_refused_by_the_clerk(cast):
    dossier = actions.register(cast.intake(), by=cast.actor("clerk"), at=MONDAY)
    actions.request_supplement(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY, demands=[FORM], answer_by=dt.date(2026, 3, 10)
    )
    assert kinds_told(on("2026-03-10", "23:59")) == set()
    assert kinds_told(on("2026-03-11", "00:00")) == {"supplement_lapsed"}
    assert told(dossier) == {("supplement_lapsed", "DEMO.01", "clerk", "2026-03-10")}
    assert kinds_told(on("2026-03-12")) == set()
    assert Dossier.objects.get(pk=dossier.pk).state == 5, "to refuse it stays an officer's act"
    actions.reject(dossier.pk, by=cast.actor("clerk"), at=on("2026-03-12", "09:00"), reason="Không bổ sung.")


def test_a_request_during_processing_that_nobody_answers_is_told_to_the_approver_too(cast, five_days):
    actions.request_supplement(
        five_days.pk, by=cast.actor("handler"), at=MONDAY, demands=[FORM], answer_by=dt.date(2026, 3, 10)
    )
    assert kinds_told(on("2026-03-11")) == {"supplement_lapsed"}
    assert told(five_days) == {
        ("supplement_lapsed", "DEMO.01", "clerk", "2026-03-10"),
        ("supplement_lapsed", "DEMO.02", "approver", "2026-03-10"),
    }


def test_many_at_once_are_told_in_parts(cast, monkeypatch):
    monkeypatch.setattr(notices, "AT_ONCE", 2)
    for _number in range(5):
        cast.received()
    assert clock.warn(on("2026-03-04")).startswith("0 overdue, 5 soon due")
    assert clock.warn(on("2026-03-04")) == NOTHING
    assert Notice.objects.count() == 5


def test_a_run_that_stops_in_the_middle_goes_on(cast, monkeypatch):
    monkeypatch.setattr(notices, "AT_ONCE", 2)
    for _number in range(5):
        cast.received()
    whole = notices.whoever_holds
    seen = []

    def stops(found):
        seen.append(found.pk)
        if len(seen) == 4:
            raise RuntimeError("the machine goes down")
        return whole(found)

    monkeypatch.setattr(notices, "whoever_holds", stops)
    with pytest.raises(RuntimeError):
        clock.warn(on("2026-03-04"))
    assert Notice.objects.count() == 2
    monkeypatch.setattr(notices, "whoever_holds", whole)
    assert clock.warn(on("2026-03-04")).startswith("0 overdue, 3 soon due")


def test_nothing_due_costs_a_query_each(cast):
    clock.warn(on("2026-03-02"))
    with CaptureQueriesContext(connection) as queries:
        assert clock.warn(on("2026-03-02")) == NOTHING
        assert clock.tell_of_unanswered(on("2026-03-02")) == "0 not answered in time"
    assert len(queries) == 5


def test_files_are_swept_each_hour():
    part = registry.part("files")
    assert part.is_local
    now = dt.datetime.now(ZONE)
    assert part.run(now) == "0 cut off, 0 without a row, 0 removed ones deleted"
    assert part.run(now + 59 * dt.timedelta(minutes=1)) == "swept within the hour"
    assert part.run(now + 61 * dt.timedelta(minutes=1)).startswith("0 cut off")


def test_days_that_are_over_are_anchored_once(cast, settings, tmp_path):
    settings.DESK_HEADS_DIR = str(tmp_path / "heads")
    cast.received()
    assert clock.anchor_days(on("2026-03-02", "23:59")) == "0 days anchored"
    assert clock.anchor_days(on("2026-03-04", "08:00")) == "2 days anchored"
    assert clock.anchor_days(on("2026-03-04", "08:01")) == "0 days anchored"
    assert sorted(path.name for path in (tmp_path / "heads").iterdir()) == ["2026-03-02.jsonl", "2026-03-03.jsonl"]


def test_counters_are_folded_and_months_closed_a_day_after_their_end(cast):
    cast.received()
    assert counters.total(Measure.RECEIVED) == 1
    assert clock.count(on("2026-04-01", "23:59")).endswith(" deltas folded, 1 months closed"), "February, empty"
    assert not CountDelta.objects.exists()
    assert clock.count(on("2026-04-02", "08:00")) == "0 deltas folded, 1 months closed"
    assert clock.count(on("2026-04-02", "08:01")) == "0 deltas folded, 0 months closed"
    assert counters.total(Measure.RECEIVED) == 1
    assert ClosedMonth.objects.get(month=dt.date(2026, 3, 1)).closed_at == on("2026-04-02", "08:00")
