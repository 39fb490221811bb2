"""The acts as pages: who may open which, what is done, what is refused and told, what stays in the form."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from desk import actions
from desk.forms.table import ACT_FORMS
from desk.models import Dossier, HandOver, SupplementItem
from desk.next_acts import next_acts
from desk.permissions import RULES
from desk.states import State
from tests.desk.cast import FORM, MONDAY, ROLES

DAY = dt.timedelta(1)
TUESDAY = MONDAY + DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


def act_url(dossier: Dossier, name: str) -> str:
    return reverse("desk:act", args=[dossier.code, name])


def send(client, dossier: Dossier, name: str, **data):
    """Send an act's form as the page has it."""
    seen = Dossier.objects.get(pk=dossier.pk).last_number
    return client.post(act_url(dossier, name), {"seen": seen, **data})


def state(dossier: Dossier) -> State:
    return State(Dossier.objects.get(pk=dossier.pk).state)


def test_the_whole_life_through_the_pages(cast, open_as):
    dossier = cast.received()
    sent = send(open_as("clerk"), dossier, "forward", to_agency=cast.department.pk, step="Thẩm định")
    assert sent.status_code == 302 and sent.url == dossier.get_absolute_url()
    send(open_as("handler"), dossier, "take_over")
    assert Dossier.objects.get(pk=dossier.pk).holder == cast.people["handler"]
    page = open_as("handler").get(act_url(dossier, "request_supplement"))
    asks = page.context["form"].asks
    n = next(n for n, (_group, name, _demand) in enumerate(asks) if name == "Tờ khai theo mẫu")
    send(
        open_as("handler"),
        dossier,
        "request_supplement",
        answer_by="2026-04-01",
        **{f"ask{n}": "on", f"reason{n}": "Thiếu chữ ký"},
    )
    assert state(dossier) == State.SUPPLEMENT
    send(open_as("clerk"), dossier, "accept_supplement", originals0="1", note="Đã đủ")
    assert state(dossier) == State.PROCESSING
    send(
        open_as("approver"),
        dossier,
        "finish",
        outcome="granted",
        number="12/GKS",
        signed_on="2026-03-03",
        signatory="Lê Minh",
        is_unpaid="on",
    )
    assert state(dossier) == State.FINISHED
    send(open_as("contractor"), dossier, "return_result", to="Con gái")
    assert state(dossier) == State.RETURNED


@pytest.mark.parametrize("role", ROLES)
def test_the_page_of_an_act_opens_to_whom_the_table_allows_it(cast, open_as, role):
    dossier, client = cast.processing(), open_as(role)
    cast.explain("supervisor", dossier, TUESDAY)
    actor = cast.actor(role)
    allowed = {
        name
        for name in ACT_FORMS
        for side, roles in RULES[name].at.items()
        if role in roles and getattr(dossier, side) in actor.agencies
    }
    for name in ACT_FORMS:
        assert client.get(act_url(dossier, name)).status_code == (200 if name in allowed else 403), name


def test_every_act_of_the_table_has_a_form_or_a_page_of_its_own():
    assert set(RULES) - set(ACT_FORMS) == {"register", "attach_file", "remove_file", "move_to_heir", "anonymise"}


def test_the_buttons_are_the_acts_that_are_possible_now(cast):
    names = {each.name for each in next_acts(cast.received(), cast.actor("clerk"), TUESDAY)}
    assert names == {"forward", "request_supplement", "request_payment", "withdraw", "correct_data", "comment"}
    first = next_acts(cast.processing(), cast.actor("approver"), TUESDAY)[0]
    assert (first.name, first.is_main) == ("finish", True)


def test_what_was_passed_on_is_taken_over_first(cast):
    dossier = cast.received()
    actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department)
    acts = next_acts(Dossier.objects.get(pk=dossier.pk), cast.actor("handler"), TUESDAY)
    assert acts[0].name == "take_over" and "forward" not in {each.name for each in acts}


def test_no_button_leads_to_a_refusal_of_the_state_machine(cast, open_as):
    """Each act that the page offers opens, and is possible."""
    dossier = cast.processing()
    cast.explain("supervisor", dossier, TUESDAY)
    for role in ROLES:
        for each in next_acts(dossier, cast.actor(role), TUESDAY):
            assert not open_as(role).get(act_url(dossier, each.name)).context["why_not"], (role, each.name)


def test_whoever_comes_second_reads_what_happened_and_keeps_what_was_typed(cast, open_as):
    dossier = cast.processing()
    seen = dossier.last_number
    actions.comment(dossier.pk, by=cast.actor("approver"), at=TUESDAY, text="Xem lại trang 3")
    answer = open_as("handler").post(act_url(dossier, "comment"), {"seen": seen, "text": "Chữ tôi đã gõ"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Chữ tôi đã gõ" in text and "Approver" in text
    assert f'name="seen" value="{seen + 1}"' in text
    again = open_as("handler").post(act_url(dossier, "comment"), {"seen": seen + 1, "text": "Chữ tôi đã gõ"})
    assert again.status_code == 302


def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(cast, open_as):
    dossier = cast.processing()
    wrong = {"outcome": "granted", "number": "12", "signed_on": "2027-01-01", "signatory": "Lê", "is_unpaid": "on"}
    answer = send(open_as("approver"), dossier, "finish", **wrong)
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {"signed_on"}
    assert 'value="12"' in answer.content.decode()


@pytest.mark.parametrize("wrong", ["31/02/2026", "hôm qua", "2026-13-01", "0000-00-00", "9" * 50])
def test_an_impossible_date_is_told_at_the_field(cast, open_as, wrong):
    dossier = cast.processing()
    answer = send(open_as("approver"), dossier, "extend", on=wrong, reason="Mưa bão", late_unit="Phòng A")
    assert answer.status_code == 400 and "on" in answer.context["form"].errors


def test_an_extension_proposes_a_working_day(cast, open_as):
    dossier = cast.processing()
    form = open_as("approver").get(act_url(dossier, "extend")).context["form"]
    assert form.fields["on"].initial == dt.date(2026, 3, 12)
    send(open_as("approver"), dossier, "extend", on="2026-03-12", reason="Mưa bão", late_unit="Phòng A")
    assert Dossier.objects.get(pk=dossier.pk).due_at.date() == dt.date(2026, 3, 12)


def test_a_tick_needs_its_reason_and_a_reason_its_tick(cast, open_as):
    dossier = cast.processing()
    answer = send(open_as("handler"), dossier, "request_supplement", answer_by="2026-04-01", ask0="on", reason1="Mờ")
    assert {"reason0", "ask1"} <= answer.context["form"].errors.keys()
    assert "Mờ" in answer.content.decode()


def test_nothing_ticked_is_refused(cast, open_as):
    dossier = cast.processing()
    answer = send(open_as("handler"), dossier, "request_supplement", answer_by="2026-04-01")
    assert answer.status_code == 400 and state(dossier) == State.PROCESSING


def test_the_tick_list_holds_what_may_be_asked_for_and_nothing_else(cast, open_as):
    dossier = cast.processing()
    names = [(str(demand["kind"]), name) for _group, name, demand in
             open_as("handler").get(act_url(dossier, "request_supplement")).context["form"].asks]  # fmt: skip
    assert ("paper", "Lưu ý: mang theo căn cước") not in names
    assert ("paper", "Giấy tờ khác (nếu có)") in names
    assert ("correction", "Tờ khai theo mẫu") in names
    assert not any(kind == "representation" for kind, _name in names)


def test_a_second_request_asks_for_its_article(cast, open_as):
    dossier = cast.processing()
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=MONDAY, demands=[FORM])
    actions.accept_supplement(dossier.pk, by=cast.actor("clerk"), at=MONDAY)
    form = open_as("approver").get(act_url(dossier, "request_supplement")).context["form"]
    assert "ground" in form.fields
    answer = send(open_as("approver"), dossier, "request_supplement", answer_by="2026-04-01", ask0="on", reason0="Mờ")
    assert answer.context["form"].errors.keys() == {"ground"}


def test_a_correction_replaces_the_paper(cast, open_as):
    dossier = cast.processing()
    form = open_as("handler").get(act_url(dossier, "request_supplement")).context["form"]
    n = next(n for n, (_g, _name, demand) in enumerate(form.asks) if demand["kind"] == "correction")
    send(
        open_as("handler"),
        dossier,
        "request_supplement",
        answer_by="2026-04-01",
        **{f"ask{n}": "on", f"reason{n}": "Mờ"},
    )
    assert SupplementItem.objects.get().kind == "correction"
    send(open_as("clerk"), dossier, "accept_supplement", originals0="1")
    assert dossier.papers.filter(replaced_by__isnull=False).count() == 1


def test_people_are_corrected_and_what_stood_there_is_kept_for_those_who_may_see_it(cast, open_as):
    dossier = cast.received()
    data = {
        "reason": "Nhầm tên đệm",
        "return_by": "post",
        "language": "ko",
        "fee_due": "20000",
        "applicant-kind": "person",
        "applicant-name": "Nguyễn Thị Lan Anh",
        "applicant-number_kind1": "citizen_card",
        "applicant-number1": "048123456789",
        "applicant-country1": "VN",
        "applicant-country2": "VN",
        "owner-kind": "person",
        "owner-country1": "VN",
        "owner-country2": "VN",
        "submitter-kind": "person",
        "submitter-country1": "VN",
        "submitter-country2": "VN",
    }
    assert send(open_as("clerk"), dossier, "correct_data", **data).status_code == 302
    after = Dossier.objects.get(pk=dossier.pk)
    assert (after.return_by, after.language, after.fee_due) == ("post", "ko", 20000)
    assert [party.name for party in after.parties.all()] == ["Nguyễn Thị Lan Anh"]
    assert "Nguyễn Thị Lan ·" in open_as("clerk").get(dossier.get_absolute_url()).content.decode()
    assert "Nguyễn Thị Lan ·" not in open_as("contractor").get(dossier.get_absolute_url()).content.decode()


def test_wrong_digits_stand_at_the_persons_number(cast, open_as):
    dossier = cast.received()
    data = {"reason": "x", "return_by": "pick_up", "language": "vi", "applicant-kind": "person", "applicant-name": "An",
            "applicant-number_kind1": "citizen_card", "applicant-number1": "12345", "owner-kind": "person",
            "submitter-kind": "person"}  # fmt: skip
    answer = send(open_as("clerk"), dossier, "correct_data", **data)
    assert answer.status_code == 400
    assert "number1" in answer.context["form"].people["applicant"].errors


def test_many_are_passed_on_at_once_and_each_refusal_has_its_row(cast, open_as):
    first, second = cast.received(), cast.received(TUESDAY)
    actions.withdraw(second.pk, by=cast.actor("clerk"), at=TUESDAY, reason="Thôi")
    client = open_as("clerk")
    data = {"ids": [first.pk, second.pk], "act": "forward"}
    assert client.post(reverse("desk:bulk"), data).status_code == 200
    answer = client.post(reverse("desk:bulk"), data | {"confirmed": "1", "to_agency": cast.department.pk})
    assert [each.pk for each in answer.context["done"]] == [first.pk]
    assert [code for code, _reason in answer.context["refused"]] == [second.code]
    assert HandOver.objects.count() == 1


@pytest.mark.parametrize("act", ["take_over", "reassign", "finish", "return_result"])
def test_each_bulk_act_asks_what_it_needs(cast, open_as, act):
    answer = open_as("clerk").post(reverse("desk:bulk"), {"ids": [cast.received().pk], "act": act})
    assert answer.status_code == 200 and answer.context["act"] == act


@pytest.mark.parametrize("data", [{}, {"act": "stop"}, {"act": "forward", "ids": ["x", "-1", "9" * 30]}])
def test_a_bulk_act_on_nothing_says_what_to_do(cast, open_as, data):
    assert open_as("clerk").post(reverse("desk:bulk"), data).status_code == 302


def test_strangers_dossiers_cant_be_ticked(cast, open_as):
    dossier = cast.received()
    answer = open_as("stranger").post(reverse("desk:bulk"), {"ids": [dossier.pk], "act": "forward", "confirmed": "1"})
    assert answer.status_code == 302 and state(dossier) == State.RECEIVED


def test_many_go_each_to_the_agency_that_decides_it(cast, open_as):
    first, second = cast.received(), cast.received(TUESDAY, decided_by=cast.commune)
    client = open_as("clerk")
    data = {"ids": [first.pk, second.pk], "act": "forward"}
    form = client.post(reverse("desk:bulk"), data).context["form"]
    assert form["to_agency"].value() in (None, "") and "to_user" not in form.fields
    answer = client.post(reverse("desk:bulk"), data | {"confirmed": "1", "to_agency": "", "step": "Thẩm định"})
    assert len(answer.context["done"]) == 2
    assert list(HandOver.objects.order_by("pk").values_list("dossier", "to_agency")) == [
        (first.pk, cast.department.pk),
        (second.pk, cast.commune.pk),
    ]


def test_many_of_one_agency_go_where_the_officer_chooses(cast, open_as):
    ids = [cast.received().pk, cast.received(TUESDAY).pk]
    client = open_as("clerk")
    data = {"ids": ids, "act": "forward", "confirmed": "1", "to_agency": ""}
    assert "to_agency" in client.post(reverse("desk:bulk"), data).context["form"].errors
    assert not HandOver.objects.exists()


def test_a_supplement_of_nothing_needs_its_reason(cast, open_as):
    dossier = cast.processing()
    send(open_as("handler"), dossier, "request_supplement", answer_by="2026-04-01", **asked(open_as, dossier))
    answer = send(open_as("clerk"), dossier, "accept_supplement")
    assert answer.status_code == 400 and "note" in answer.context["form"].errors
    assert state(dossier) == State.SUPPLEMENT
    assert send(open_as("clerk"), dossier, "accept_supplement", note="Đã tra cứu được").status_code == 302
    assert state(dossier) == State.PROCESSING


def asked(open_as, dossier: Dossier) -> dict[str, str]:
    """Return the fields that ask for a correction of the first paper."""
    form = open_as("handler").get(act_url(dossier, "request_supplement")).context["form"]
    n = next(n for n, (_g, _name, demand) in enumerate(form.asks) if demand["kind"] == "correction")
    return {f"ask{n}": "on", f"reason{n}": "Mờ"}


def test_a_paper_that_is_there_is_corrected_and_never_missing(cast, open_as):
    dossier = cast.processing()
    asks = open_as("handler").get(act_url(dossier, "request_supplement")).context["form"].asks
    there = set(dossier.papers.values_list("paper_key", flat=True))
    assert there and not there & {demand.get("paper_key") for _group, _name, demand in asks}


def test_a_correction_of_nothing_is_told(cast, open_as):
    dossier = cast.received()
    form = open_as("clerk").get(act_url(dossier, "correct_data")).context["form"]
    data = {name: field.value() for name, field in ((each.name, each) for each in form)}
    data |= {f"{role}-{each.name}": each.value() for role, person in form.people.items() for each in person}
    data = {name: "" if value is None else value for name, value in data.items()} | {"reason": "Xem lại"}
    before = dossier.last_number
    answer = send(open_as("clerk"), dossier, "correct_data", **{k: v for k, v in data.items() if k != "seen"})
    assert answer.status_code == 400 and answer.context["form"].non_field_errors()
    assert Dossier.objects.get(pk=dossier.pk).last_number == before


def test_the_page_says_why_an_act_cant_be_done(cast, open_as, english):
    dossier = cast.processing()
    client = open_as("approver")
    actions.extend(
        dossier.pk, by=cast.actor("approver"), at=TUESDAY, on=(TUESDAY + 30 * DAY).date(), late_unit="Sở", reason="Bận"
    )
    client.post(reverse("desk:language"), {"language": "en"})
    page = client.get(act_url(dossier, "extend"))
    assert "put off once already" in page.context["why_not"]
    assert 'class="pri"' not in page.content.decode()
    assert "State of the dossier" in client.get(act_url(dossier, "reopen")).context["why_not"]
    later = TUESDAY + dt.timedelta(hours=1)
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=later, demands=[FORM])
    actions.accept_supplement(dossier.pk, by=cast.actor("clerk"), at=later)
    client = open_as("handler")
    client.post(reverse("desk:language"), {"language": "en"})
    assert "approver" in client.get(act_url(dossier, "request_supplement")).context["why_not"]


def test_after_the_papers_are_back_nothing_is_left_to_return(cast):
    dossier = cast.processing()
    by = {"by": cast.actor("approver"), "at": TUESDAY}
    actions.stop(dossier.pk, **by, kind="end", ground="Điều 9", reason="Không đủ điều kiện")
    actions.hand_back(dossier.pk, by=cast.actor("clerk"), at=TUESDAY)
    after = Dossier.objects.get(pk=dossier.pk)
    assert {each.name for each in next_acts(after, cast.actor("clerk"), TUESDAY)} <= {"comment", "correct_data"}


def test_dong_are_whole(cast, open_as):
    dossier = cast.processing()
    answer = send(open_as("handler"), dossier, "request_payment", amount="1.5", purpose="Phí")
    assert answer.status_code == 400 and "amount" in answer.context["form"].errors
    assert send(open_as("handler"), dossier, "request_payment", amount="1500", purpose="Phí").status_code == 302


def test_whoever_logs_out_is_out(cast, open_as):
    client = open_as("clerk")
    left = client.post(reverse("desk:log_out"))
    assert left.status_code == 302 and "login" in left.url
    assert client.get(reverse("desk:today")).status_code == 302
    assert client.get(reverse("desk:log_out")).status_code == 405


def test_the_cursor_stands_at_the_first_line_then_at_what_was_refused(cast, open_as):
    dossier = cast.processing()
    url = f"{dossier.get_absolute_url()}acts/extend/"
    client = open_as("approver")
    assert client.get(url).context["form"].visible_fields()[0].field.widget.attrs["autofocus"]
    refused = client.post(url, {"on": "01/01/2031", "reason": ""}).context["form"]
    standing = [field.name for field in refused.visible_fields() if field.field.widget.attrs.get("autofocus")]
    assert standing == [next(field.name for field in refused.visible_fields() if field.errors)]


def test_a_date_that_lies_years_ahead_is_refused_and_no_calendar_breaks_the_form(cast, open_as):
    dossier = cast.processing()
    far = {"on": "31/12/2099", "reason": "Chờ xác minh.", "late_unit": "Phòng Hộ tịch"}
    url = f"{dossier.get_absolute_url()}acts/extend/"
    answer = open_as("approver").post(url, far)
    assert answer.status_code == 400 and "hãy xem lại năm" in answer.content.decode()
    Dossier.objects.filter(pk=dossier.pk).update(due_at=dt.datetime(2099, 12, 31, 10, tzinfo=dt.UTC))
    assert open_as("approver").get(url).status_code == 200
    asked = {"ask0": "on", "reason0": "Thiếu.", "answer_by": "31/12/2099"}
    answer = open_as("handler").post(f"{dossier.get_absolute_url()}acts/request_supplement/", asked)
    assert answer.status_code == 400 and "hãy xem lại năm" in answer.content.decode()
