"""A dossier is passed on, taken over and reassigned; bulk acts; and whoever comes second learns it."""

from __future__ import annotations

import datetime as dt

import pytest

from desk import actions
from desk.actors import officer
from desk.forms.passing import ReassignForm
from desk.models import Dossier, DossierEvent, HandOver
from desk.refusals import Invalid, NotAllowed, SomebodyWasFaster, WrongState
from desk.states import State
from tests.desk.cast import FORM, MONDAY, person
from tests.factories import AgencyFactory

DAY = dt.timedelta(1)


def forward(cast, dossier, by="clerk", at=MONDAY, **details) -> Dossier:
    details.setdefault("to_agency", cast.department)
    return actions.forward(dossier.pk, by=cast.actor(by), at=at, **details)


def test_a_hand_over_tells_from_whom_to_whom_and_when(cast):
    dossier = forward(cast, cast.received(), step="Thẩm định\u202e hồ sơ", step_due_at=MONDAY + DAY, note="Gấp.")
    assert (dossier.state, dossier.holder_agency, dossier.holder) == (State.PROCESSING, cast.department, None)
    assert (dossier.step, dossier.step_due_at) == ("Thẩm định hồ sơ", MONDAY + DAY)
    given = HandOver.objects.get()
    assert (given.from_agency, given.from_user, given.taken_at) == (cast.commune, cast.people["clerk"], None)
    taken = actions.take_over(dossier.pk, by=cast.actor("handler"), at=MONDAY + DAY)
    given.refresh_from_db()
    assert (given.taken_by, given.taken_at, taken.holder) == (
        cast.people["handler"],
        MONDAY + DAY,
        cast.people["handler"],
    )


def test_it_is_passed_on_only_by_who_has_it_and_after_it_was_taken(cast):
    dossier = forward(cast, cast.received())
    with pytest.raises(WrongState):
        forward(cast, dossier, by="handler")
    actions.take_over(dossier.pk, by=cast.actor("handler"), at=MONDAY)
    with pytest.raises(NotAllowed):
        forward(cast, dossier, to_agency=cast.commune)
    assert forward(cast, dossier, by="handler", to_agency=cast.commune).holder_agency == cast.commune


def test_what_is_passed_to_a_person_is_taken_by_that_person_alone(cast):
    dossier = forward(cast, cast.received(), to_user=cast.people["handler"])
    with pytest.raises(NotAllowed):
        actions.take_over(dossier.pk, by=cast.actor("approver"), at=MONDAY)
    actions.reassign(
        dossier.pk, by=cast.actor("approver"), at=MONDAY, to_user=cast.people["approver"], reason="Nghỉ phép."
    )
    assert actions.take_over(dossier.pk, by=cast.actor("approver"), at=MONDAY).holder == cast.people["approver"]


def test_nothing_is_taken_over_twice(cast):
    dossier = cast.processing()
    with pytest.raises(WrongState):
        actions.take_over(dossier.pk, by=cast.actor("approver"), at=MONDAY)


@pytest.mark.parametrize("role", ["clerk", "stranger"])
def test_it_is_passed_only_to_people_with_a_post_there(cast, role):
    with pytest.raises(Invalid) as caught:
        forward(cast, cast.received(), to_user=cast.people[role])
    assert caught.value.field == "to_user"


def test_a_step_isnt_due_before_it_begins(cast):
    with pytest.raises(Invalid) as caught:
        forward(cast, cast.received(), step_due_at=MONDAY - DAY)
    assert caught.value.field == "step_due_at"


def test_it_isnt_passed_to_an_agency_that_has_ended(cast):
    gone = AgencyFactory(name_vi="Phòng Tư pháp quận", identifier="DEMO.77", valid_to=MONDAY.date())
    with pytest.raises(Invalid) as caught:
        forward(cast, cast.received(), to_agency=gone)
    assert caught.value.field == "agency"


def test_work_is_reassigned_by_those_over_it_with_the_reason(cast):
    dossier = cast.processing()
    colleague = person("an", cast.department, "handler")
    with pytest.raises(NotAllowed):
        actions.reassign(dossier.pk, by=cast.actor("head"), at=MONDAY, to_user=colleague, reason="Nghỉ phép.")
    with pytest.raises(Invalid):
        actions.reassign(dossier.pk, by=cast.actor("supervisor"), at=MONDAY, to_user=colleague, reason="")
    with pytest.raises(Invalid):
        actions.reassign(
            dossier.pk, by=cast.actor("approver"), at=MONDAY, to_user=cast.people["clerk"], reason="Nghỉ phép."
        )
    moved = actions.reassign(dossier.pk, by=cast.actor("supervisor"), at=MONDAY, to_user=colleague, reason="Nghỉ phép.")
    assert moved.holder == colleague


def test_work_isnt_given_to_the_one_who_has_it(cast, english):
    dossier = cast.processing(MONDAY)
    has_it, approver = cast.people["handler"], cast.actor("approver")
    with pytest.raises(Invalid, match="choose somebody else") as refused:
        actions.reassign(dossier.pk, by=approver, at=MONDAY, to_user=has_it, reason="Chia việc.")
    assert refused.value.field == "to_user"
    offered = [
        pk
        for _agency, people in ReassignForm([dossier], approver, MONDAY).fields["to_user"].choices[1:]
        for pk, _name in people
    ]
    assert offered and has_it.pk not in offered
    given = actions.forward(
        cast.processing(MONDAY).pk, by=cast.actor("handler"), at=MONDAY, to_agency=cast.department, to_user=has_it
    )
    with pytest.raises(Invalid, match="choose somebody else"):
        actions.reassign(given.pk, by=approver, at=MONDAY, to_user=has_it, reason="Chia việc.")


def test_whoever_saw_an_older_dossier_learns_that_somebody_was_faster(cast):
    dossier = cast.processing()
    seen = dossier.last_number
    actions.comment(dossier.pk, by=cast.actor("handler"), at=MONDAY, seen=seen, text="Đã gọi điện.")
    with pytest.raises(SomebodyWasFaster):
        actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=MONDAY, seen=seen, demands=[FORM])
    assert dossier.events.count() == seen + 1


def test_an_act_isnt_earlier_than_the_one_before(cast):
    dossier = cast.processing()
    with pytest.raises(Invalid):
        actions.comment(dossier.pk, by=cast.actor("handler"), at=MONDAY - DAY / 24, text="Đã gọi điện.")


def test_the_post_of_a_day_that_is_over_allows_nothing(cast):
    dossier = cast.processing()
    cast.people["handler"].postings.update(valid_to=MONDAY.date())
    with pytest.raises(NotAllowed):
        actions.comment(dossier.pk, by=officer(cast.people["handler"], MONDAY), at=MONDAY, text="Đã gọi điện.")


def test_a_bulk_act_does_what_it_can_and_reports_the_rest(cast):
    first, second, third = cast.received(), cast.processing(), cast.received()
    gone = actions.withdraw(cast.received().pk, by=cast.actor("clerk"), at=MONDAY, reason="Thôi.")
    ids = [third.pk, first.pk, second.pk, gone.pk, 10**9, first.pk]
    bulk = actions.forward.bulk(ids, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department)
    assert [each.pk for each in bulk.done] == sorted([first.pk, third.pk])
    assert {each.dossier_id: type(each.error) for each in bulk.refused} == {
        second.pk: NotAllowed,
        gone.pk: WrongState,
        10**9: Invalid,
    }
    assert all(each.reason for each in bulk.refused)
    assert list(
        DossierEvent.objects.filter(act="forward", dossier__in=[first, third]).values_list("number", flat=True)
    ) == [2, 2]
    taken = actions.take_over.bulk([first.pk, second.pk, third.pk], by=cast.actor("handler"), at=MONDAY + DAY)
    assert (len(taken.done), len(taken.refused)) == (2, 1)
    assert HandOver.objects.filter(taken_at=MONDAY + DAY, taken_by=cast.people["handler"]).count() == 2


def test_a_bulk_act_that_refuses_all_writes_nothing(cast):
    dossiers = [cast.received() for _each in range(3)]
    before = DossierEvent.objects.count()
    bulk = actions.take_over.bulk([each.pk for each in dossiers], by=cast.actor("clerk"), at=MONDAY)
    assert (bulk.done, len(bulk.refused), DossierEvent.objects.count()) == ([], 3, before)
