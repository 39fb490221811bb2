"""Dossiers that a ministry's system settles: from the day of the cut-over, read-only here, counted once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from catalogue.models import ProcedureRoute
from desk import actions, counters
from desk.actors import APPLICANT, outside
from desk.models import Dossier, DossierEvent, Measure
from desk.refusals import Invalid, NotAllowed, RouteMoved, WrongState
from desk.shadows import Helped, Told, note_shadow, update_shadow
from desk.states import Settlement, State
from tests.desk.cast import FORM, LAN, MONDAY

DAY = dt.timedelta(1)
SYSTEM = "Hệ thống hộ tịch điện tử"


@pytest.fixture
def moved(cast):
    """The procedure moves to the ministry's system on the Monday."""
    rows = {"procedure": cast.procedure, "level": "any"}
    ProcedureRoute.objects.create(**rows, is_provincial=True, valid_to=MONDAY.date())
    ProcedureRoute.objects.create(
        **rows, is_provincial=False, system=SYSTEM, url="https://hotich.example.vn/", valid_from=MONDAY.date()
    )
    return cast


def told(**changes: Any) -> Told:
    return Told(**{"system": SYSTEM, "code": "G15.1-1", "state": State.RECEIVED, "submitted_at": MONDAY} | changes)


def helped(cast) -> Helped:
    return Helped(cast.procedure, cast.centre, cast.department, LAN)


def noted(cast, at=MONDAY, **changes: Any) -> Dossier:
    return note_shadow(told(**changes), helped(cast), by=cast.actor("clerk"), at=at)


def test_from_the_day_of_the_cut_over_it_is_entered_there(moved):
    with pytest.raises(RouteMoved) as caught:
        moved.received(MONDAY)
    assert (caught.value.system, caught.value.url) == (SYSTEM, "https://hotich.example.vn/")
    with pytest.raises(RouteMoved):
        actions.register(moved.intake(), by=APPLICANT, at=MONDAY)
    assert not DossierEvent.objects.exists()


def test_the_day_is_the_local_day_of_the_submission(moved):
    minute_before = MONDAY.replace(hour=0) - dt.timedelta(minutes=1)
    assert moved.received(MONDAY, channel="post", submitted_at=minute_before).state == State.RECEIVED
    with pytest.raises(RouteMoved):
        moved.received(MONDAY, channel="post", submitted_at=MONDAY.replace(hour=0))


def test_what_was_submitted_before_stays_provincial_to_the_end_with_its_supplements(moved):
    dossier = moved.processing(MONDAY - 3 * DAY)
    by = moved.actor
    actions.request_supplement(dossier.pk, by=by("handler"), at=MONDAY + DAY, demands=[FORM])
    actions.accept_supplement(dossier.pk, by=by("clerk"), at=MONDAY + 20 * DAY)
    done = actions.finish(
        dossier.pk, by=by("approver"), at=MONDAY + 21 * DAY, outcome="granted", number="1", signatory="Lê Minh",
        signed_on=MONDAY.date() + 21 * DAY,
    )  # fmt: skip
    assert actions.return_result(done.pk, by=by("clerk"), at=MONDAY + 22 * DAY).state == State.RETURNED


def test_the_route_of_a_level_comes_before_that_of_all(moved):
    ProcedureRoute.objects.create(procedure=moved.procedure, level="province", is_provincial=True)
    assert moved.received(MONDAY).state == State.RECEIVED


def test_a_shadow_is_counted_once_and_told_onwards(moved):
    shadow = noted(moved, received_at=MONDAY, due_at=MONDAY + 5 * DAY)
    assert (shadow.is_shadow, shadow.code, shadow.helped_by) == (True, "G15.1-1", moved.commune)
    assert counters.total(Measure.RECEIVED, agency=moved.department) == 1
    done = update_shadow(
        shadow.pk,
        told(
            state=State.FINISHED,
            received_at=MONDAY,
            due_at=MONDAY + 5 * DAY,
            finished_at=MONDAY + 6 * DAY,
            outcome="granted",
        ),
        by=outside(SYSTEM),
        at=MONDAY + 7 * DAY,
    )
    assert (done.state, done.settlement, done.original_due_at) == (State.FINISHED, Settlement.LATE, MONDAY + 5 * DAY)
    assert counters.total(Measure.RECEIVED) == counters.total(Measure.LATE) == 1
    assert [each.act for each in done.events.all()] == ["mirror", "mirror"]


def test_a_code_comes_once(moved):
    noted(moved)
    with pytest.raises(Invalid) as caught:
        noted(moved, system=f" {SYSTEM}\u200b", code=" G15.1-1 ")
    assert caught.value.field == "code"
    assert Dossier.objects.count() == 1


def test_system_and_code_are_kept_as_they_are_read(moved):
    shadow = noted(moved, system=f"{SYSTEM} ", code=" G15.1-2")
    again = told(system=f"{SYSTEM} ", code=" G15.1-2", state=State.PROCESSING)
    assert update_shadow(shadow.pk, again, by=outside(SYSTEM), at=MONDAY).state == State.PROCESSING


@pytest.mark.parametrize(
    "code", ["BO/1/files", "BO/acts/comment", "slips/1", "BO 1", "/1", "1/", "<b>", "1//2", "BO?1"]
)
def test_a_code_that_would_be_the_address_of_something_else_is_refused(moved, code):
    with pytest.raises(Invalid) as caught:
        noted(moved, code=code)
    assert caught.value.field == "code"
    assert noted(moved, code="BO/2026/QĐ-0001.a").code == "BO/2026/QĐ-0001.a"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"state": 11}, "state"), ({"outcome": "maybe"}, "outcome"), ({"code": ""}, "code"), ({"system": " "}, "code")],
)
def test_what_cant_be_told_is_refused(moved, changes, field):
    with pytest.raises(Invalid) as caught:
        noted(moved, **changes)
    assert caught.value.field == field
    assert not Dossier.objects.exists()


def test_before_the_cut_over_there_is_no_shadow(moved):
    with pytest.raises(Invalid) as caught:
        noted(moved, submitted_at=MONDAY - DAY)
    assert caught.value.field == "submitted_at"


def test_a_shadow_is_only_read_and_commented_here(moved):
    shadow = noted(moved)
    for act, details in (
        (actions.forward, {"to_agency": moved.department}),
        (actions.withdraw, {"reason": "Không cần nữa."}),
        (actions.return_result, {}),
        (actions.correct_data, {"reason": "Ghi nhầm."}),
        (actions.request_supplement, {"demands": [FORM]}),
    ):
        with pytest.raises(WrongState):
            act(shadow.pk, by=moved.actor("clerk"), at=MONDAY, **details)
    assert actions.comment(shadow.pk, by=moved.actor("clerk"), at=MONDAY, text="Đã giúp nộp.").last_number == 2


def test_a_stranger_notes_no_shadow_and_nobody_tells_of_another(moved):
    with pytest.raises(NotAllowed):
        note_shadow(told(), helped(moved), by=moved.actor("stranger"), at=MONDAY)
    shadow = noted(moved)
    with pytest.raises(Invalid):
        update_shadow(shadow.pk, told(code="G15.1-9"), by=outside(SYSTEM), at=MONDAY)
