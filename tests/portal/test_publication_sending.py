"""Decisions come into the national database within working days, counted by the calendar, holidays left out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from catalogue import models as m
from desk.models import CalendarDay
from desk.public import work_calendar
from portal.publication.sending import Issuer, Sent, count, days_allowed, due_on, issuer_of, sending
from tests import factories
from tests.catalogue.editing_cast import Cast, make_cast
from tests.keeping import kept
from tests.portal.publication_rows import BOARD

UBND = "UBND thành phố Đà Nẵng"


kept_cast = kept(make_cast)


@pytest.fixture
def cast(kept_cast, db) -> Cast:
    return kept_cast.copy()


def decision(signed: str | None = None, sent: str | None = None, *, issuer: str = UBND, fast: bool = False):
    days = {"signed_on": signed, "sent_on": sent}
    read = {name: dt.date.fromisoformat(value) for name, value in days.items() if value}
    return factories.DecisionFactory.build(issuer=issuer, is_fast_track=fast, **read)


@pytest.mark.parametrize(
    ("issuer", "fast", "days"),
    [
        (UBND, False, 5),
        ("Chủ tịch UBND thành phố", False, 5),
        ("Ủy ban nhân dân tỉnh", False, 5),
        ("", False, 5),
        ("Bộ Tư pháp", False, 10),
        ("Ngân hàng Nhà nước Việt Nam", False, 10),
        (UBND, True, 2),
        ("Bộ Tư pháp", True, 2),
    ],
)
def test_how_many_working_days_a_decision_has(issuer, fast, days):
    assert days_allowed(decision(issuer=issuer, fast=fast)) == days


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        ("2026-11-16", "2026-11-23"),  # Monday: the day itself isn't counted.
        ("2026-11-19", "2026-11-27"),  # Over a weekend, and 24 November is a holiday from 2026.
        ("2026-08-28", "2026-09-09"),  # 31 August, 1 and 2 September are off.
        ("2026-08-20", "2026-08-26"),  # Saturday 22 August is worked for one of them.
        ("2026-11-21", "2026-11-30"),  # Signed on a Saturday.
    ],
)
def test_the_last_day_in_time_leaves_weekends_and_holidays_out(db, signed, last):
    assert due_on(decision(signed), work_calendar()) == dt.date.fromisoformat(last)


def test_a_day_off_that_the_province_decides_counts(db, committing):
    before = due_on(decision("2026-11-16"), work_calendar())
    storm = {"kind": "day_off", "name_vi": "Nghỉ do bão", "source": "Công điện 1"}
    with committing():
        CalendarDay.objects.create(day=dt.date(2026, 11, 18), **storm)
    assert before == dt.date(2026, 11, 23)
    assert due_on(decision("2026-11-16"), work_calendar()) == dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("signed", "sent", "today", "state", "days"),
    [
        ("2026-11-16", "2026-11-23", "2026-12-01", Sent.IN_TIME, 0),
        ("2026-11-16", "2026-11-25", "2026-12-01", Sent.LATE, 1),
        ("2026-11-16", None, "2026-11-23", Sent.WAITING, 0),
        ("2026-11-16", None, "2026-11-19", Sent.WAITING, 2),
        ("2026-11-16", None, "2026-11-25", Sent.OVERDUE, 1),
        (None, "2026-11-25", "2026-12-01", Sent.UNDATED, 0),
        (None, None, "2026-12-01", Sent.UNKNOWN, 0),
        ("2019-03-04", None, "2026-12-01", Sent.OVERDUE, 0),
        ("2019-03-04", "2019-03-05", "2026-12-01", Sent.UNDATED, 0),
    ],
)
def test_where_a_decision_stands(db, signed, sent, today, state, days):
    found = sending(decision(signed, sent), work_calendar(), dt.date.fromisoformat(today))
    assert (found.state, found.days) == (state, days)


def test_the_counts_are_split_by_whose_decision_it_is_and_add_up(db):
    rows = [decision("2026-11-16"), decision("2026-11-16", "2026-11-17"), decision(issuer="Bộ Tư pháp"), decision()]
    found = count(rows, work_calendar(), dt.date(2026, 11, 20))
    assert found[Issuer.PROVINCE] == (3, {Sent.WAITING: 1, Sent.IN_TIME: 1, Sent.UNKNOWN: 1})
    assert found[Issuer.OTHER] == (1, {Sent.UNKNOWN: 1})
    assert issuer_of(rows[2]) == Issuer.OTHER


def test_each_figure_of_the_board_opens_its_decisions(cast, client: Client):
    for index, (signed, sent) in enumerate((("2026-08-03", None), ("2026-08-03", "2026-08-05"), (None, None))):
        row = decision(signed, sent)
        row.number = f"{index}/QĐ-UBND"
        row.save()
    client.force_login(cast.top_editor)
    tables = client.get(BOARD).context["sending"]
    assert [table["total"] for table in tables] == [3, 1]
    for table in tables:
        assert sum(cell["count"] for cell in table["states"]) == table["total"]
        for cell in table["states"]:
            page = client.get(f"{BOARD}decisions/?whose={table['issuer']}&state={cell['state']}")
            assert page.context["page"].paginator.count == cell["count"]
    late = client.get(f"{BOARD}decisions/?state=overdue").content.decode()
    assert "0/QĐ-UBND" in late
    assert "10/08/2026" in late
    assert client.get(f"{BOARD}decisions/?state=nothing").status_code == 404


def test_an_editor_records_the_day_and_a_second_person_approves(cast, client: Client):
    row = cast.rows[m.Decision]
    address = reverse(m.Decision.snippet_viewset.get_url_name("edit"), args=[row.pk])
    client.force_login(cast.top_editor)
    form = {"number": row.number, "issuer": row.issuer, "signed_on": "2026-11-16", "takes_effect_on": "",
            "sent_on": "2026-11-18", "items-TOTAL_FORMS": 0, "items-INITIAL_FORMS": 0}  # fmt: skip
    assert client.post(address, form).status_code == 302
    row.refresh_from_db()
    assert row.sent_on is None
    proposal = m.Proposal.objects.get()
    from catalogue.editing.proposals import stamp_of

    second = Client()
    second.force_login(cast.top_publisher)
    second.post(reverse("catalogue_changes:act", args=[proposal.pk, "approve"]), {"stamp": stamp_of(proposal)})
    row.refresh_from_db()
    assert row.sent_on == dt.date(2026, 11, 18)
    assert sending(row, work_calendar(), dt.date(2026, 12, 1)).state == Sent.IN_TIME


@pytest.mark.parametrize("sent", ["2026-11-15", "2126-01-01"])
def test_a_day_before_the_decision_or_still_to_come_is_refused_with_what_was_typed(sent, cast, client: Client):
    row = cast.rows[m.Decision]
    client.force_login(cast.top_editor)
    form = {"number": row.number, "issuer": row.issuer, "signed_on": "2026-11-16", "sent_on": sent,
            "items-TOTAL_FORMS": 0, "items-INITIAL_FORMS": 0}  # fmt: skip
    response = client.post(reverse(m.Decision.snippet_viewset.get_url_name("edit"), args=[row.pk]), form)
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"sent_on"}
    assert sent in response.content.decode()
    assert not m.Proposal.objects.exists()
