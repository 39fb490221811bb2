"""An applicant takes a dossier back, and papers go home."""

from __future__ import annotations

import datetime as dt

import pytest

from desk import actions, counters
from desk.actors import APPLICANT
from desk.models import Measure
from desk.refusals import Invalid, WrongState
from desk.states import Settlement, State
from tests.desk.cast import FORM, MONDAY

DAY = dt.timedelta(1)


def withdraw(dossier, at=MONDAY, by=APPLICANT, reason="Không cần nữa."):
    return actions.withdraw(dossier.pk, by=by, at=at, reason=reason)


def test_before_the_receipt_it_counts_in_neither_received_nor_settled(cast):
    gone = withdraw(actions.register(cast.intake(), by=APPLICANT, at=MONDAY))
    assert (gone.state, gone.settled_at, gone.settlement) == (State.WITHDRAWN, None, "")
    assert counters.total(Measure.RECEIVED) == 0


def test_after_the_receipt_it_is_settled(cast):
    gone = withdraw(cast.processing(), MONDAY + DAY)
    assert (gone.state, gone.settlement, gone.holder_agency) == (State.WITHDRAWN, Settlement.EARLY, cast.commune)
    assert counters.total(Measure.RECEIVED) == counters.total(Measure.EARLY) == 1


def test_while_the_clock_stands_nothing_is_late(cast):
    dossier = cast.processing()
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=MONDAY, demands=[FORM])
    gone = withdraw(dossier, MONDAY + 300 * DAY)
    assert (gone.settlement, gone.answer_by, gone.came_from) == (Settlement.ON_TIME, None, None)


def test_it_needs_the_applicants_reason(cast):
    with pytest.raises(Invalid):
        withdraw(cast.received(), by=cast.actor("clerk"), reason="")


def test_of_an_applicant_the_event_keeps_no_name(cast):
    gone = withdraw(cast.received())
    event = gone.events.last()
    assert (event.by_kind, event.by_user, event.by_name, event.by_title) == ("applicant", None, "", "")


def test_after_the_result_is_signed_it_is_too_late(cast):
    dossier = cast.processing()
    actions.finish(
        dossier.pk, by=cast.actor("approver"), at=MONDAY, outcome="granted", number="1", signatory="Lê Minh",
        signed_on=MONDAY.date(),
    )  # fmt: skip
    with pytest.raises(WrongState):
        withdraw(dossier)


def test_what_was_passed_on_and_never_taken_goes_back_to_the_centre(cast):
    dossier = cast.received()
    actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department, step="Thẩm định")
    gone = withdraw(dossier)
    assert (gone.holder_agency, gone.step) == (cast.commune, "")
    assert gone.hand_overs.get().taken_at == MONDAY


def test_papers_go_back_once_after_a_refusal_or_a_withdrawal(cast):
    rejected = actions.reject_new(cast.intake(), reason="Sai thẩm quyền.", by=cast.actor("clerk"), at=MONDAY)
    for dossier in (rejected, withdraw(cast.received())):
        before = dossier.state
        back = actions.hand_back(dossier.pk, by=cast.actor("clerk"), at=MONDAY + DAY, to="Bà Lan")
        assert (back.state, back.handed_back_at) == (before, MONDAY + DAY)
        with pytest.raises(WrongState):
            actions.hand_back(dossier.pk, by=cast.actor("clerk"), at=MONDAY + DAY)


def test_papers_of_a_suspended_dossier_stay(cast):
    dossier = cast.processing()
    actions.stop(
        dossier.pk, by=cast.actor("approver"), at=MONDAY, kind="suspension", reason="Chờ tòa.", ground="Điều 18"
    )
    with pytest.raises(WrongState):
        actions.hand_back(dossier.pk, by=cast.actor("clerk"), at=MONDAY)
