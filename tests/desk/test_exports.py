"""Workbooks of the list and of the register: what is seen and nothing more, never a formula, and who took it."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from desk import exporting
from desk.identities import Identifier, Person
from desk.permissions import REGISTER_READERS
from tests.desk.cast import LAN, MONDAY, ROLES
from tests.desk.crowd import DAY, HOUR, NOW, make_crowd

pytestmark = pytest.mark.django_db
LIST, EXPORT = "/desk/dossiers/", "/desk/dossiers.xlsx"
REGISTER, REGISTER_FILE = "/desk/register/", "/desk/register.xlsx"
MARCH = {"first_day": "2026-03-01", "last_day": "2026-03-31"}


@pytest.fixture
def open_as(open_as, monkeypatch):
    """Log a person of the cast in, on a Monday in March."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return open_as


def rows_of(answer) -> list[tuple[Any, ...]]:
    """Return the values of a workbook's lines."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    sheet = load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def codes_on(client, asked: dict[str, Any]) -> list[str]:
    """Return the codes of all pages of a list."""
    found, after = [], ""
    while True:
        page = client.get(LIST, {**asked, "after": after} if after else asked).context["page"]
        found += [line.row.code for line in page.lines]
        after = page.after
        if not after:
            return found


@pytest.mark.parametrize("name", ["clerk", "handler", "supervisor", "stranger"])
@pytest.mark.parametrize("asked", [{}, {"state": "all"}, {"due": "overdue"}, {"whose": "nobody"}, {"sort": "newest"}])
def test_the_workbook_has_what_is_seen_in_its_order(cast, open_as, name, asked):
    make_crowd(cast)
    client = open_as(name)
    head, *rows = rows_of(client.get(EXPORT, asked))
    assert head == ("Còn lại", "Hẹn trả", "Mã", "Thủ tục", "Người yêu cầu", "Trạng thái", "Đang giữ")
    assert [row[2] for row in rows] == codes_on(client, asked)
    assert rows or name == "stranger" or (name, asked) == ("handler", {"whose": "nobody"})


def test_it_has_the_columns_that_were_chosen_as_their_own_kinds(cast, open_as):
    dossier = cast.received(NOW - HOUR)
    (head, row) = rows_of(open_as("clerk").get(EXPORT, {"cols": ["submitted", "due"]}))
    assert len(head) == 3
    assert row == (
        dossier.due_at.astimezone(NOW.tzinfo).replace(tzinfo=None), dossier.code, (NOW - HOUR).replace(tzinfo=None),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("http://x")', "+84", "-1", "@SUM(A1)", "#N/A", "\t=1"])
def test_what_people_wrote_is_never_a_formula(cast, open_as, name):
    cast.received(NOW, applicant=Person(name, identifiers=(Identifier("citizen_card", "048123456789"),)))
    body = b"".join(open_as("clerk").get(EXPORT, {"cols": "applicant"}).streaming_content)
    cell = load_workbook(io.BytesIO(body)).active["B2"]
    assert cell.data_type == "s" and cell.value == name.strip()


def test_a_filter_that_cannot_be_read_exports_nothing(cast, open_as):
    cast.received(NOW)
    for asked in (
        {"cols": "nonsense"},
        {"procedure": "9.999999"},
        {"agency": cast.neighbour.pk},
        {"due": "x" * 10_000},
    ):
        answer = open_as("clerk").get(EXPORT, asked)
        assert answer.status_code == 302 and answer.url.startswith(LIST)
        assert open_as("clerk").get(answer.url).context["form"].errors


def test_it_is_bounded_and_the_page_says_so(cast, open_as, monkeypatch):
    for number in range(5):
        cast.received(NOW - number * HOUR)
    monkeypatch.setattr(exporting, "MOST", 3)
    monkeypatch.setattr("desk.views.queue.MOST", 3)
    monkeypatch.setattr("desk.queues.MOST", 2)
    client = open_as("clerk")
    assert len(rows_of(client.get(EXPORT))) == 1 + 3
    assert "tối đa 3 dòng" in client.get(LIST).content.decode()


def test_who_took_how_many_rows_is_written_down_without_names(cast, open_as, caplog):
    cast.received(NOW)
    with caplog.at_level(logging.INFO, "desk.audit"):
        rows_of(open_as("clerk").get(EXPORT, {"q": "Nguyễn Thị Lan", "state": "all"}))
    line = json.loads(caplog.records[-1].message)
    assert line == {
        "event": "desk.exported.dossiers", "user": cast.people["clerk"].pk, "at": NOW.isoformat(), "rows": 1,
        "narrowed_by": ["q", "state"],
    }  # fmt: skip
    assert "Lan" not in caplog.text


def test_it_is_not_kept_by_a_cache_and_a_stranger_logs_in_first(cast, client, open_as):
    assert client.get(EXPORT).url == f"/accounts/login/?next={EXPORT}"
    assert client.get(REGISTER_FILE).url == f"/accounts/login/?next={REGISTER_FILE}"
    assert open_as("clerk").get(EXPORT)["Cache-Control"] == "private, no-store"
    assert open_as("clerk").post(EXPORT).status_code == 405


def test_the_register_shows_what_the_centre_received_and_its_workbook_has_the_same(cast, open_as, caplog):
    first, second = cast.received(MONDAY, applicant=LAN), cast.received(MONDAY + DAY)
    cast.received(MONDAY - 5 * DAY)
    client = open_as("head")
    page = client.get(REGISTER, {**MARCH, "agency": cast.commune.pk})
    assert [row.code for row in page.context["rows"]] == [first.code, second.code] and page.context["count"] == 2
    with caplog.at_level(logging.INFO, "desk.audit"):
        answer = client.get(f"{REGISTER_FILE}?{page.context['download']}")
    assert [row[1] for row in rows_of(answer)[1:]] == [first.code, second.code]
    line = json.loads(caplog.records[-1].message)
    assert (line["event"], line["rows"], line["agency"]) == ("desk.exported.register", 2, cast.commune.pk)
    assert client.get(REGISTER).context["count"] == 2, "this month until today, of one's own agency"


def test_the_register_is_read_by_its_posts_alone(cast, open_as):
    cast.received(MONDAY)
    for name in (*ROLES, "stranger"):
        client = open_as(name)
        own = 200 if name in REGISTER_READERS or name == "stranger" else 403
        assert client.get(REGISTER).status_code == own, name
        assert (f'href="{REGISTER}"' in client.get(LIST).content.decode()) is (own == 200), name
        for address in (REGISTER, REGISTER_FILE):
            neighbours = client.get(address, {**MARCH, "agency": cast.commune.pk}).status_code
            assert neighbours == {"stranger": 404}.get(name, own), (name, address)


@pytest.mark.parametrize(
    "asked",
    [
        {"first_day": "2026-03-31", "last_day": "2026-03-01"}, {"first_day": "2024-01-01", "last_day": "2026-03-01"},
        {"first_day": "x" * 10_000, "last_day": "2026-03-01"}, {"first_day": "", "last_day": ""}, {"agency": "x"},
        {"agency": "²"}, {"first_day": "31/02/2026"},
    ],
)  # fmt: skip
def test_a_period_that_cannot_be_is_told_and_stays_as_it_was_typed(cast, open_as, asked):
    client = open_as("clerk")
    answer = client.get(REGISTER, {**MARCH, **asked})
    form = answer.context["form"]
    assert answer.status_code == 400 and form.errors
    assert {name: form[name].value() for name in asked} == asked
    assert client.get(REGISTER_FILE, {**MARCH, **asked}).status_code == 302


def test_the_register_costs_as_many_queries_for_many(cast, open_as, django_assert_max_num_queries):
    client = open_as("clerk")
    for number in range(4):
        cast.received(MONDAY + number * HOUR)
    client.get(REGISTER)
    with django_assert_max_num_queries(12):
        client.get(REGISTER)
