"""More is asked for: what may be, how often, what it does to the clock, and what is refused and recorded."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from desk import actions
from desk.demands import Demand
from desk.intake import PaperIn
from desk.models import ClockStop, Dossier, DossierEvent, EventValue, HandedPaper, Notice, SupplementRequest
from desk.refusals import BeyondTheRules, Invalid, NotAllowed, WrongState
from desk.states import State
from desk.verifying.running import verify
from tests.desk.cast import FORM, HUNG, MONDAY, make_cast

DAY = dt.timedelta(1)
GROUND = "Luật Hộ tịch Điều 16 khoản 2"
PROOF = Demand("representation", "Chưa có giấy ủy quyền.")


def ask(cast, dossier, *demands, at=MONDAY, by="handler", **more) -> Dossier:
    return actions.request_supplement(dossier.pk, by=cast.actor(by), at=at, demands=list(demands or [FORM]), **more)


def answer(cast, dossier, *papers, at=MONDAY, by="clerk") -> Dossier:
    return actions.accept_supplement(dossier.pk, by=cast.actor(by), at=at, papers=list(papers))


def registered(cast) -> Dossier:
    return actions.register(cast.intake(), by=cast.actor("clerk"), at=MONDAY)


def test_at_entry_everything_is_asked_for_once(cast):
    dossier = registered(cast)
    asked = ask(cast, dossier, by="clerk")
    assert (asked.state, asked.entry_supplements, asked.work_supplements, asked.due_at) == (
        State.SUPPLEMENT,
        1,
        0,
        None,
    )
    assert not ClockStop.objects.exists()
    back = answer(cast, dossier, PaperIn("to-khai", originals=1))
    assert (back.state, back.came_from, back.answer_by) == (State.REGISTERED, None, None)
    with pytest.raises(WrongState):
        ask(cast, dossier, by="clerk")
    received = actions.receive(dossier.pk, by=cast.actor("clerk"), at=MONDAY)
    assert ask(cast, received).work_supplements == 1


def test_during_processing_once_and_the_request_says_until_when(cast):
    dossier = cast.processing()
    asked = ask(cast, dossier, at=MONDAY + DAY)
    assert asked.answer_by == dt.date(2026, 4, 2)
    assert (asked.state, asked.due_at, asked.work_supplements) == (State.SUPPLEMENT, None, 1)
    request = SupplementRequest.objects.get()
    assert (request.stage, request.number, request.items.get().reason) == ("work", 1, FORM.reason)


def test_a_second_one_needs_the_law_the_approver_and_the_head_is_told(cast):
    dossier = cast.processing()
    ask(cast, dossier)
    answer(cast, dossier)
    with pytest.raises(Invalid) as caught:
        ask(cast, dossier, by="approver")
    assert caught.value.field == "ground"
    with pytest.raises(NotAllowed):
        ask(cast, dossier, ground=GROUND)
    assert not Notice.objects.exists()
    asked = ask(cast, dossier, by="approver", ground=GROUND)
    assert asked.work_supplements == 2
    notice = Notice.objects.get()
    assert (notice.kind, notice.agency, notice.role) == ("second_supplement", cast.commune, "head")
    event = asked.events.last()
    assert json.loads(event.body)["facts"]["ground"] == GROUND
    assert event.by_agency == cast.department


@pytest.mark.parametrize(
    "demand",
    [
        Demand("paper", "Nộp thêm hộ khẩu.", paper_key="ho-khau"),
        Demand("paper", "Nộp lưu ý.", paper_key="luu-y"),
        Demand("paper", "Xác nhận tên phường cũ là tên phường mới."),
        Demand("vneid", "Phải có tài khoản VNeID.", paper_key="to-khai"),
        Demand("correction", "Sửa giấy của hồ sơ khác.", handed_paper_id=10**9),
        PROOF,
    ],
)
def test_what_no_rule_asks_for_is_refused_and_recorded(cast, demand):
    dossier = cast.processing()
    rows = dict(Dossier.objects.filter(pk=dossier.pk).values()[0])
    with pytest.raises(BeyondTheRules):
        ask(cast, dossier, FORM, demand)
    now = dict(Dossier.objects.filter(pk=dossier.pk).values()[0])
    assert {name for name in now if now[name] != rows[name]} == {"last_number", "head"}
    event = dossier.events.last()
    assert (event.act, event.state_before, event.state_after) == ("request_supplement", 4, 4)
    assert len(json.loads(event.body)["facts"]["refused"]) == 2
    assert demand.reason in event.texts.get().text
    assert not SupplementRequest.objects.exists()


def test_a_refused_second_request_tells_nobody_that_it_was_made(cast):
    dossier = cast.processing()
    ask(cast, dossier)
    answer(cast, dossier)
    with pytest.raises(BeyondTheRules):
        ask(cast, dossier, PROOF, by="approver", ground=GROUND)
    assert not Notice.objects.exists()


def test_the_recorded_try_holds_no_text_that_was_typed(cast):
    dossier = cast.processing()
    with pytest.raises(BeyondTheRules):
        ask(cast, dossier, Demand("bà Lan", "CCCD 048123456789", paper_key="Nguyễn Thị Lan"))
    event = dossier.events.last()
    assert "Lan" not in event.body
    assert "048123456789" not in event.body
    assert "048123456789" in event.texts.get().text


def test_a_request_beyond_the_rules_isnt_recorded_where_nothing_can_be_asked_for(cast):
    dossier = cast.processing()
    ask(cast, dossier)
    with pytest.raises(WrongState):
        ask(cast, dossier, PROOF, by="approver", ground=GROUND)
    assert dossier.events.last().state_after == State.SUPPLEMENT


def test_a_bulk_request_beyond_the_rules_is_recorded_for_each(cast):
    dossiers = [cast.processing() for _each in range(2)]
    bulk = actions.request_supplement.bulk(
        [each.pk for each in dossiers], by=cast.actor("handler"), at=MONDAY, demands=[PROOF]
    )
    assert (bulk.done, len(bulk.refused)) == ([], 2)
    assert all(isinstance(each.error, BeyondTheRules) for each in bulk.refused)
    assert EventValue.objects.filter(name="asked_for").count() == 2
    assert all(Dossier.objects.get(pk=each.pk).state == State.PROCESSING for each in dossiers)


@pytest.mark.parametrize(
    ("demands", "field"),
    [
        ([], "items"),
        ([Demand("paper", " \u200b", paper_key="to-khai")], "reason"),
        ([Demand("paper", "x" * 2_001, paper_key="to-khai")], "reason"),
    ],
)
def test_each_paper_needs_its_reason(cast, demands, field):
    dossier = cast.processing()
    with pytest.raises(Invalid) as caught:
        actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=MONDAY, demands=demands)
    assert caught.value.field == field


def test_the_applicant_has_a_day_at_least(cast):
    with pytest.raises(Invalid) as caught:
        ask(cast, cast.processing(), answer_by=MONDAY.date())
    assert caught.value.field == "answer_by"


def test_a_correction_replaces_the_paper_and_both_are_kept(cast):
    dossier = cast.processing()
    old = dossier.papers.get(paper_key="to-khai")
    ask(cast, dossier, Demand("correction", "Mờ chữ.", handed_paper_id=old.pk))
    answer(cast, dossier, PaperIn(corrects=old.pk, originals=1))
    old.refresh_from_db()
    assert (old.replaced_by.paper_key, old.replaced_by.originals) == ("to-khai", 1)
    assert dossier.papers.count() == 3


def test_a_paper_is_corrected_once(cast):
    dossier = cast.processing()
    old = dossier.papers.get(paper_key="to-khai")
    ask(cast, dossier)
    with pytest.raises(Invalid):
        answer(cast, dossier, PaperIn(corrects=old.pk), PaperIn(corrects=old.pk))
    answer(cast, dossier, PaperIn(corrects=old.pk))
    ask(cast, dossier, by="approver", ground=GROUND)
    with pytest.raises(Invalid):
        answer(cast, dossier, PaperIn(corrects=old.pk))


def test_a_proof_of_representation_is_asked_for_where_somebody_else_submits(cast):
    dossier = cast.received(submitter=HUNG)
    assert ask(cast, dossier, PROOF).state == State.SUPPLEMENT
    answer(cast, dossier, PaperIn("", copies=1))
    assert HandedPaper.objects.filter(dossier=dossier, paper_key="").count() == 1


def test_a_proof_that_nobody_needs_isnt_taken(cast):
    dossier = cast.processing()
    ask(cast, dossier)
    with pytest.raises(Invalid):
        answer(cast, dossier, PaperIn(""))


def test_what_isnt_on_the_list_isnt_taken(cast):
    dossier = cast.processing()
    ask(cast, dossier)
    with pytest.raises(Invalid):
        answer(cast, dossier, PaperIn("ho-khau", copies=1))
    assert Dossier.objects.get(pk=dossier.pk).state == State.SUPPLEMENT


@pytest.mark.parametrize(("rule", "due"), [("restart", dt.date(2026, 3, 11)), ("pause", dt.date(2026, 3, 10))])
def test_the_clock_restarts_or_goes_on_by_the_version(db, rule, due):
    cast = make_cast(on_supplement=rule)
    dossier = cast.processing()
    ask(cast, dossier, at=MONDAY + DAY)
    back = answer(cast, dossier, at=MONDAY + 2 * DAY)
    assert back.due_at.date() == due
    assert back.original_due_at.date() == dt.date(2026, 3, 9)


def test_a_request_that_was_stopped_unanswered_stays_unanswered(cast):
    dossier = cast.processing()
    ask(cast, dossier)
    by = cast.actor("approver")
    actions.stop(dossier.pk, by=by, at=MONDAY, kind="suspension", reason="Chờ tòa.", ground="Điều 18")
    actions.resume(dossier.pk, by=by, at=MONDAY + DAY, reason="Tòa đã xử.")
    ask(cast, dossier, at=MONDAY + DAY, by="approver", ground=GROUND)
    answer(cast, dossier, at=MONDAY + 2 * DAY)
    first, second = SupplementRequest.objects.order_by("number")
    assert (first.answered_at, second.answered_at) == (None, MONDAY + 2 * DAY)
    assert not verify(MONDAY + 2 * DAY).faults


def test_an_event_tells_how_many_papers_came(cast):
    dossier = cast.processing()
    ask(cast, dossier)
    answer(cast, dossier, PaperIn("khac", copies=1))
    assert json.loads(DossierEvent.objects.last().body)["facts"] == {"papers": 1}


def test_a_paper_of_another_dossier_cant_be_corrected_here(cast):
    dossier, other = cast.processing(), cast.processing()
    ask(cast, dossier)
    with pytest.raises(Invalid):
        answer(cast, dossier, PaperIn(corrects=other.papers.first().pk))


def test_what_was_asked_for_is_taken_in_however_the_list_is_read_by_then(cast, monkeypatch):
    dossier = cast.processing(papers=[PaperIn("khac", copies=1)])
    other = cast.processing()
    handler, clerk = cast.actor("handler"), cast.actor("clerk")
    old = dossier.papers.get(paper_key="khac")
    correction = Demand("correction", "Mờ, không đọc được.", handed_paper_id=old.pk)
    actions.request_supplement(dossier.pk, by=handler, at=MONDAY, demands=[correction])
    actions.request_supplement(other.pk, by=handler, at=MONDAY, demands=[Demand("paper", "Còn thiếu.", "khac")])
    monkeypatch.setattr("desk.versions.is_said", lambda name: True)
    with pytest.raises(Invalid):
        cast.received(papers=[PaperIn("khac", copies=1)])
    accepted = actions.accept_supplement(dossier.pk, by=clerk, at=MONDAY, papers=[PaperIn(corrects=old.pk, copies=1)])
    assert (
        accepted.state == State.PROCESSING and accepted.papers.get(paper_key="khac", replaced_by=None).name == old.name
    )
    actions.accept_supplement(other.pk, by=clerk, at=MONDAY, papers=[PaperIn("khac", copies=1)])
    assert other.papers.get(paper_key="khac").name == old.name
