"""The list and the dossier's page: who sees what, in which words, with how many queries."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from desk import actions
from desk.listing import PAGE
from desk.models import Dossier
from desk.states import State
from portal.models import User
from tests.desk.cast import FORM, MONDAY

DAY = dt.timedelta(1)
TUESDAY = MONDAY + DAY
OURS = ("keys", "dossier")
LIST = "/desk/dossiers/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


def codes(answer) -> list[str]:
    return [line.row.code for line in answer.context["page"].lines]


def test_a_stranger_is_sent_to_log_in(client, db):
    assert client.get(LIST).url == f"/accounts/login/?next={LIST}"


def test_somebody_without_a_post_reads_what_to_do(client, db):
    client.force_login(User.objects.create_user("nobody"))
    answer = client.get(LIST)
    assert answer.status_code == 403
    assert "chưa được phân công" in answer.content.decode()


def test_nothing_of_the_desk_is_kept_by_a_cache_and_nothing_runs_inline(cast, open_as, page_cache):
    dossier = cast.received()
    for url in (LIST, dossier.get_absolute_url(), "/desk/intake/", "/desk/dossiers/khong-co/"):
        answer = open_as("clerk").get(url)
        assert answer["Cache-Control"] == "private, no-store"
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        text = answer.content.decode()
        scripts = re.findall(r"<script[^>]*>.", text)
        assert scripts and set(scripts) <= {f'<script type="module" src="/static/desk/{name}.js"><' for name in OURS}
        assert " style=" not in text and "<style" not in text
    assert open_as("clerk").get(LIST).content != open_as("handler").get(LIST).content


def test_a_stranger_gets_404_and_a_colleague_without_the_right_403(cast, open_as):
    dossier = cast.received()
    assert open_as("stranger").get(dossier.get_absolute_url()).status_code == 404
    assert open_as("contractor").get(dossier.get_absolute_url()).status_code == 200
    assert open_as("contractor").get(reverse("desk:act", args=[dossier.code, "finish"])).status_code == 403
    assert open_as("stranger").get(reverse("desk:act", args=[dossier.code, "finish"])).status_code == 404
    assert open_as("clerk").get(reverse("desk:act", args=[dossier.code, "no-act"])).status_code == 404


@pytest.mark.parametrize("role", ["clerk", "handler", "approver", "head", "supervisor", "contractor"])
def test_each_role_sees_the_list_and_the_page(cast, open_as, role):
    dossier = cast.processing()
    cast.explain("supervisor", dossier, TUESDAY)
    assert codes(open_as(role).get(LIST)) == [dossier.code]
    assert open_as(role).get(dossier.get_absolute_url()).status_code == 200


def test_a_code_from_elsewhere_may_hold_a_slash(cast, open_as):
    dossier = cast.received(code="H56/2026/0001", origin="national_portal")
    assert open_as("clerk").get(dossier.get_absolute_url()).status_code == 200
    assert open_as("clerk").get(reverse("desk:act", args=[dossier.code, "comment"])).status_code == 200


def test_the_list_is_found_by_code_name_without_marks_and_number(cast, open_as):
    dossier = cast.received()
    for text in (
        dossier.code,
        "demo.01-2603",
        "nguyen thi lan",
        "Thị Lan",
        "048123456789",
        "048 123 456 789",
        "6789",
        "456789",
        dossier.code[-11:],
    ):
        assert codes(open_as("clerk").get(LIST, {"q": text})) == [dossier.code], text
    for text in ("Hùng", "999999999999", "9999", "%", "'; drop table", "x" * 500):
        assert codes(open_as("clerk").get(LIST, {"q": text})) == [], text


def test_the_list_is_narrowed_down(cast, open_as):
    dossier = cast.processing()
    client = open_as("handler")
    fits = [{"state": "4"}, {"whose": "me"}, {"agency": cast.department.pk}, {"procedure": cast.procedure.code},
            {"procedure": "khai sinh"}, {"state": "all"}, {"state": "nonsense"}, {"due": "nonsense"}]  # fmt: skip
    for asked in fits:
        assert codes(client.get(LIST, asked)) == [dossier.code], asked
    for asked in [{"state": "2"}, {"due": "overdue"}, {"due": "standing"}]:
        assert codes(client.get(LIST, asked)) == [], asked
    unknown = client.get(LIST, {"procedure": "1.000000"})
    assert codes(unknown) == [dossier.code] and unknown.context["form"].errors["procedure"]


def test_due_dates_are_told_by_word_and_shape(cast, open_as, monkeypatch):
    cast.received()
    told = {}
    for days in (0, 4, 7, 9):
        monkeypatch.setattr(timezone, "now", lambda days=days: MONDAY + days * DAY)
        row = open_as("clerk").get(LIST).context["page"].lines[0]
        told[days] = (row.pressing.shape, row.pressing.text)
    assert told == {
        0: ("ok", "Còn 5 ngày làm việc"),
        4: ("soon", "Còn 1 ngày làm việc"),
        7: ("now", "Hôm nay 17:00"),
        9: ("late", "Quá hạn 2 ngày làm việc"),
    }
    assert codes(open_as("clerk").get(LIST, {"due": "overdue"})) and not codes(
        open_as("clerk").get(LIST, {"due": "soon"})
    )


def test_pages_follow_each_other_without_a_gap_or_a_double(cast, open_as):
    for n in range(PAGE + 3):
        cast.received(MONDAY + dt.timedelta(minutes=n))
    client = open_as("clerk")
    first = client.get(LIST)
    second = client.get(LIST, {"after": first.context["page"].after})
    assert (len(codes(first)), len(codes(second))) == (PAGE, 3)
    assert len({*codes(first), *codes(second)}) == PAGE + 3 == first.context["page"].count
    assert second.context["page"].after == ""
    forged = client.get(LIST, {"after": "forged", "state": "all"}, follow=True)
    assert (forged.redirect_chain[0][0], len(codes(forged))) == (f"{LIST}?state=all", PAGE)


def test_the_list_costs_as_many_queries_for_one_as_for_many(cast, open_as, django_assert_num_queries):
    client = open_as("clerk")
    cast.received()
    client.get(LIST)
    for n in range(5):
        cast.processing(MONDAY + dt.timedelta(minutes=n))
    # Session, person, posts; agencies to choose; keys of what is due, and of what has no date; rows; how many; views.
    with django_assert_num_queries(9):
        client.get(LIST)


def test_a_dossiers_page_costs_as_many_queries_for_a_short_life_as_for_a_long_one(
    cast, open_as, django_assert_max_num_queries
):
    dossier = cast.processing()
    client = open_as("approver")
    client.get(dossier.get_absolute_url())
    with django_assert_max_num_queries(32) as short:
        client.get(dossier.get_absolute_url())
    for name in ("approver", "handler", "approver"):
        actions.comment(dossier.pk, by=cast.actor("handler"), at=TUESDAY, text="Xem lại")
        actions.reassign(dossier.pk, by=cast.actor("approver"), at=TUESDAY, to_user=cast.people[name], reason="Bận")
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=TUESDAY, demands=[FORM])
    with django_assert_max_num_queries(len(short) + 2):
        client.get(dossier.get_absolute_url())


def test_the_page_tells_the_history_in_words_and_both_supplement_figures(cast, open_as):
    dossier = cast.processing()
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=TUESDAY, demands=[FORM])
    text = open_as("clerk").get(dossier.get_absolute_url()).content.decode()
    assert "Tờ khai thiếu chữ ký." in text
    assert "yêu cầu bổ sung: 1 mục" in text
    assert "<b>0</b> lần khi tiếp nhận · <b>1</b> lần khi giải quyết" in text
    assert "Thứ Hai 02/03/2026" in text


def test_a_closed_ones_history_is_read_in_english_too(cast, open_as):
    dossier = cast.received()
    client = open_as("clerk")
    chosen = client.post("/desk/language/", {"language": "en", "next": dossier.get_absolute_url()})
    assert chosen.url == dossier.get_absolute_url()
    text = client.get(dossier.get_absolute_url()).content.decode()
    assert "received the dossier, due 09/03/2026 17:00" in text and '<html lang="en">' in text
    assert client.post("/desk/language/", {"language": "xx", "next": "https://elsewhere.example/"}).url == "/desk/"


def test_a_text_that_was_erased_says_so(cast, open_as):
    dossier = cast.received()
    actions.comment(dossier.pk, by=cast.actor("clerk"), at=TUESDAY, text="Số riêng 0905")
    text = dossier.events.get(act="comment").texts.get()
    text.text, text.salt, text.erased_at = "", "", TUESDAY
    text.save()
    page = open_as("clerk").get(dossier.get_absolute_url()).content.decode()
    assert "«đã xóa»" in page and "0905 123" in page and "Số riêng" not in page


def test_a_dossier_is_shown_whole_as_json(cast, capsys):
    dossier = cast.processing()
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=TUESDAY, demands=[FORM])
    call_command("show_dossier", dossier.code, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == State.SUPPLEMENT and told["state_name"] == "supplement"
    assert [event["act"] for event in told["events"]] == ["receive", "forward", "take_over", "request_supplement"]
    assert told["events"][0]["body"]["changes"]["state"] == 2
    assert told["parties"][0]["identifiers"][0]["value"] == "048123456789"
    assert told["supplement_requests"][0]["items"][0]["reason"] == FORM.reason
    assert told["clock_stops"][0]["ended_at"] is None and told["due"]["current"] is None
    assert "tracking_token" not in told and dossier.tracking_token not in json.dumps(told)
    call_command("show_dossier", dossier.code)
    assert "Thứ Hai 09/03/2026" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("show_dossier", "khong-co")


def test_the_dossier_that_a_link_names_is_the_one_that_is_shown(cast, open_as):
    first, second = cast.received(), cast.received(TUESDAY)
    assert (
        open_as("clerk").get(second.get_absolute_url()).context["dossier"] == Dossier.objects.get(pk=second.pk) != first
    )


def test_slips_are_opened_by_whoever_sees_the_dossier_and_keep_their_number(cast, open_as):
    dossier = cast.processing()
    page = open_as("clerk").get(dossier.get_absolute_url()).context["page"]
    assert [(each.event.number, form) for each, form, _name in page.slips] == [(3, "06"), (2, "handover"), (1, "01")]
    receipt = reverse("desk:slip", args=[dossier.code, 1, "01"])
    for _each in range(2):
        answer = open_as("contractor").get(receipt)
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
        assert answer["Cache-Control"] == "private, no-store"
    assert dossier.slips.get().number == 1
    assert open_as("stranger").get(receipt).status_code == 404
    for number, form in [(1, "02"), (9, "01"), (1, "07"), (1, "nonsense")]:
        assert open_as("clerk").get(reverse("desk:slip", args=[dossier.code, number, form])).status_code == 404
    assert open_as("clerk").post(receipt).status_code == 405


def test_the_list_shows_which_states_and_which_procedure_it_was_narrowed_to(cast, open_as):
    dossier = cast.received()
    client = open_as("clerk")
    assert client.get(LIST).context["form"]["state"].value() == "open"
    searched = client.get(LIST, {"q": dossier.code})
    assert searched.context["form"]["state"].value() == "all"
    actions.withdraw(dossier.pk, by=cast.actor("clerk"), at=TUESDAY, reason="Thôi")
    assert codes(client.get(LIST, {"q": dossier.code})) == [dossier.code]
    assert codes(client.get(LIST, {"q": dossier.code, "state": "open"})) == []
    page = client.get(LIST, {"procedure": cast.procedure.code, "state": "all"})
    assert codes(page) == [dossier.code]
    assert f"{cast.procedure.code} · " in page.content.decode()
