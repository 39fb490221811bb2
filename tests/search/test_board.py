"""The board: who may see it, what it shows, and what a lesson does before and after it is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from catalogue.models import Procedure
from portal.models import User
from search import evaluation, knowledge, public
from search.cms import trying
from search.cms.teaching import BET, PHRASE, SYNONYM, Lesson, teach
from search.models import AskedDay, AskedQuery, BestBet, EverydayWords, JudgedQuery, Retyped, WordGroup
from search.models.words import lines

pytestmark = pytest.mark.django_db
BIRTH, MARRIAGE, COPY = "1.001193", "1.000894", "2.000635"


def asked(text: str, *, days: int = 3, times: int = 1, language: str = "vi", found: int = 0) -> AskedQuery:
    """Make a query that was asked on so many days."""
    query = AskedQuery.objects.create(text=text, language=language, found=found)
    today = timezone.localdate()
    AskedDay.objects.bulk_create(
        AskedDay(query=query, day=today - dt.timedelta(days=ago), times=times) for ago in range(days)
    )
    return query


def codes(text: str) -> list[str]:
    return [hit.name for hit in public.find(text).hits]


def shown(client: Client, show: str = "nothing") -> str:
    page = client.get(reverse("search_board:board"), {"show": show})
    assert page.status_code == 200
    return page.content.decode()


def queries(html: str) -> list[str]:
    return [row.h2.text for row in BeautifulSoup(html, "html.parser").select("article.sb-row")]


def lesson(client: Client, *, keep: bool = False, **sent: str):
    sent = {"text": "giấy con nít", "language": "vi", **sent}
    address = reverse("search_board:lesson")
    return client.post(address, sent) if keep else client.get(address, sent)


# Who


def test_who_may_not_change_word_groups_is_refused_everywhere(procedures):
    query = asked("giấy con nít")
    user = User.objects.create_user("clerk")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    user.user_permissions.add(Permission.objects.get(codename="view_wordgroup"))
    client = Client()
    client.force_login(user)
    sent = {"kind": SYNONYM, "text": "giấy con nít", "language": "vi", "legal": "khai sinh"}
    for address in (reverse("search_board:board"), reverse("search_board:query", args=[query.pk])):
        assert client.get(address).status_code == 302
    assert client.post(reverse("search_board:query", args=[query.pk]), {"codes": [BIRTH]}).status_code == 302
    for answer in (client.get(reverse("search_board:lesson"), sent), client.post(reverse("search_board:lesson"), sent)):
        assert answer.status_code == 302
    assert not WordGroup.objects.exists()
    assert not JudgedQuery.objects.exists()
    assert reverse("search_board:board") not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_stranger_is_sent_to_log_in(client, procedures):
    assert "/accounts/login/" in client.get(reverse("search_board:board"))["Location"]


def test_who_may_finds_the_board_in_the_menu(board, procedures):
    assert reverse("search_board:board") in board.get(reverse("wagtailadmin_home")).content.decode()


# What is shown


def test_what_finds_nothing_stands_there_the_most_asked_first(board, procedures):
    asked("xyzw qqqq", times=2)
    asked("wwxy zzzz", times=5)
    asked("đăng ký khai sinh", found=3)
    assert queries(shown(board)) == ["wwxy zzzz", "xyzw qqqq"]


def test_what_finds_something_since_leaves_the_list_of_what_finds_nothing(board, procedures):
    query = asked("đăng ký khai sinh", found=0)
    assert queries(shown(board)) == []
    query.refresh_from_db()
    assert query.found > 0


def test_what_two_days_have_seen_is_not_shown_to_editors_either(board, procedures):
    query = asked("nhà anh hùng xyzw", days=2, times=50)
    for show in ("nothing", "again", "most", "no-such-list"):
        assert "anh hùng" not in shown(board, show)
    assert board.get(reverse("search_board:query", args=[query.pk]), follow=True).status_code == 404


def test_a_pair_is_shown_only_where_both_may_be(board, procedures):
    first, second, rare = asked("giấy con nít"), asked("khai sinh"), asked("bí mật", days=2)
    Retyped.objects.create(first=first, second=second, times=7)
    Retyped.objects.create(first=first, second=rare, times=9)
    Retyped.objects.create(first=rare, second=second, times=9)
    html = shown(board, "again")
    assert queries(html) == ["giấy con nít"]
    assert "«khai sinh»" in html
    assert "bí mật" not in html


def test_the_most_asked_show_what_they_find_now(board, procedures):
    asked("đăng ký khai sinh", times=4)
    html = shown(board, "most")
    assert "Đăng ký khai sinh" in html
    assert BIRTH in html


def test_html_in_a_query_is_only_text(board, procedures):
    first = asked("<script>alert('a')</script> \"b\"")
    Retyped.objects.create(first=first, second=asked("<img src=x onerror=b>"), times=2)
    pages = [shown(board, show) for show in ("nothing", "again", "most")]
    pages.append(board.get(reverse("search_board:query", args=[first.pk])).content.decode())
    pages.append(lesson(board, kind=SYNONYM, text=first.text, legal="<b>khai sinh</b>").content.decode())
    for html in pages:
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<b>khai" not in html
        assert "&lt;script&gt;alert" in html


def test_the_board_costs_few_queries(board, procedures, django_assert_max_num_queries):
    for number in range(15):
        asked(f"đăng ký khai sinh {'a' * number}")
    shown(board, "most")
    with django_assert_max_num_queries(12):
        shown(board, "most")


def test_without_an_index_the_board_says_so(board):
    asked("khai sinh")
    html = shown(board, "most")
    assert "help-warning" in html


# Lessons


LESSONS = [
    (SYNONYM, {"legal": "đăng ký khai sinh"}),
    (PHRASE, {"code": BIRTH}),
    (BET, {"code": BIRTH}),
]


@pytest.mark.parametrize(("kind", "sent"), LESSONS)
def test_a_lesson_that_is_only_looked_at_changes_nothing(kind, sent, board, judged):
    before = codes("giấy con nít")
    page = lesson(board, kind=kind, **sent)
    assert page.status_code == 200
    assert page.context["trial"].after[0] == BIRTH
    assert page.context["trial"].total.success[1] > page.context["trial"].total.success[0]
    for model in (WordGroup, EverydayWords, BestBet):
        assert not model.objects.exists()
    assert codes("giấy con nít") == before
    assert BIRTH not in before


@pytest.mark.parametrize(("kind", "sent"), LESSONS)
def test_a_lesson_that_is_kept_is_found_at_once(kind, sent, board, judged, teacher, committing):
    query = asked("giấy con nít")
    with committing():
        answer = lesson(board, keep=True, kind=kind, **sent)
    assert answer.status_code == 302
    assert codes("giấy con nít")[0] == BIRTH
    query.refresh_from_db()
    row = {SYNONYM: WordGroup, PHRASE: EverydayWords, BET: BestBet}[kind].objects.get()
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user, entry.object_id) == ("wagtail.create", teacher, str(row.pk))


def test_the_count_of_results_is_new_after_a_lesson(board, judged, committing):
    query = asked("xyzw")
    with committing():
        lesson(board, keep=True, kind=SYNONYM, text="xyzw", legal="khai sinh")
    # Counted in the request, before the test's commit ran; the next look counts anew.
    shown(board)
    query.refresh_from_db()
    assert query.found > 0


@pytest.mark.parametrize(("kind", "sent"), LESSONS[:2])
def test_the_figures_before_and_after_are_those_of_the_evaluation(kind, sent, board, judged, committing):
    trial = lesson(board, kind=kind, **sent).context["trial"]
    known = frozenset(Procedure.objects.values_list("code", flat=True))
    groups = [query for group in trying.judged().values() for query in group]
    before = evaluation.evaluate(groups, evaluation.finder(), known)
    with committing():
        lesson(board, keep=True, kind=kind, **sent)
    after = evaluation.evaluate(groups, evaluation.finder(), known)
    assert trial.total.ndcg == (before.ndcg, after.ndcg)
    assert trial.total.success == (before.success[3], after.success[3])
    assert before.ndcg < after.ndcg


def test_figures_are_told_by_language_and_origin(board, judged):
    trial = lesson(board, kind=SYNONYM, legal="đăng ký khai sinh").context["trial"]
    assert [(row.language, row.origin, row.queries) for row in trial.groups] == [
        ("vi", "everyday", 2),
        ("vi", "real", 1),
    ]
    real = trial.groups[1]
    assert real.ndcg[0] == real.ndcg[1]


def test_queries_that_get_better_or_worse_are_named(board, judged):
    JudgedQuery.objects.get(text="dang ky ket hon").procedures.set([])
    trial = lesson(board, kind=SYNONYM, text="kết hôn", legal="khai tử\nđăng ký khai tử").context["trial"]
    assert trial.total.queries == 2
    better = lesson(board, kind=PHRASE, code=BIRTH).context["trial"].better
    assert [(row.text, row.place) for row in better][:1] == [("giấy con nít", (None, 1))]
    JudgedQuery.objects.get(text="dang ky ket hon").procedures.set([Procedure.objects.get(code=MARRIAGE)])
    worse = lesson(board, kind=BET, text="dang ky ket hon", code=COPY).context["trial"].worse
    assert [(row.text, row.place) for row in worse] == [("dang ky ket hon", (1, 2))]


def test_a_second_lesson_adds_to_the_row_that_is_there(board, judged, committing):
    for legal in ("khai sinh", "hộ tịch", "khai sinh"):
        with committing():
            lesson(board, keep=True, kind=SYNONYM, legal=legal)
    assert lines(WordGroup.objects.get().legal) == ("khai sinh", "hộ tịch")
    for text in ("giấy con nít", "giấy con nit", "tờ con nít"):
        for kind in (PHRASE, BET):
            with committing():
                lesson(board, keep=True, kind=kind, text=text, code=BIRTH)
    assert lines(EverydayWords.objects.get().phrases) == ("giấy con nít", "giấy con nit", "tờ con nít")
    assert lines(BestBet.objects.get().phrases) == ("giấy con nít", "tờ con nít")
    assert BestBet.objects.get().created_by.username == "teacher"


def test_words_in_the_place_of_a_code_offer_procedures_to_choose_from(board, judged):
    page = lesson(board, kind=PHRASE, code="dang ky khai sinh")
    assert "trial" not in page.context
    assert page.context["choices"][0].code == BIRTH
    page = lesson(board, keep=True, kind=PHRASE, code="dang ky khai sinh")
    assert page.status_code == 200
    assert not EverydayWords.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": SYNONYM}, "legal"),
        ({"kind": SYNONYM, "legal": "…"}, "legal"),
        ({"kind": SYNONYM, "legal": "a" * 121}, "legal"),
        ({"kind": PHRASE}, "code"),
        ({"kind": PHRASE, "code": BIRTH, "text": "###"}, "text"),
        ({"kind": PHRASE, "code": BIRTH, "text": ""}, "text"),
        ({"kind": PHRASE, "code": BIRTH, "language": "xx"}, "language"),
        ({"kind": "other", "code": BIRTH}, "kind"),
    ],
)
def test_what_is_no_lesson_is_refused_with_a_reason(sent, field, board, judged):
    for keep in (False, True):
        page = lesson(board, keep=keep, **sent)
        assert page.status_code == 200
        assert page.context["form"].errors[field]
    assert not WordGroup.objects.exists()
    assert not EverydayWords.objects.exists()


def test_a_draft_or_abolished_code_of_nobody_is_no_choice(board, judged):
    Procedure.objects.filter(code=BIRTH).update(live=False)
    page = lesson(board, keep=True, kind=PHRASE, code=BIRTH)
    assert page.status_code == 200
    assert not EverydayWords.objects.exists()


def test_a_row_that_is_full_refuses_in_the_editors_language(judged, teacher):
    full = "\n".join(f"cụm từ số {number}" for number in range(500))
    EverydayWords.objects.create(procedure=Procedure.objects.get(code=BIRTH), phrases=full)
    wanted = Lesson(PHRASE, "giấy con nít", "vi", procedure=Procedure.objects.get(code=BIRTH))
    with translation.override("vi"), pytest.raises(ValidationError) as refused:
        teach(wanted, by=teacher)
    assert "500" in refused.value.messages[0]
    assert "At most" not in refused.value.messages[0]
    assert EverydayWords.objects.get().phrases == full


def test_a_lesson_that_fails_is_told_on_the_page(board, judged):
    full = "\n".join(f"cụm từ số {number}" for number in range(500))
    EverydayWords.objects.create(procedure=Procedure.objects.get(code=BIRTH), phrases=full)
    for keep in (False, True):
        page = lesson(board, keep=keep, kind=PHRASE, code=BIRTH)
        assert page.status_code == 200
        assert page.context["form"].non_field_errors()


def test_trying_leaves_the_words_of_this_process_as_they_were(board, judged):
    before = knowledge.current()
    lesson(board, kind=SYNONYM, legal="đăng ký khai sinh")
    assert knowledge.current() is before


def searches(monkeypatch) -> list[str]:
    """Return what will list each query that is searched for while a lesson is measured."""
    asked_for: list[str] = []
    codes_of = trying.World.codes

    def counting(self, query):
        asked_for.append(query.typed)
        return codes_of(self, query)

    monkeypatch.setattr(trying.World, "codes", counting)
    return asked_for


def test_what_search_answers_now_is_measured_once_until_something_changes(board, judged, monkeypatch, committing):
    asked_for = searches(monkeypatch)
    lesson(board, kind=SYNONYM, legal="đăng ký khai sinh")
    # Before: three; afterwards only the two that are understood in another way.
    assert len(asked_for) == 5
    lesson(board, kind=SYNONYM, legal="đăng ký kết hôn")
    assert sorted(asked_for[5:]) == ["giấy con nít", "giấy con nít mất rồi"]
    lesson(board, kind=BET, code=BIRTH)
    assert len(asked_for) == 7
    with committing():
        lesson(board, keep=True, kind=PHRASE, code=BIRTH)
    assert lesson(board, kind=BET, code=MARRIAGE).context["trial"].before[0] == BIRTH
    assert len(asked_for) == 10
    with committing():
        lesson(board, keep=True, kind=BET, code=MARRIAGE)
    assert lesson(board, kind=PHRASE, code=COPY).context["trial"].before[0] == MARRIAGE


def test_one_lesson_at_a_time_is_measured_and_the_next_is_told_to_wait(board, judged, monkeypatch):
    monkeypatch.setattr(trying, "WAIT", 0.05)
    with trying.measuring():
        page = lesson(board, kind=SYNONYM, legal="đăng ký khai sinh")
        assert page.status_code == 200
        assert "Hãy thử lại" in page.context["form"].non_field_errors()[0]
        assert "trial" not in page.context
    assert lesson(board, kind=SYNONYM, legal="đăng ký khai sinh").context["trial"]


# Masked, long, and known already


def test_a_masked_query_is_neither_taught_nor_judged_and_says_why(board, procedures):
    query = asked("khai sinh #")
    address = reverse("search_board:query", args=[query.pk])
    for html in (shown(board, "most"), board.get(address).content.decode()):
        page = BeautifulSoup(html, "html.parser")
        assert "không ai biết người dân đã gõ gì" in html
        assert not page.select("[name=kind], [name=codes], [name=more]")
    assert board.post(address, {"codes": [BIRTH]}).status_code == 200
    assert not JudgedQuery.objects.exists()
    for kind, sent in LESSONS:
        page = lesson(board, keep=True, kind=kind, text=query.text, **sent)
        assert "không ai biết" in page.context["form"].errors["text"][0]
    assert not WordGroup.objects.exists()


def test_a_query_that_is_too_long_is_told_once_and_may_be_shortened(board, judged):
    query = asked("khai sinh " + "rất lâu " * 20)
    assert "dài hơn 120 chữ" in board.get(reverse("search_board:query", args=[query.pk])).content.decode()
    page = lesson(board, kind=PHRASE, text=query.text, code=BIRTH)
    assert len(page.context["form"].errors["text"]) == 1
    assert query.text.strip() in page.content.decode()


def test_a_best_bet_behind_another_one_says_its_place(board, procedures):
    BestBet.objects.create(procedure=procedures[MARRIAGE], phrases="giay con nit")
    page = lesson(board, kind=BET, code=BIRTH)
    html = page.content.decode()
    assert page.context["place"] == 2
    assert f"đang đứng trước cho câu này: «Đăng ký kết hôn» ({MARRIAGE})" in html
    assert "ở vị trí 2" in html
    alone = lesson(board, kind=BET, text="tờ con nít", code=BIRTH)
    assert (alone.context["place"], alone.context["before_it"]) == (1, [])
    assert "đang đứng trước" not in alone.content.decode()


def test_a_synonym_that_is_added_to_a_group_says_so_with_its_words(board, judged):
    WordGroup.objects.create(everyday="giấy con nít\ntờ trẻ", legal="trích lục", kind="everyday")
    assert "«giấy con nít, tờ trẻ» → «trích lục»" in lesson(board, kind=SYNONYM, legal="khai sinh").content.decode()
    page = lesson(board, kind=SYNONYM, text="bìa đỏ", legal="khai sinh")
    assert page.context["extended"] is None


def test_the_verdict_stands_first_and_groups_without_change_are_folded(board, judged):
    html = lesson(board, kind=SYNONYM, legal="đăng ký khai sinh").content.decode()
    page = BeautifulSoup(html, "html.parser")
    assert page.select_one(".sb-verdict .sb-better")
    assert "Đăng ký khai sinh" in page.select_one(".sb-verdict").text
    assert html.index("sb-verdict") < html.index("sb-figures")
    [folded] = [part for part in page.select("details") if part.select("table")]
    assert "real" in folded.text
    assert "everyday" not in folded.text
    html = lesson(board, kind=SYNONYM, text="xyzw", legal="khai sinh").content.decode()
    assert BeautifulSoup(html, "html.parser").select_one(".sb-verdict .sb-same")


def test_one_comes_back_to_where_one_was(board, judged, committing):
    asked("giấy con nít")
    page = BeautifulSoup(board.get(reverse("search_board:board"), {"show": "most", "p": 1}).content, "html.parser")
    here = page.select_one(".sb-teach [name=next]")["value"]
    assert here == reverse("search_board:board") + "?show=most&p=1"
    html = BeautifulSoup(lesson(board, kind=PHRASE, code=BIRTH, next=here).content, "html.parser")
    assert html.select_one(".sb-confirm a")["href"] == here
    with committing():
        assert lesson(board, keep=True, kind=PHRASE, code=BIRTH, next=here)["Location"] == here


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""])
def test_one_is_sent_to_no_other_site(address, board, judged, committing):
    with committing():
        answer = lesson(board, keep=True, kind=PHRASE, code=BIRTH, next=address)
    assert answer["Location"] == reverse("search_board:board")


def test_choosing_a_procedure_names_the_query(board, judged):
    assert "«giấy con nít»" in lesson(board, kind=PHRASE, code="dang ky khai sinh").content.decode()


# Judging


def test_marking_results_makes_the_judged_set_grow(board, procedures, teacher):
    query = asked("đăng ký khai sinh")
    address = reverse("search_board:query", args=[query.pk])
    page = board.get(address)
    assert page.context["row"].results[0].code == BIRTH
    answer = board.post(address, {"codes": [BIRTH], "more": f"{COPY}\n"})
    assert answer.status_code == 302
    row = JudgedQuery.objects.get()
    assert (row.text, row.language, row.origin) == ("đăng ký khai sinh", "vi", "editor")
    assert set(row.procedures.values_list("code", flat=True)) == {BIRTH, COPY}
    marked = {result.code for result in board.get(address).context["row"].results if result.is_judged_right}
    assert BIRTH in marked
    assert ModelLogEntry.objects.get().user == teacher


def stamp_of(page) -> str:
    return BeautifulSoup(page.content, "html.parser").select_one("[name=stamp]").get("value", "")


def test_a_judgement_over_somebody_elses_is_refused_and_says_which(board, procedures):
    query = asked("đăng ký khai sinh")
    address = reverse("search_board:query", args=[query.pk])
    opened = stamp_of(board.get(address))
    board.post(address, {"codes": [BIRTH], "stamp": opened})
    refused = board.post(address, {"more": COPY, "stamp": opened})
    assert refused.status_code == 200
    [message] = refused.context["form"].non_field_errors()
    assert "teacher" in message
    assert BIRTH in message
    row = JudgedQuery.objects.get()
    assert [procedure.code for procedure in row.procedures.all()] == [BIRTH]
    assert board.post(address, {"more": COPY, "stamp": stamp_of(refused)}).status_code == 302
    assert [procedure.code for procedure in row.procedures.all()] == [COPY]


@pytest.mark.parametrize(
    "sent", [{}, {"codes": ["9.999999"]}, {"more": "9.999999"}, {"codes": [BIRTH], "more": "no code"}]
)
def test_a_judgement_without_a_procedure_of_the_site_is_refused(sent, board, procedures):
    query = asked("đăng ký khai sinh")
    page = board.post(reverse("search_board:query", args=[query.pk]), sent)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not JudgedQuery.objects.exists()


def test_a_judgement_with_a_slip_keeps_the_marks_that_were_sent(board, procedures):
    query = asked("đăng ký khai sinh")
    page = board.post(reverse("search_board:query", args=[query.pk]), {"codes": [BIRTH], "more": "9.999999"})
    checked = BeautifulSoup(page.content, "html.parser").select("[name=codes][checked]")
    assert [box["value"] for box in checked] == [BIRTH]


@pytest.mark.parametrize("more", [f"{BIRTH}, {COPY}", f"{BIRTH} {COPY}", f"{BIRTH};{COPY},\n", f"{BIRTH}\r\n{COPY}"])
def test_codes_may_stand_between_commas_or_spaces(more, board, procedures):
    query = asked("xyzw qqqq")
    assert board.post(reverse("search_board:query", args=[query.pk]), {"more": more}).status_code == 302
    assert set(JudgedQuery.objects.get().procedures.values_list("code", flat=True)) == {BIRTH, COPY}


def test_clearing_every_mark_takes_the_judgement_back(board, procedures, teacher):
    query = asked("đăng ký khai sinh")
    address = reverse("search_board:query", args=[query.pk])
    board.post(address, {"codes": [BIRTH]})
    opened = stamp_of(board.get(address))
    # Somebody who never saw the judgement takes nothing back.
    assert board.post(address, {"stamp": ""}).status_code == 200
    assert JudgedQuery.objects.exists()
    assert board.post(address, {"stamp": opened}).status_code == 302
    assert not JudgedQuery.objects.exists()
    assert ModelLogEntry.objects.filter(action="wagtail.delete", user=teacher).exists()
