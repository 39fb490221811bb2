"""What was done a moment ago is taken back, and what was passed on wrongly is called back: the log tells both."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from desk import actions, chain
from desk.access import get_dossier
from desk.demands import Demand
from desk.models import Dossier, Notice, What
from desk.refusals import Invalid, NotAllowed, SomebodyWasFaster, WrongState
from desk.slips.hand_overs import rows_until
from desk.states import UNDOABLE, State
from desk.undoing import UNDO_FOR
from desk.verifying.running import verify
from tests.desk.cast import FORM, MONDAY, Cast, person
from tests.desk.tampering import unprotected
from tests.factories import AgencyFactory

SOON, LATER = MONDAY + dt.timedelta(seconds=30), MONDAY + dt.timedelta(seconds=61)

pytestmark = pytest.mark.django_db


def forward(cast: Cast, dossier: Dossier, by: str = "clerk", at: dt.datetime = MONDAY, **details) -> Dossier:
    details.setdefault("to_agency", cast.department)
    return actions.forward(dossier.pk, by=cast.actor(by), at=at, step="Thẩm định", **details)


def take_over(cast: Cast, dossier: Dossier) -> Dossier:
    forward(cast, dossier)
    return actions.take_over(dossier.pk, by=cast.actor("handler"), at=MONDAY)


def prepared(cast: Cast, act: str) -> tuple[Dossier, str]:
    """Return a dossier on which an act can be done, and by whom."""
    if act == "forward":
        return cast.received(), "clerk"
    if act == "take_over":
        return forward(cast, cast.received()), "handler"
    return cast.processing(), {"reassign": "approver"}.get(act, "handler")


def do(cast: Cast, act: str, dossier: Dossier, by: str) -> Dossier:
    details = {
        "forward": {"to_agency": cast.department, "step": "Thẩm định", "step_due_at": MONDAY + dt.timedelta(1)},
        "reassign": {"to_user": cast.people["approver"], "reason": "Nghỉ phép."},
        "comment": {"text": "Xem trang 3.", "told": [cast.people["clerk"].pk]},
    }.get(act, {})
    return getattr(actions, act)(dossier.pk, by=cast.actor(by), at=MONDAY, **details)


@pytest.mark.parametrize("act", sorted(UNDOABLE - {"tie_file"}))
def test_what_was_just_done_is_undone_and_everything_is_as_before(cast, act):
    dossier, by = prepared(cast, act)
    before = chain.snapshot(Dossier.objects.get(pk=dossier.pk))
    open_before = list(dossier.hand_overs.filter(taken_at=None).values_list("pk", "to_user"))
    done = do(cast, act, dossier, by)
    after = actions.undo(dossier.pk, by=cast.actor(by), at=SOON, seen=done.last_number)
    assert chain.snapshot(after) == before
    assert list(dossier.hand_overs.filter(taken_at=None).values_list("pk", "to_user")) == open_before
    first, second = after.events.order_by("number")[done.last_number - 1 :]
    assert (first.act, second.act) == (act, "undo")
    assert json.loads(second.body)["facts"]["of"] == first.number
    assert not verify(SOON).faults


def test_it_can_be_done_again_after(cast):
    dossier = forward(cast, cast.received())
    actions.undo(dossier.pk, by=cast.actor("clerk"), at=SOON)
    again = forward(cast, dossier, at=SOON)
    assert again.state == State.PROCESSING
    assert actions.take_over(dossier.pk, by=cast.actor("handler"), at=LATER).holder == cast.people["handler"]
    assert not verify(LATER).faults


def test_after_sixty_seconds_it_is_refused_with_what_can_be_done(cast, english):
    dossier = forward(cast, cast.received())
    with pytest.raises(WrongState, match="it can be called back"):
        actions.undo(dossier.pk, by=cast.actor("clerk"), at=MONDAY + UNDO_FOR)
    assert Dossier.objects.get(pk=dossier.pk).last_number == dossier.last_number


def test_once_somebody_else_has_acted_it_is_refused_by_name(cast, english):
    dossier = forward(cast, cast.received())
    actions.comment(dossier.pk, by=cast.actor("approver"), at=MONDAY, text="Đã thấy.")
    with pytest.raises(WrongState, match=r"Approver.* has acted since"):
        actions.undo(dossier.pk, by=cast.actor("clerk"), at=SOON)
    with pytest.raises(SomebodyWasFaster):
        actions.undo(dossier.pk, by=cast.actor("clerk"), at=SOON, seen=dossier.last_number)


def test_nobody_undoes_what_a_colleague_did(cast, english):
    dossier = forward(cast, cast.received())
    with pytest.raises(WrongState, match="has acted since"):
        actions.undo(dossier.pk, by=cast.actor("head"), at=SOON)
    with pytest.raises(NotAllowed):
        actions.undo(dossier.pk, by=cast.actor("stranger"), at=SOON)


@pytest.mark.parametrize("act", ["request_supplement", "undo"])
def test_what_has_left_the_house_and_an_undoing_stay(cast, english, act):
    dossier = cast.processing()
    by = cast.actor("handler")
    if act == "undo":
        actions.comment(dossier.pk, by=by, at=MONDAY, text="Nhầm.")
        actions.undo(dossier.pk, by=by, at=MONDAY)
    else:
        actions.request_supplement(dossier.pk, by=by, at=MONDAY, demands=[FORM])
    with pytest.raises(WrongState, match="can't be undone: only"):
        actions.undo(dossier.pk, by=by, at=SOON)


def test_a_comment_that_is_undone_calls_its_notices_off(cast):
    dossier = do(cast, "comment", cast.processing(), "handler")
    assert Notice.objects.unread().count() == 1
    actions.undo(dossier.pk, by=cast.actor("handler"), at=SOON)
    assert not Notice.objects.unread().exists()


def test_a_wrong_passing_is_called_back_later_with_the_reason(cast):
    dossier = cast.received()
    before = chain.snapshot(dossier)
    forward(cast, dossier, to_agency=cast.neighbour)
    actions.comment(dossier.pk, by=cast.actor("clerk"), at=LATER, text="Gửi nhầm, đang rút lại.")
    back = actions.recall(dossier.pk, by=cast.actor("head"), at=LATER, reason="Chuyển nhầm cơ quan.")
    assert chain.snapshot(back) == before
    given = back.hand_overs.get()
    assert (given.taken_at, given.taken_by) == (LATER, cast.people["head"])
    (row,) = rows_until(back.events.latest("number"))
    assert (row.void, row.voided_at) == ("recall", LATER)
    assert not verify(LATER).faults


def test_what_is_called_back_keeps_what_happened_meanwhile(cast):
    dossier = forward(cast, cast.received())
    actions.extend(
        dossier.pk, by=cast.actor("approver"), at=MONDAY, on=dt.date(2026, 3, 16), reason="Mưa bão.", late_unit="Sở"
    )
    due = Dossier.objects.get(pk=dossier.pk).due_at
    back = actions.recall(dossier.pk, by=cast.actor("clerk"), at=LATER, reason="Thiếu tờ khai.")
    assert (back.due_at, back.state, back.holder_agency) == (due, State.RECEIVED, cast.commune)
    assert not verify(LATER).faults


def test_the_step_before_a_call_back_runs_on_and_is_measured_when_it_is_passed_on(cast):
    dossier = take_over(cast, cast.received())
    forward(cast, dossier, by="handler", to_agency=cast.neighbour)
    actions.recall(dossier.pk, by=cast.actor("handler"), at=LATER, reason="Nhầm.")
    running, void = rows_until(dossier.events.latest("number"))
    assert (running.result, void.void) == ("running", "recall")
    forward(cast, dossier, by="handler", at=LATER)
    assert next(row.result for row in rows_until(dossier.events.latest("number"))) == "early"


def test_a_taking_over_that_is_undone_leaves_the_passing_open_on_the_slip(cast):
    dossier = take_over(cast, cast.received())
    actions.undo(dossier.pk, by=cast.actor("handler"), at=SOON)
    (row,) = rows_until(dossier.events.latest("number"))
    assert (row.taken_at, row.taking.name, row.taking.unit) == (None, "", "Sở Tư pháp")


def test_what_was_taken_over_is_not_called_back(cast, english):
    dossier = take_over(cast, cast.received())
    with pytest.raises(NotAllowed):
        actions.recall(dossier.pk, by=cast.actor("clerk"), at=LATER, reason="Nhầm.")
    forward(cast, dossier, by="handler")
    with pytest.raises(Invalid):
        actions.recall(dossier.pk, by=cast.actor("handler"), at=LATER, reason=" ")
    with pytest.raises(NotAllowed):
        actions.recall(dossier.pk, by=cast.actor("clerk"), at=LATER, reason="Nhầm.")


def test_nothing_is_called_back_while_the_applicant_is_waited_for(cast, english):
    dossier = forward(cast, cast.received())
    demands = [Demand("paper", "Thiếu.", paper_key="to-khai")]
    actions.request_supplement(dossier.pk, by=cast.actor("approver"), at=MONDAY, demands=demands)
    with pytest.raises(WrongState):
        actions.recall(dossier.pk, by=cast.actor("clerk"), at=LATER, reason="Nhầm.")


def test_who_passed_it_on_opens_it_until_somebody_takes_it(cast):
    other = AgencyFactory(name_vi="Sở Xây dựng", identifier="DEMO.09")
    cast.people["other"] = person("other", other, "handler")
    dossier = forward(cast, cast.received(), to_agency=other)
    actions.take_over(dossier.pk, by=cast.actor("other"), at=MONDAY)
    forward(cast, dossier, by="other")
    assert not Dossier.objects.visible_to(cast.actor("other")).exists()
    assert get_dossier(cast.actor("other"), dossier.code, MONDAY, what=What.PAGE, act="recall").pk == dossier.pk
    actions.take_over(dossier.pk, by=cast.actor("handler"), at=MONDAY)
    assert not Dossier.objects.open_to(cast.actor("other")).exists()


def test_a_forged_undoing_is_found(cast):
    dossier = forward(cast, cast.received())
    actions.undo(dossier.pk, by=cast.actor("clerk"), at=SOON)
    with unprotected():
        event = dossier.events.latest("number")
        body = json.loads(event.body)
        body["changes"]["step"] = "Bước khác"
        event.__class__.objects.filter(pk=event.pk).update(body=chain.canonical(body), step="Bước khác")
        Dossier.objects.filter(pk=dossier.pk).update(step="Bước khác")
    assert "event.undo" in {fault.kind for fault in verify(SOON).faults}
