"""It ends: results, how they are counted, what is taken back, and that handing over is never blocked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from desk import actions, counters
from desk.models import Dossier, DossierFile, DossierResult, Group, GroupMember
from desk.refusals import Invalid, WrongState
from desk.states import Settlement, State
from tests.desk.cast import FORM, MONDAY, make_cast

DAY = dt.timedelta(1)
DUE = MONDAY + 7 * DAY
"""The Monday after: five working days."""


def finish(cast, dossier, at=MONDAY, **changes: Any) -> Dossier:
    details = {"outcome": "granted", "number": "12/GKS", "signed_on": at.date(), "signatory": "Lê Minh"} | changes
    return actions.finish(dossier.pk, by=cast.actor("approver"), at=at, **details)


def stopped(cast, dossier, kind, at=MONDAY) -> Dossier:
    return actions.stop(
        dossier.pk, by=cast.actor("approver"), at=at, kind=kind, reason="Chờ tòa.", ground="Điều 18 khoản 3"
    )


@pytest.mark.parametrize(
    ("at", "settlement"),
    [
        (DUE - 3 * DAY, Settlement.EARLY),
        (DUE.replace(hour=8), Settlement.ON_TIME),
        (DUE.replace(hour=23, minute=59), Settlement.ON_TIME),
        (DUE + DAY, Settlement.LATE),
    ],
)
def test_by_its_day_a_settlement_is_early_on_time_or_late(cast, at, settlement):
    done = finish(cast, cast.processing(), at)
    assert (done.state, done.settlement, done.settled_at, done.finished_at) == (State.FINISHED, settlement, at, at)
    assert done.holder_agency == cast.commune
    assert counters.total(settlement, agency=cast.department) == 1


@pytest.mark.parametrize(
    ("hour", "minute", "settlement"),
    [(9, 30, Settlement.ON_TIME), (11, 0, Settlement.ON_TIME), (11, 1, Settlement.LATE)],
)
def test_limits_in_hours_are_kept_by_the_minute(db, hour, minute, settlement):
    dossier = two_hours(cast := make_cast(**TWO_HOURS))
    assert finish(cast, dossier, MONDAY.replace(hour=hour, minute=minute)).settlement == settlement


TERM = {"key": "t1", "label": "", "number": 2, "unit": "working_hour", "text": "02 giờ làm việc"}
TWO_HOURS = {"channels": [{"key": "counter", "kind": "counter", "terms": [TERM], "fees": []}]}


def two_hours(cast) -> Dossier:
    dossier = cast.processing()
    assert dossier.due_at == MONDAY.replace(hour=11)
    return dossier


def test_an_extended_limit_in_hours_ends_by_the_day_but_one_begun_anew_by_the_minute_again(db):
    cast = make_cast(**TWO_HOURS)
    extended, anew = two_hours(cast), two_hours(cast)
    for each in (extended, anew):
        actions.extend(
            each.pk, by=cast.actor("approver"), at=MONDAY, on=MONDAY.date() + DAY, reason="Mất điện.", late_unit="Sở"
        )
    tuesday = MONDAY + DAY
    assert finish(cast, extended, tuesday.replace(hour=20)).settlement == Settlement.ON_TIME
    actions.request_supplement(anew.pk, by=cast.actor("handler"), at=MONDAY + DAY / 24, demands=[FORM])
    back = actions.accept_supplement(anew.pk, by=cast.actor("clerk"), at=tuesday)
    assert back.due_at == tuesday.replace(hour=11)
    assert finish(cast, back, tuesday.replace(hour=20)).settlement == Settlement.LATE


def test_a_refusal_needs_its_reason_a_grant_doesnt(cast):
    with pytest.raises(Invalid) as caught:
        finish(cast, cast.processing(), outcome="refused", reason="\u200b")
    assert caught.value.field == "reason"
    done = finish(cast, cast.processing(), outcome="refused", reason="Không đủ điều kiện.")
    assert (done.state, done.outcome) == (State.FINISHED, "refused")
    assert done.events.last().texts.get().text == "Không đủ điều kiện."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": "perhaps"}, "outcome"),
        ({"number": " "}, "number"),
        ({"signatory": "\u200b"}, "signatory"),
        ({"signed_on": dt.date(2026, 3, 3)}, "signed_on"),
        ({"signed_on": dt.date(2026, 3, 1)}, "signed_on"),
        ({"valid_to": dt.date(2026, 3, 1)}, "valid_to"),
        ({"number": "1" * 101}, "number"),
    ],
)
def test_a_result_that_cant_be_is_refused(cast, changes, field):
    dossier = cast.processing()
    with pytest.raises(Invalid) as caught:
        finish(cast, dossier, **changes)
    assert caught.value.field == field
    assert not DossierResult.objects.exists()


def test_the_day_of_signature_is_local(cast):
    late_evening = dt.datetime(2026, 3, 2, 17, 30, tzinfo=dt.UTC)  # 00:30 on the 3rd
    assert finish(cast, cast.processing(), late_evening, signed_on=dt.date(2026, 3, 3)).state == State.FINISHED


@pytest.mark.parametrize("removed_at", [None, MONDAY])
def test_a_file_of_another_dossier_or_one_removed_is_no_result(cast, removed_at):
    dossier, other = cast.processing(), cast.processing()
    file = DossierFile.objects.create(
        dossier=dossier if removed_at else other, name="kq.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        place="x", uploaded_at=MONDAY, removed_at=removed_at,
    )  # fmt: skip
    with pytest.raises(Invalid) as caught:
        finish(cast, dossier, file=file)
    assert caught.value.field == "file"


def test_reopening_takes_back_result_and_counters_and_the_next_result_replaces_it(cast):
    dossier = finish(cast, cast.processing())
    with pytest.raises(Invalid):
        actions.reopen(dossier.pk, by=cast.actor("approver"), at=MONDAY, reason="")
    opened = actions.reopen(dossier.pk, by=cast.actor("approver"), at=MONDAY, reason="Sai tên.")
    assert (opened.state, opened.outcome, opened.settlement) == (State.PROCESSING, "", "")
    assert (opened.settled_at, opened.finished_at, opened.holder_agency) == (None, None, cast.department)
    assert counters.total(Settlement.EARLY) == 0
    finish(cast, dossier, DUE + DAY, number="13/GKS")
    first, second = DossierResult.objects.order_by("pk")
    assert (first.replaced_at, first.replaced_by) == (MONDAY, second)
    assert (second.replaced_at, second.replaced_by) == (None, None)
    assert counters.total(Settlement.LATE) == 1


def test_a_late_result_is_handed_over_all_the_same(cast):
    done = finish(cast, cast.processing(), DUE + 100 * DAY)
    returned = actions.return_result(
        done.pk, by=cast.actor("contractor"), at=DUE + 200 * DAY, to="Con trai, có giấy ủy quyền"
    )
    assert (returned.state, returned.settlement, returned.settled_at) == (
        State.RETURNED,
        Settlement.LATE,
        DUE + 100 * DAY,
    )
    assert returned.events.last().texts.get().name == "to"


def test_a_result_is_handed_over_once(cast):
    done = finish(cast, cast.processing())
    actions.return_result(done.pk, by=cast.actor("clerk"), at=MONDAY)
    with pytest.raises(WrongState):
        actions.return_result(done.pk, by=cast.actor("clerk"), at=MONDAY)
    with pytest.raises(WrongState):
        actions.reopen(done.pk, by=cast.actor("approver"), at=MONDAY, reason="Sai tên.")


def test_an_end_counts_as_settled_once_the_papers_are_back(cast):
    dossier = stopped(cast, cast.processing(), "end")
    assert (dossier.settled_at, dossier.holder_agency, dossier.holder) == (None, cast.commune, None)
    back = actions.hand_back(dossier.pk, by=cast.actor("clerk"), at=DUE + 30 * DAY)
    assert (back.state, back.settlement, back.handed_back_at) == (State.STOPPED, Settlement.ON_TIME, DUE + 30 * DAY)
    returned = actions.return_result(dossier.pk, by=cast.actor("clerk"), at=DUE + 31 * DAY)
    assert (returned.state, returned.settled_at) == (State.RETURNED, DUE + 30 * DAY)
    with pytest.raises(WrongState):
        actions.hand_back(dossier.pk, by=cast.actor("clerk"), at=DUE + 31 * DAY)


def test_nobody_takes_over_what_has_ended(cast):
    dossier = cast.received()
    actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department)
    stopped(cast, dossier, "end")
    with pytest.raises(WrongState):
        actions.take_over(dossier.pk, by=cast.actor("clerk"), at=MONDAY)


def grouped(first: Dossier, second: Dossier) -> None:
    group = Group.objects.create(name="Khai sinh, cư trú, bảo hiểm y tế", made_at=MONDAY)
    lead = GroupMember.objects.create(group=group, dossier=first, order=1, is_lead=True)
    GroupMember.objects.create(group=group, dossier=second, order=2, waits_for=lead)


def test_a_dossier_waits_for_the_one_before_it_in_its_group(cast):
    first, second = cast.processing(), cast.processing()
    grouped(first, second)
    with pytest.raises(WrongState, match=first.code):
        finish(cast, second)
    bulk = actions.finish.bulk(
        [first.pk, second.pk], by=cast.actor("approver"), at=MONDAY, outcome="granted", number="1", signatory="Lê Minh",
        signed_on=MONDAY.date(),
    )  # fmt: skip
    assert [each.code for each in bulk.done] == [first.code]
    assert finish(cast, second).state == State.FINISHED


@pytest.mark.parametrize("end", ["rejected", "withdrawn", "ended"])
def test_it_doesnt_wait_for_one_that_will_never_have_a_result(cast, end):
    second = cast.processing()
    by = cast.actor("clerk")
    if end == "ended":
        first = stopped(cast, cast.processing(), "end")
    else:
        first = actions.register(cast.intake(), by=by, at=MONDAY)
        act = actions.reject if end == "rejected" else actions.withdraw
        act(first.pk, by=by, at=MONDAY, reason="Không đủ điều kiện.")
    grouped(first, second)
    assert finish(cast, second).state == State.FINISHED
