"""The clock of a dossier: extensions, stops, payments, and what they do to the due date."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from desk import actions
from desk.due_dates import deadline_of
from desk.models import ClockStop, Dossier, DossierExtension, PaymentRequest
from desk.refusals import Invalid, WrongState
from desk.states import Settlement, State
from tests.desk.cast import FORM, MONDAY, make_cast

DAY = dt.timedelta(1)
DUE = dt.date(2026, 3, 9)


def extend(cast, dossier, on, at=MONDAY, reason="Chờ xác minh.", late_unit="Phòng Hộ tịch") -> Dossier:
    return actions.extend(dossier.pk, by=cast.actor("approver"), at=at, on=on, reason=reason, late_unit=late_unit)


def stop(cast, dossier, at=MONDAY, kind="suspension", reason="Chờ tòa.", ground="Điều 18") -> Dossier:
    return actions.stop(dossier.pk, by=cast.actor("approver"), at=at, kind=kind, reason=reason, ground=ground)


def resume(cast, dossier, at) -> Dossier:
    return actions.resume(dossier.pk, by=cast.actor("approver"), at=at, reason="Tòa đã xử.")


def pay(cast, dossier, at=MONDAY, amount=Decimal(50_000), purpose="Lệ phí") -> Dossier:
    return actions.request_payment(dossier.pk, by=cast.actor("handler"), at=at, amount=amount, purpose=purpose)


def agrees(dossier: Dossier) -> bool:
    """Return whether the due date is the one that is reckoned anew from the rows."""
    current = deadline_of(dossier).current
    return dossier.due_at == (current.at if current else None)


def test_an_extension_moves_the_due_date_once_and_keeps_the_first(cast):
    dossier = extend(cast, cast.processing(), dt.date(2026, 3, 13))
    assert (dossier.due_at.date(), dossier.original_due_at.date()) == (dt.date(2026, 3, 13), DUE)
    with pytest.raises(WrongState):
        extend(cast, dossier, dt.date(2026, 3, 20))
    assert DossierExtension.objects.get().late_unit == "Phòng Hộ tịch"
    assert dossier.events.last().texts.get().text == "Chờ xác minh."


@pytest.mark.parametrize(
    "on", [DUE, DUE - DAY, dt.date(2026, 3, 14), dt.date(2026, 3, 15), dt.date(2027, 1, 1), dt.date(2600, 1, 1)]
)
def test_it_moves_only_to_a_later_working_day(cast, on):
    dossier = cast.processing()
    with pytest.raises(Invalid) as caught:
        extend(cast, dossier, on)
    assert caught.value.field == "due"
    assert Dossier.objects.get(pk=dossier.pk).due_at.date() == DUE


def test_an_overdue_dossier_is_extended_to_a_day_to_come(cast):
    dossier = cast.processing()
    with pytest.raises(Invalid):
        extend(cast, dossier, dt.date(2026, 3, 12), at=MONDAY + 14 * DAY)
    assert extend(cast, dossier, dt.date(2026, 3, 20), at=MONDAY + 14 * DAY).due_at.date() == dt.date(2026, 3, 20)


@pytest.mark.parametrize(("reason", "unit", "field"), [("", "Sở", "reason"), ("Chờ.", " ", "late_unit")])
def test_an_apology_has_its_reason_and_the_unit_that_is_late(cast, reason, unit, field):
    with pytest.raises(Invalid) as caught:
        extend(cast, cast.processing(), dt.date(2026, 3, 13), reason=reason, late_unit=unit)
    assert caught.value.field == field


def test_a_suspension_stops_the_clock_and_pauses_it(cast):
    dossier = stop(cast, cast.processing(), MONDAY + DAY)
    assert (dossier.state, dossier.stop_kind, dossier.due_at) == (State.STOPPED, "suspension", None)
    back = resume(cast, dossier, MONDAY + 8 * DAY)
    assert (back.state, back.stop_kind, back.due_at.date()) == (State.PROCESSING, "", dt.date(2026, 3, 16))
    assert agrees(back)


@pytest.mark.parametrize(
    ("changes", "field"), [({"reason": ""}, "reason"), ({"ground": "\u200b"}, "ground"), ({"kind": "nap"}, "kind")]
)
def test_a_stop_has_its_kind_reason_and_article(cast, changes, field):
    with pytest.raises(Invalid) as caught:
        stop(cast, cast.processing(), **changes)
    assert caught.value.field == field
    assert not ClockStop.objects.exists()


def test_an_end_isnt_resumed(cast):
    dossier = stop(cast, cast.processing(), kind="end")
    with pytest.raises(WrongState):
        resume(cast, dossier, MONDAY)


def test_what_was_received_and_suspended_goes_on_as_being_processed(cast):
    dossier = stop(cast, cast.received())
    assert resume(cast, dossier, MONDAY + DAY).state == State.PROCESSING


@pytest.mark.parametrize("rule", ["restart", "pause"])
def test_a_stop_out_of_a_supplement_only_pauses(db, rule):
    cast = make_cast(on_supplement=rule)
    dossier = cast.processing()
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=MONDAY + DAY, demands=[FORM])
    suspended = stop(cast, dossier, MONDAY + 2 * DAY)
    assert (suspended.due_at, suspended.answer_by, suspended.came_from) == (None, None, None)
    back = resume(cast, dossier, MONDAY + 8 * DAY)
    assert back.due_at.date() == dt.date(2026, 3, 16)
    assert agrees(back)
    assert list(ClockStop.objects.values_list("ground", "effect")) == [("supplement", "pause"), ("suspension", "pause")]


def test_an_overdue_dossier_that_asks_for_more_and_is_ended_was_late(cast):
    dossier = cast.processing()
    late = MONDAY + 20 * DAY
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=late, demands=[FORM])
    stop(cast, dossier, late + DAY, kind="end")
    assert actions.hand_back(dossier.pk, by=cast.actor("clerk"), at=late + DAY).settlement == Settlement.LATE


def test_a_payment_pauses_the_clock_and_adds_to_what_was_paid(cast):
    dossier = pay(cast, cast.processing(), MONDAY + DAY)
    assert (dossier.state, dossier.due_at) == (State.PAYMENT, None)
    paid = actions.confirm_payment(dossier.pk, by=cast.actor("clerk"), at=MONDAY + 2 * DAY, receipt="BL 0012")
    assert (paid.state, paid.came_from, paid.fee_paid) == (State.PROCESSING, None, Decimal(50_000))
    assert (paid.due_at.date(), agrees(paid)) == (dt.date(2026, 3, 10), True)
    assert PaymentRequest.objects.get().receipt == "BL 0012"


def test_a_payment_asked_for_at_the_counter_leads_back_there(cast):
    dossier = actions.request_payment(
        cast.received().pk, by=cast.actor("clerk"), at=MONDAY, amount=Decimal(1500), purpose="Phí"
    )
    assert actions.confirm_payment(dossier.pk, by=cast.actor("clerk"), at=MONDAY).state == State.RECEIVED


@pytest.mark.parametrize(
    "amount",
    [
        Decimal(0),
        Decimal(-1),
        Decimal("0.001"),
        Decimal("1.50"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal(10) ** 12,
    ],
)
def test_an_amount_that_cant_be_is_refused(cast, amount):
    with pytest.raises(Invalid) as caught:
        pay(cast, cast.processing(), amount=amount)
    assert caught.value.field == "amount"


def test_what_is_to_be_paid_is_said(cast):
    with pytest.raises(Invalid) as caught:
        pay(cast, cast.processing(), purpose=" ")
    assert caught.value.field == "purpose"


@pytest.mark.parametrize("end", ["stop", "withdraw"])
def test_a_payment_that_nobody_waits_for_is_dropped(cast, end):
    dossier = pay(cast, cast.processing(), MONDAY + DAY)
    if end == "stop":
        stop(cast, dossier, MONDAY + 2 * DAY)
        resume(cast, dossier, MONDAY + 3 * DAY)
        pay(cast, dossier, MONDAY + 3 * DAY)
        assert PaymentRequest.objects.filter(dropped_at=MONDAY + 2 * DAY).count() == 1
    else:
        actions.withdraw(dossier.pk, by=cast.actor("clerk"), at=MONDAY + 2 * DAY, reason="Không cần nữa.")
        assert PaymentRequest.objects.get().dropped_at == MONDAY + 2 * DAY


def test_over_tet_a_pause_moves_the_due_date_past_the_holidays(cast):
    before = dt.datetime(2026, 2, 10, 9, tzinfo=MONDAY.tzinfo)  # The Tuesday before Tết Bính Ngọ
    dossier = pay(cast, cast.processing(before), before + DAY)
    paid = actions.confirm_payment(dossier.pk, by=cast.actor("clerk"), at=before + 14 * DAY)
    assert agrees(paid)
    assert paid.due_at > before + 14 * DAY
