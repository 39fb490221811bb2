"""The editors' screens of words: found, filtered, changed, marked, and in force at once."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from portal.models import User
from search import public
from search.models import BestBet, EverydayWords, JudgedQuery, QuestionWords, Situation, SituationProcedure, WordGroup
from tests.portal.test_cms import assert_saved, edit, errors, form_data, url

pytestmark = pytest.mark.django_db
BIRTH, MARRIAGE, COPY = "1.001193", "1.000894", "2.000635"
KINDS = [BestBet, EverydayWords, JudgedQuery, QuestionWords, Situation, WordGroup]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor"))
    return client


@pytest.fixture
def rows(procedures):
    """A row of each kind."""
    situation = Situation.objects.create(phrases="mới sinh con\nvừa đẻ")
    SituationProcedure.objects.create(situation=situation, procedure=procedures[BIRTH])
    judged = JudgedQuery.objects.create(text="giấy con nít", origin="real")
    judged.procedures.set([procedures[BIRTH]])
    made = [
        WordGroup.objects.create(everyday="sổ đỏ\nbìa đỏ", legal="giấy chứng nhận quyền sử dụng đất", field="Đất đai"),
        EverydayWords.objects.create(procedure=procedures[BIRTH], phrases="làm giấy con nít"),
        QuestionWords.objects.create(part="papers", phrases="cần giấy tờ gì"),
        BestBet.objects.create(procedure=procedures[MARRIAGE], phrases="lấy vợ"),
        situation,
        judged,
    ]
    return {type(row): row for row in made}


def codes(text: str) -> list[str]:
    return [hit.name for hit in public.find(text).hits]


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_all_screens_open_and_saving_as_it_stands_changes_nothing(model, rows, editor):
    row = rows[model]
    for address in (url(model, "list"), url(model, "add"), url(model, "edit", row.pk), url(model, "delete", row.pk)):
        assert editor.get(address).status_code == 200, address
    kept = model.objects.values().get()
    assert_saved(edit(editor, row, {}))
    changed = {name for name, value in model.objects.values().get().items() if kept[name] != value}
    assert changed <= {"updated_at"}


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_who_has_no_right_is_sent_away(model, rows, client):
    user = User.objects.create_user("clerk")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert client.get(url(model, "list")).status_code == 302
    assert client.post(url(model, "edit", rows[model].pk), {"phrases": "x"}).status_code == 302


@pytest.mark.parametrize(
    ("model", "query", "is_found"),
    [
        (WordGroup, "so do", True),
        (WordGroup, "sổ đỏ", True),
        (WordGroup, "quyen su dung", True),
        (WordGroup, "khai sinh", False),
        (EverydayWords, "con nit", True),
        (EverydayWords, BIRTH, True),
        (EverydayWords, "khai sinh", True),
        (Situation, "moi sinh", True),
        (QuestionWords, "can giay to", True),
        (BestBet, "lay vo", True),
        (JudgedQuery, "giay con", True),
        (JudgedQuery, "kết hôn", False),
    ],
)
def test_lists_find_with_and_without_marks(model, query, is_found, rows, editor):
    found = editor.get(url(model, "list"), {"q": query}).context["object_list"]
    assert (rows[model] in found) is is_found


def test_lists_filter_by_language_kind_and_review(rows, editor):
    english = WordGroup.objects.create(
        everyday="birth paper", legal="khai sinh", language="en", kind="foreign", is_reviewed=True
    )
    for params in ({"language": "en"}, {"kind": "foreign"}, {"is_reviewed": "true"}):
        found = list(editor.get(url(WordGroup, "list"), params).context["object_list"])
        assert found == [english], params
    assert list(editor.get(url(JudgedQuery, "list"), {"origin": "real"}).context["object_list"])
    assert not list(editor.get(url(JudgedQuery, "list"), {"language": "ko"}).context["object_list"])


def test_a_synonym_that_is_saved_is_found_at_once(procedures, editor, committing):
    assert BIRTH not in codes("giấy con nít")
    data = form_data(editor.get(url(WordGroup, "add")))
    data |= {"everyday": "giấy con nít", "legal": "đăng ký khai sinh", "language": "vi", "kind": "everyday"}
    with committing():
        assert_saved(editor.post(url(WordGroup, "add"), data))
    assert codes("giấy con nít")[0] == BIRTH
    with committing():
        assert_saved(edit(editor, WordGroup.objects.get(), {"legal": "đăng ký kết hôn"}))
    assert codes("giấy con nít")[0] == MARRIAGE
    with committing():
        editor.post(url(WordGroup, "delete", WordGroup.objects.get().pk))
    assert codes("giấy con nít")[0] not in (BIRTH, MARRIAGE)


def test_phrases_situations_and_best_bets_that_are_saved_are_found_at_once(rows, editor, committing):
    with committing():
        assert_saved(edit(editor, rows[EverydayWords], {"phrases": "tờ con nít xyzw"}))
    assert codes("tờ con nít xyzw")[0] == BIRTH
    with committing():
        change = {"needs-TOTAL_FORMS": "2", "needs-1-procedure": str(rows[BestBet].procedure_id), "needs-1-ORDER": "2"}
        assert_saved(edit(editor, rows[Situation], {**change, "phrases": "vừa đẻ zzzz"}))
    assert {BIRTH, MARRIAGE} <= set(codes("vừa đẻ zzzz"))
    with committing():
        assert_saved(edit(editor, rows[BestBet], {"phrases": "dang ky khai sinh"}))
    assert codes("Đăng ký khai sinh")[0] == MARRIAGE


def test_a_procedure_that_is_taken_off_a_situation_is_not_found_by_it(rows, editor, procedures, committing):
    SituationProcedure.objects.create(situation=rows[Situation], procedure=procedures[MARRIAGE], sort_order=1)
    with committing():
        assert_saved(edit(editor, rows[Situation], {"needs-0-DELETE": "on"}))
    with committing():
        assert_saved(edit(editor, rows[Situation], {"phrases": "vừa đẻ zzzz"}))
    assert codes("zzzz") in ([MARRIAGE], [])
    assert BIRTH not in codes("vừa đẻ zzzz")[:1]


def test_phrases_stay_with_their_procedure(rows, editor, procedures):
    assert_saved(edit(editor, rows[EverydayWords], {"procedure": str(procedures[COPY].pk), "language": "en"}))
    row = EverydayWords.objects.get()
    assert (row.procedure.code, row.language) == (BIRTH, "vi")


@pytest.mark.parametrize(
    ("model", "change", "words"),
    [
        (WordGroup, {"everyday": ""}, "bắt buộc"),
        (WordGroup, {"everyday": "a" * 121}, "120"),
        (WordGroup, {"legal": "?!"}, "chữ cái"),
        (WordGroup, {"language": "xx"}, "xx"),
        (QuestionWords, {"phrases": "…"}, "chữ cái"),
        (BestBet, {"phrases": "\n".join(f"câu {n}" for n in range(501))}, "500"),
        (Situation, {"needs-0-DELETE": "on"}, ""),
        (JudgedQuery, {"procedures": []}, "thủ tục"),
        (JudgedQuery, {"more": "9.999999"}, "9.999999"),
    ],
)
def test_what_is_wrong_is_refused_in_the_editors_language(model, change, words, rows, editor):
    profile = UserProfile.get_for_user(User.objects.get(username="editor"))
    profile.preferred_language = "vi"
    profile.save()
    kept = model.objects.values().get()
    answer = edit(editor, rows[model], change)
    assert answer.status_code == 200
    assert words in errors(answer).lower() or words in errors(answer)
    assert model.objects.values().get() == kept


def test_a_second_group_of_the_same_word_is_refused(rows, editor):
    data = form_data(editor.get(url(WordGroup, "add")))
    data |= {"everyday": "Sổ đỏ", "legal": "đất", "language": "vi", "kind": "everyday"}
    answer = editor.post(url(WordGroup, "add"), data)
    assert answer.status_code == 200
    [message] = answer.context["form"].errors["everyday"]
    assert f'<a href="{url(WordGroup, "edit", rows[WordGroup].pk)}">' in message
    assert f'href="{url(WordGroup, "edit", rows[WordGroup].pk)}"' in answer.content.decode()


def test_a_second_row_of_a_procedure_leads_to_the_first(rows, editor, procedures):
    data = form_data(editor.get(url(EverydayWords, "add")))
    data |= {"procedure": str(procedures[BIRTH].pk), "language": "vi", "phrases": "sinh con"}
    answer = editor.post(url(EverydayWords, "add"), data)
    assert f'href="{url(EverydayWords, "edit", rows[EverydayWords].pk)}"' in errors(answer)


@pytest.mark.parametrize(
    ("model", "change", "field"),
    [
        (BestBet, {"phrases": "cưới vợ\nLay vo"}, "phrases"),
        (JudgedQuery, {"text": "Giay con  nit", "language": "vi", "more": BIRTH}, "text"),
    ],
)
def test_what_differs_from_another_row_in_its_marks_only_is_refused(model, change, field, rows, editor, procedures):
    data = form_data(editor.get(url(model, "add")))
    answer = editor.post(url(model, "add"), {**data, "procedure": str(procedures[MARRIAGE].pk), **change})
    assert answer.status_code == 200
    [message] = answer.context["form"].errors[field]
    assert f'href="{url(model, "edit", rows[model].pk)}"' in message
    assert model.objects.count() == 1


def test_one_query_twice_in_a_best_bet_is_refused_and_of_another_procedure_is_not(rows, editor, procedures):
    answer = edit(editor, rows[BestBet], {"phrases": "lấy vợ\nlay vo"})
    assert "lay vo" in errors(answer)
    data = form_data(editor.get(url(BestBet, "add")))
    assert_saved(
        editor.post(url(BestBet, "add"), {**data, "procedure": str(procedures[BIRTH].pk), "phrases": "lay vo"})
    )


def test_many_rows_are_marked_as_reviewed_at_once(rows, editor):
    address = reverse("wagtail_bulk_action", args=["search", "wordgroup", "mark_reviewed"])
    params = f"?id={rows[WordGroup].pk}&next={url(WordGroup, 'list')}"
    assert "sổ đỏ" in editor.get(address + params).content.decode()
    assert not WordGroup.objects.get().is_reviewed
    assert editor.post(address + params).status_code == 302
    assert WordGroup.objects.get().is_reviewed


def test_who_may_only_look_marks_nothing(rows, client):
    user = User.objects.create_user("clerk")
    for codename in ("access_admin", "view_wordgroup"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    address = reverse("wagtail_bulk_action", args=["search", "wordgroup", "mark_reviewed"])
    client.post(f"{address}?id={rows[WordGroup].pk}")
    assert not WordGroup.objects.get().is_reviewed


# Two editors at one row


CHANGES = {
    BestBet: ("phrases", "lấy vợ\nlấy chồng", "lấy vợ\ncưới vợ"),
    EverydayWords: ("phrases", "làm giấy con nít\ntờ con nít", "làm giấy con nít\ngiấy trẻ con"),
    JudgedQuery: ("more", MARRIAGE, COPY),
    QuestionWords: ("phrases", "cần giấy tờ gì\ngiấy tờ nào", "cần giấy tờ gì\nhồ sơ gì"),
    Situation: ("phrases", "mới sinh con\nvừa đẻ\nmới đẻ", "mới sinh con\nvừa đẻ\nsinh em bé"),
    WordGroup: ("legal", "giấy chứng nhận", "quyền sử dụng đất"),
}


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_the_later_of_two_saves_is_refused_and_says_what_was_saved_meanwhile(model, rows, editor):
    field, theirs, mine = CHANGES[model]
    address = url(model, "edit", rows[model].pk)
    opened = form_data(editor.get(address))
    assert_saved(edit(editor, rows[model], {field: theirs}))
    kept = model.objects.values().get()
    refused = editor.post(address, {**opened, field: mine})
    assert refused.status_code == 200
    [message] = refused.context["form"].non_field_errors()
    assert "editor" in message
    assert theirs.splitlines()[-1] in message
    assert theirs.splitlines()[-1] in BeautifulSoup(refused.content, "html.parser").select_one(".messages").text
    assert model.objects.values().get() == kept
    # Who has read it and saves again means it.
    assert_saved(editor.post(address, {**form_data(refused), field: mine}))
    assert model.objects.values().get() != kept or model is JudgedQuery


def test_a_form_without_its_stamp_or_with_another_rows_is_refused(rows, editor):
    address = url(WordGroup, "edit", rows[WordGroup].pk)
    opened = form_data(editor.get(address))
    foreign = form_data(editor.get(url(BestBet, "edit", rows[BestBet].pk)))["stamp"]
    for stamp in ("", "x", foreign):
        assert editor.post(address, {**opened, "legal": "đất", "stamp": stamp}).status_code == 200
    assert WordGroup.objects.get().legal == rows[WordGroup].legal
