"""The list's columns and order, and views that people keep: one's own, shared ones, those that don't fit any more."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from desk.columns import ALL, USUAL
from desk.forms.saved import MOST
from desk.models import SavedView
from tests.desk.cast import MONDAY, Cast, person
from tests.desk.crowd import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db
LIST, SAVE = "/desk/dossiers/", "/desk/views/"


@pytest.fixture
def open_as(open_as, monkeypatch):
    """Log a person of the cast in, on a Monday in March."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return open_as


def keep(client, query: object, name: str = "Chờ bổ sung", **more: str):
    """Send the form."""
    return client.post(SAVE, {"view-name": name, "view-query": json.dumps(query), **more})


def view_of(cast: Cast, owner: str, **more) -> SavedView:
    """Return a view that somebody keeps."""
    values = {"agency": cast.commune, "name": "Của tôi", "query": {"whose": ["me"]}, "made_at": NOW, **more}
    return SavedView.objects.create(owner=cast.people[owner], **values)


def codes(answer) -> list[str]:
    return [line.row.code for line in answer.context["page"].lines]


def test_columns_are_chosen_and_the_code_always_stands_there(cast, open_as):
    dossier = cast.processing(NOW)
    client = open_as("handler")
    usual = client.get(LIST)
    assert [column.key for column in usual.context["columns"]] == list(USUAL)
    for column in ALL:
        answer = client.get(LIST, {"cols": column.key})
        keys = {each.key for each in answer.context["columns"]}
        assert keys == {"code", column.key} and dossier.code in answer.content.decode(), column.key
    everything = client.get(LIST, {"cols": [column.key for column in ALL]}).content.decode()
    for text in ("Thẩm định", "Sở Tư pháp", "23/03/2026", "trực tiếp", cast.procedure.code, "Nguyễn Thị Lan"):
        assert text in everything, text
    wrong = client.get(LIST, {"cols": ["due", "no-column"]})
    assert wrong.status_code == 200 and wrong.context["form"].errors["cols"]
    assert [column.key for column in wrong.context["columns"]] == list(USUAL)


def test_the_newest_first_or_the_most_pressing(cast, open_as, django_assert_max_num_queries):
    made = [cast.received(MONDAY + hours * HOUR).code for hours in (0, 26, 1, 50)]
    client = open_as("clerk")
    newest = [made[3], made[1], made[2], made[0]]
    assert codes(client.get(LIST)) == newest[::-1]
    assert codes(client.get(LIST, {"sort": "newest"})) == newest
    assert codes(client.get(LIST, {"sort": "newest", "state": "2"})) == newest
    late = client.get(LIST, {"sort": "newest", "due": "overdue"})
    assert codes(late) == newest[::-1] and "Hẹn trả" in str(late.context["form"].errors["sort"])
    with django_assert_max_num_queries(12):
        client.get(LIST, {"sort": "newest"})


def test_a_view_keeps_filters_columns_and_order_but_no_search(cast, open_as):
    dossier = cast.processing(NOW)
    client = open_as("handler")
    asked = {"whose": "me", "sort": "newest", "cols": ["due", "code"], "q": "Nguyễn Thị Lan", "after": "x", "more": "y"}
    page = client.get(LIST, {**asked, "after": ""})
    query = json.loads(page.context["saving"]["query"].value())
    assert query == {"whose": ["me"], "sort": ["newest"], "cols": ["due", "code"]}
    kept = keep(client, query)
    view = SavedView.objects.get()
    assert kept.url == f"/desk/views/{view.pk}/" and not view.is_shared and view.owner == cast.people["handler"]
    opened = client.get(kept.url, follow=True)
    assert codes(opened) == [dossier.code] and opened.context["opened"] == view
    assert [column.key for column in opened.context["columns"]] == ["due", "code"]


def test_a_shared_view_is_the_whole_agencys_and_nobody_elses(cast, open_as):
    colleague = person("colleague", cast.commune, "clerk")
    cast.people["colleague"] = colleague
    shared, own = view_of(cast, "clerk", is_shared=True), view_of(cast, "clerk", name="Riêng")
    for name, status in {
        "clerk": (302, 302),
        "colleague": (302, 404),
        "stranger": (404, 404),
        "handler": (404, 404),
    }.items():
        client = open_as(name)
        assert tuple(client.get(view.get_absolute_url()).status_code for view in (shared, own)) == status, name
    assert set(open_as("colleague").get(LIST).context["views"]) == {shared}
    assert set(open_as("stranger").get(LIST).context["views"]) == set()


def test_only_its_owner_removes_a_view(cast, open_as):
    shared, own = view_of(cast, "clerk", is_shared=True), view_of(cast, "clerk", name="Riêng")
    for name, status in {"head": (403, 404), "stranger": (404, 404)}.items():
        tries = [open_as(name).post(f"{view.get_absolute_url()}remove/").status_code for view in (shared, own)]
        assert tuple(tries) == status, name
    assert open_as("clerk").get(f"{own.get_absolute_url()}remove/").status_code == 405
    assert open_as("clerk").post(f"{own.get_absolute_url()}remove/").url == LIST
    assert SavedView.objects.get() == shared


def test_a_view_that_does_not_fit_any_more_is_told_in_words(cast, open_as):
    dossier = cast.received(NOW)
    gone = view_of(
        cast, "clerk", query={"agency": [str(cast.neighbour.pk)], "procedure": ["9.999999"], "due": ["later"]}
    )
    answer = open_as("clerk").get(gone.get_absolute_url(), follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert len(said) == 3 and all("Của tôi" in text for text in said)
    assert any("Không có thủ tục nào khớp" in text for text in said)
    assert codes(answer) == [dossier.code]


@pytest.mark.parametrize(
    "query", [[], "x", {"no": ["x"]}, {"due": "overdue"}, {"due": [1]}, {"procedure": ["x" * 500]}]
)
def test_a_view_that_cannot_be_read_is_told_and_none_is_kept(cast, open_as, query):
    client = open_as("clerk")
    answer = keep(client, query)
    assert answer.status_code == 400 and answer.context["saving"].errors["query"]
    broken = view_of(cast, "clerk", query=query)
    said = client.get(broken.get_absolute_url(), follow=True)
    assert "Không đọc được cách xem này" in said.content.decode()


def test_bad_names_are_told_and_stay_as_they_were_typed(cast, open_as):
    client = open_as("clerk")
    view_of(cast, "clerk", name="Đã có")
    for name, reason in {
        "": "Hãy điền", "  ": "Hãy điền", "x" * 10_000: "quá dài", "Đã có": "đã có cách xem",
        "a\x00b": "không nhìn thấy",
    }.items():  # fmt: skip
        answer = keep(client, {"due": ["overdue"]}, name, **{"view-is_shared": "on"})
        assert answer.status_code == 400, name[:20]
        form = answer.context["saving"]
        assert reason.lower() in str(form.errors["name"]).lower(), name[:20]
        assert form["name"].value() == name and form["is_shared"].value() is True
        assert answer.context["form"]["due"].value() == "overdue", "the list is still the one that is to be kept"
    assert SavedView.objects.count() == 1
    assert client.post(SAVE, {}).status_code == 400


def test_nobody_keeps_more_views_than_can_be_found_again(cast, open_as):
    for number in range(MOST):
        view_of(cast, "clerk", name=f"{number}")
    answer = keep(open_as("clerk"), {})
    assert answer.status_code == 400 and str(MOST) in str(answer.context["saving"].non_field_errors())


def test_a_name_is_there_once_even_if_the_button_is_pressed_twice(cast, open_as, monkeypatch):
    view_of(cast, "clerk")
    with pytest.raises(IntegrityError), transaction.atomic():
        view_of(cast, "clerk")
    monkeypatch.setattr("desk.forms.saved.SavedViewForm.clean_name", lambda form: form.cleaned_data["name"])
    answer = keep(open_as("clerk"), {}, "Của tôi")
    assert answer.status_code == 400 and "đã có cách xem" in str(answer.context["saving"].errors["name"])


def test_wrong_pages_columns_and_texts_of_ten_thousand_letters_are_answered(cast, open_as):
    cast.received(NOW - DAY)
    client = open_as("clerk")
    long = "x" * 10_000
    for asked in (
        {"cols": long}, {"sort": long}, {"state": long}, {"whose": long}, {"side": "x"}, {"view": long}, {"q": long},
        {"procedure": long}, {"view": "²"}, {"state": "²"}, {"agency": "9" * 400},
    ):  # fmt: skip
        assert client.get(LIST, asked).status_code == 200, asked
    assert client.get(LIST, {"after": long}).status_code == 302
    assert client.get("/desk/views/99999999999/").status_code == 404
