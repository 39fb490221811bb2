"""A dossier's page: what it costs, what it tells, who else is looking, and how its acts are asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from desk import actions, attaching
from desk.clock import warn
from desk.demands import Demand
from desk.gathering import TABLES, gather
from desk.identities import Person
from desk.intake import GroupPlace, PaperIn
from desk.looking import look
from desk.models import Dossier, Group, HandOver, Notice
from desk.states import State
from tests.desk import made_files as made
from tests.desk.cast import FORM, HUNG, LAN, MONDAY, ROLES, Cast, content
from tests.desk.test_faces_life import act_url, send
from tests.factories import ProcedureFactory, VersionFactory

DAY, SECOND = dt.timedelta(1), dt.timedelta(seconds=1)
NOW = MONDAY + 6 * DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the pages open some days later, with nobody looking yet."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cache.clear()


def long_life(cast: Cast) -> Dossier:
    """Return a dossier to which everything has happened, some of it by people of three agencies."""
    group = Group.objects.create(name="Liên thông", made_at=MONDAY)
    first = cast.received()
    place = GroupPlace(group, 1, is_lead=True)
    dossier = cast.received(submitter=HUNG, related=[(first, "nộp lại")], group=place)
    by, pk = cast.actor, dossier.pk
    paper = dossier.papers.first()
    attaching.attach_file(pk, made.upload("Tờ khai.pdf", made.pdf(2)), by=by("clerk"), at=MONDAY, paper=paper.pk)
    attaching.attach_file(pk, made.upload("Ảnh.jpg", made.image()), by=by("clerk"), at=MONDAY, kind="other")
    actions.forward(pk, by=by("clerk"), at=MONDAY, to_agency=cast.neighbour)
    actions.recall(pk, by=by("clerk"), at=MONDAY, reason="Nhầm phường.")
    actions.forward(pk, by=by("clerk"), at=MONDAY, to_agency=cast.department, to_user=cast.people["handler"])
    actions.take_over(pk, by=by("handler"), at=MONDAY)
    for later in (1, 2):
        demands = [Demand("correction", "Thiếu chữ ký.", handed_paper_id=paper.pk), FORM][2 - later :]
        who, ground = (by("handler"), "") if later == 1 else (by("approver"), "Luật Hộ tịch Điều 16")
        actions.request_supplement(pk, by=who, at=MONDAY + later * DAY, demands=demands, ground=ground)
        actions.accept_supplement(pk, by=by("clerk"), at=MONDAY + later * DAY, note="Đủ.")
    actions.request_payment(pk, by=by("handler"), at=MONDAY + 2 * DAY, amount=Decimal(50_000), purpose="Lệ phí")
    actions.confirm_payment(pk, by=by("clerk"), at=MONDAY + 2 * DAY, receipt="BL-1")
    actions.stop(pk, by=by("approver"), at=MONDAY + 3 * DAY, kind="suspension", ground="Điều 18", reason="Chờ.")
    actions.resume(pk, by=by("approver"), at=MONDAY + 3 * DAY, reason="Xong.")
    actions.correct_data(pk, by=by("clerk"), at=MONDAY + 3 * DAY, reason="Nhầm.", people={"applicant": LAN}, sets=2)
    actions.reassign(pk, by=by("approver"), at=MONDAY + 3 * DAY, to_user=cast.people["approver"], reason="Nghỉ.")
    actions.comment(pk, by=by("approver"), at=MONDAY + 3 * DAY, text="Xem lại.", told=[cast.people["clerk"].pk])
    result = {"outcome": "granted", "number": "1/GKS", "signed_on": dt.date(2026, 3, 6), "signatory": "Lê Minh"}
    actions.finish(pk, by=by("approver"), at=MONDAY + 4 * DAY, **result)
    actions.reopen(pk, by=by("approver"), at=MONDAY + 4 * DAY, reason="Sai tên.")
    warn(NOW)
    return dossier


def page(client, dossier: Dossier) -> str:
    answer = client.get(dossier.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_row_is_read_as_the_tables_have_it(cast):
    dossier = long_life(cast)
    dossier = Dossier.objects.select_related("holder").get(pk=dossier.pk)
    rows, empty = gather(dossier), set()
    for name, (model, _join) in TABLES.items():
        names = [field.attname for field in model._meta.concrete_fields]
        there = {row.pk: [getattr(row, each) for each in names] for row in rows[name]}
        owner = {"identifiers": "party__", "texts": "event__", "items": "request__"}.get(name, "")
        expected = model._base_manager.filter(**{f"{owner}dossier": dossier}).values_list("pk", *names)
        assert there == {pk: list(values) for pk, *values in expected}, name
        empty |= set() if there else {name}
    assert not empty


@pytest.mark.parametrize("role", ROLES)
def test_a_page_of_everything_costs_twelve_queries_at_most(cast, open_as, role, django_assert_max_num_queries):
    dossier = long_life(cast)
    cast.explain("supervisor", dossier, NOW)
    client = open_as(role)
    page(client, dossier)
    with django_assert_max_num_queries(12):
        text = page(client, dossier)
    assert "Tờ khai.pdf" in text and "BL-1" in text


def test_a_page_of_little_costs_no_more_than_seven(cast, open_as, django_assert_max_num_queries):
    dossier, client = cast.received(), open_as("clerk")
    page(client, dossier)
    with django_assert_max_num_queries(7):
        page(client, dossier)


def test_the_history_tells_everything_in_words(cast, open_as):
    text = page(open_as("clerk"), long_life(cast))
    told = [
        "chuyển đến Sở Tư pháp cho Nguyễn Handler",
        "thêm tệp: giấy tờ đã nộp",
        "thêm tệp: khác",
        "tạm dừng giải quyết (Điều 18)",
        "giao cho Nguyễn Approver",
        "ghi chú cho Nguyễn Clerk",
        "sửa thông tin (người yêu cầu, số bộ hồ sơ)",
        'Trước đó, người yêu cầu: <span lang="vi">«cá nhân · Nguyễn Thị Lan',
        "rút lại hồ sơ đã chuyển",
        '<span class="tag">đã rút lại</span>',
    ]
    assert [each for each in told if each not in text] == []


def test_no_sign_of_ours_stands_in_what_was_there_before(cast, open_as):
    dossier = cast.received(applicant=Person("Công ty Một", kind="company"))
    actions.correct_data(dossier.pk, by=cast.actor("clerk"), at=MONDAY, reason="Nhầm.", people={"applicant": LAN})
    text = page(open_as("clerk"), dossier)
    assert "«doanh nghiệp · Công ty Một" in text and "«company" not in text


def test_before_the_receipt_no_clock_stands(cast, open_as):
    dossier = actions.register(cast.intake(), by=cast.actor("clerk"), at=MONDAY)
    actions.request_supplement(dossier.pk, by=cast.actor("clerk"), at=MONDAY, demands=[FORM])
    text = page(open_as("clerk"), dossier)
    assert "Chưa tiếp nhận" in text and "Đang dừng tính thời hạn" not in text


class TestUndo:
    def test_the_page_offers_it_to_who_did_it_and_the_button_does_it(self, cast, open_as, monkeypatch):
        dossier = cast.received(NOW)
        send(open_as("clerk"), dossier, "forward", to_agency=cast.department.pk)
        monkeypatch.setattr(timezone, "now", lambda: NOW + 20 * SECOND)
        text = page(open_as("clerk"), dossier)
        assert 'data-undo-left="40"' in text and f'action="{act_url(dossier, "undo")}"' in text
        assert "data-undo-left" not in page(open_as("handler"), dossier)
        assert send(open_as("clerk"), dossier, "undo").status_code == 302
        assert Dossier.objects.get(pk=dossier.pk).state == State.RECEIVED
        text = page(open_as("clerk"), dossier)
        assert "data-undo-left" not in text and '<li class="undone">' in text

    def test_too_late_says_so_and_draws_no_form(self, cast, open_as, monkeypatch):
        dossier = cast.received(NOW)
        send(open_as("clerk"), dossier, "forward", to_agency=cast.department.pk)
        monkeypatch.setattr(timezone, "now", lambda: NOW + 61 * SECOND)
        answer = open_as("clerk").get(act_url(dossier, "undo"))
        assert "Đã quá sáu mươi giây" in answer.context["why_not"]
        assert '<form method="post" class="card' not in answer.content.decode()
        late = send(open_as("clerk"), dossier, "undo")
        assert late.status_code == 400 and Dossier.objects.get(pk=dossier.pk).state == State.PROCESSING

    def test_calling_back_is_a_button_of_the_side_that_gave(self, cast, open_as):
        dossier = cast.received()
        actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.neighbour)
        assert act_url(dossier, "recall") in page(open_as("head"), dossier)
        assert act_url(dossier, "recall") not in page(open_as("stranger"), dossier)
        assert send(open_as("head"), dossier, "recall", reason="").status_code == 400
        assert send(open_as("head"), dossier, "recall", reason="Nhầm cơ quan").status_code == 302
        assert Dossier.objects.get(pk=dossier.pk).holder_agency == cast.commune


class TestForward:
    def test_another_agency_than_the_deciding_one_is_asked_about_and_not_forbidden(self, cast, open_as):
        dossier = cast.received()
        assert 'name="is_meant"' not in open_as("clerk").get(act_url(dossier, "forward")).content.decode()
        answer = send(open_as("clerk"), dossier, "forward", to_agency=cast.neighbour.pk, note="Xin ý kiến")
        assert answer.status_code == 400 and "Sở Tư pháp" in answer.context["form"].errors["is_meant"][0]
        assert "Xin ý kiến" in answer.content.decode() and not HandOver.objects.exists()
        sent = send(open_as("clerk"), dossier, "forward", to_agency=cast.neighbour.pk, is_meant="on")
        assert sent.status_code == 302 and HandOver.objects.get().to_agency == cast.neighbour

    def test_many_to_another_agency_are_asked_about_too(self, cast, open_as):
        dossier = cast.received()
        data = {"ids": [dossier.pk], "act": "forward", "confirmed": "1", "to_agency": cast.neighbour.pk}
        url = reverse("desk:bulk")
        assert "is_meant" in open_as("clerk").post(url, data).context["form"].errors
        assert open_as("clerk").post(url, data | {"is_meant": "on"}).context["done"]


class TestMentions:
    def test_who_is_ticked_or_named_finds_a_notice_and_nobody_else(self, cast, open_as):
        dossier = cast.processing()
        form = open_as("handler").get(act_url(dossier, "comment")).context["form"]
        offered = {pk for _unit, people in form.fields["told"].choices for pk, _label in people}
        assert offered == {cast.people[name].pk for name in ("clerk", "head", "contractor", "approver")}
        text = "@Nguyễn Head và @nguyen approver xem giúp."
        send(open_as("handler"), dossier, "comment", text=text, told=[cast.people["clerk"].pk])
        told = {notice.person for notice in Notice.objects.all()}
        assert told == {cast.people[name] for name in ("clerk", "head", "approver")}
        for name, count in (("clerk", 1), ("head", 1), ("approver", 1), ("contractor", 0), ("handler", 0)):
            assert open_as(name).get(reverse("desk:notices")).context["count"] == count, name

    def test_a_name_of_nobody_is_told_unless_somebody_is_ticked(self, cast, open_as):
        dossier, text = cast.processing(), "@Người Lạ xem giúp, thư: a@b.vn"
        answer = send(open_as("handler"), dossier, "comment", text=text)
        assert answer.status_code == 400 and "Người Lạ" in str(answer.context["form"].errors["text"])
        assert answer.context["form"]["text"].value() == text and not Notice.objects.exists()
        send(open_as("handler"), dossier, "comment", text=text, told=[cast.people["clerk"].pk])
        assert [notice.person for notice in Notice.objects.all()] == [cast.people["clerk"]]

    def test_somebody_who_cant_see_the_dossier_gets_none(self, cast, open_as):
        dossier = cast.processing()
        answer = send(open_as("handler"), dossier, "comment", text="x", told=[cast.people["stranger"].pk])
        assert answer.status_code == 400 and not Notice.objects.exists()

    def test_a_notice_is_read_by_its_own_person(self, cast, open_as):
        dossier = cast.processing()
        told = [cast.people["clerk"].pk]
        actions.comment(dossier.pk, by=cast.actor("handler"), at=NOW, text="Gọi lại giúp.", told=told)
        notice = Notice.objects.get()
        url = reverse("desk:read_notices")
        assert open_as("head").post(url, {"notice": notice.pk}).status_code == 404
        assert open_as("clerk").post(url, {"notice": notice.pk}).status_code == 302
        assert Notice.objects.get().read_by == cast.people["clerk"]


class TestLooking:
    def test_colleagues_are_named_for_two_minutes_and_nobody_of_the_dossier_is(self, cast, open_as, monkeypatch):
        dossier = cast.processing()
        page(open_as("handler"), dossier)
        open_as("approver").get(act_url(dossier, "finish"))
        text = page(open_as("clerk"), dossier)
        assert "Sắp làm việc với hồ sơ này: Nguyễn Approver." in text and "Cùng đang mở: Nguyễn Handler." in text
        kept = cache.get(f"desk-looking-{dossier.pk}")
        assert {name for name, _at, _acting in kept.values()} == {
            f"Nguyễn {n}" for n in ("Handler", "Approver", "Clerk")
        }
        monkeypatch.setattr(timezone, "now", lambda: NOW + 121 * SECOND)
        answer = open_as("clerk").get(reverse("desk:looking", args=[dossier.code]))
        assert answer.json() == {"text": ""} and answer["Cache-Control"] == "private, no-store"

    def test_a_stranger_learns_nothing(self, cast, open_as):
        dossier = cast.processing()
        assert open_as("stranger").get(reverse("desk:looking", args=[dossier.code])).status_code == 404

    def test_a_look_is_written_once_in_twenty_seconds(self, cast):
        dossier, by = cast.processing(), cast.actor("handler")
        key, moments = f"desk-looking-{dossier.pk}", []
        for later, is_acting in ((0, False), (19, False), (21, False), (22, True)):
            look(dossier, by, NOW + later * SECOND, is_acting=is_acting)
            moments.append(int(cache.get(key)[by.user_id][1] - NOW.timestamp()))
        assert moments == [0, 0, 21, 22]


class TestForms:
    def test_an_act_that_cant_be_done_shows_its_reason_and_no_form(self, cast, open_as):
        dossier = cast.processing()
        text = open_as("approver").get(act_url(dossier, "resume")).content.decode()
        assert "Lúc này chưa làm được việc này" in text and "<textarea" not in text and 'accesskey="m"' not in text

    def test_needed_fields_are_marked(self, cast, open_as):
        text = open_as("approver").get(act_url(cast.processing(), "extend")).content.decode()
        assert text.count("(bắt buộc)") == 3

    def test_what_was_asked_for_is_proposed(self, cast, open_as):
        dossier = cast.processing()
        paper = dossier.papers.get(paper_key="chung-sinh")
        demands = [FORM, Demand("correction", "Mờ.", handed_paper_id=paper.pk)]
        actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=MONDAY, demands=demands)
        form = open_as("clerk").get(act_url(dossier, "accept_supplement")).context["form"]
        assert [form[f"{word}{n}"].value() for n in (0, 1) for word in ("originals", "copies")] == [1, 0, 1, 0]

    def test_papers_sets_and_channel_are_corrected(self, cast, open_as):
        dossier = cast.received()
        due = dossier.due_at
        first, second = dossier.papers.order_by("pk")
        form = open_as("clerk").get(act_url(dossier, "correct_data")).context["form"]
        data = {each.name: each.value() for each in form}
        data |= {f"{role}-{each.name}": each.value() for role, person in form.people.items() for each in person}
        data = {name: "" if value is None else value for name, value in data.items() if name != "seen"}
        data |= {"reason": "Đếm nhầm", "sets": "2", "channel": "post", f"copies-{first.pk}": "3"}
        assert send(open_as("clerk"), dossier, "correct_data", **data).status_code == 302
        after = Dossier.objects.get(pk=dossier.pk)
        assert (after.sets, after.channel, after.due_at) == (2, "post", due)
        assert list(after.papers.order_by("pk").values_list("originals", "copies")) == [(1, 3), (1, 0)]
        none = data | {"sets": "2", "channel": "post", f"originals-{second.pk}": "0"}
        answer = send(open_as("clerk"), dossier, "correct_data", **none)
        assert answer.status_code == 400 and f"originals-{second.pk}" in answer.context["form"].errors

    def test_whoever_comes_second_to_what_cant_be_done_any_more_keeps_the_text(self, cast, open_as):
        dossier = cast.processing()
        seen = dossier.last_number
        actions.request_payment(dossier.pk, by=cast.actor("handler"), at=MONDAY, amount=Decimal(1_000), purpose="Phí")
        data = {"seen": seen, "on": "2026-03-20", "reason": "Lý do đã gõ dài dòng", "late_unit": "Phòng A"}
        answer = open_as("approver").post(act_url(dossier, "extend"), data)
        text = answer.content.decode()
        assert answer.status_code == 400 and "Lý do đã gõ dài dòng" in text
        assert "yêu cầu nộp 1.000 ₫" in text and 'accesskey="m"' not in text


def test_a_long_list_of_papers_folds(cast, open_as):
    listed = [
        {"key": f"p{n}", "name": f"Giấy tờ số {n}", "kind": "paper", "originals": 1, "copies": 0} for n in range(12)
    ]
    procedure = ProcedureFactory(name_vi="Thủ tục nhiều giấy")
    cases = [{"key": "c1", "label": "", "papers": listed}]
    VersionFactory(procedure=procedure, content=content(procedure, cases=cases))
    dossier = cast.received(procedure=procedure, papers=[PaperIn("p11", originals=1)])
    shown = open_as("clerk").get(dossier.get_absolute_url()).context["page"]
    assert [line.name for line in shown.open_papers] == [*(f"Giấy tờ số {n}" for n in range(7)), "Giấy tờ số 11"]
    assert [line.name for line in shown.folded_papers] == [f"Giấy tờ số {n}" for n in range(7, 11)]
