"""Public figures: equal to the desk's, as table, chart and CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from desk import actions, folding, statistics
from desk.models import Dossier
from desk.states import State
from tests.desk.cast import make_cast
from tests.desk.crowd import make_crowd
from tests.factories import make_pages

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def cast(page_cache):
    make_pages()
    cast = make_cast()
    make_crowd(cast)
    return cast


def rows(address: str) -> list[dict[str, str]]:
    """Read a CSV."""
    body = Client().get(address).content
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.parametrize("fold", [False, True])
def test_the_csv_has_the_desks_figures(cast, fold):
    if fold:
        folding.fold_deltas()
    names = {cast.department.pk: "Sở Tư pháp", cast.commune.pk: "Ủy ban nhân dân phường Hòa Khánh"}
    expected = {
        names[key]: (each.received, each.settled, each.early, each.on_time, each.late, each.pending)
        for key, each in statistics.figures(MARCH).items()
    }
    columns = ("received", "settled", "early", "on_time", "late", "pending")
    found = {
        row["agency_name"]: tuple(int(row[name]) for name in columns)
        for row in rows("/vi/statistics/figures.csv?period=2026-03")
    }
    assert found == expected and expected


def test_a_year_adds_up_its_months_and_an_agency_narrows_it(cast):
    whole = statistics.all_time()[cast.department.pk]
    found = rows(f"/vi/statistics/figures.csv?period=2026&agency={cast.department.pk}")
    assert {row["agency_name"] for row in found} == {"Sở Tư pháp"}
    assert sum(int(row["received"]) for row in found) == whole.received
    assert sum(int(row["settled"]) for row in found) == whole.settled
    assert int(found[-1]["pending"]) == whole.pending


@pytest.mark.parametrize("closed", [None, dt.date(2026, 2, 1), MARCH])
def test_a_year_is_what_each_of_its_months_is(cast, closed):
    if closed:
        statistics.close_month(closed, dt.datetime(2026, 5, 2, tzinfo=dt.UTC))
    for dossier in Dossier.objects.filter(state=State.FINISHED)[:1]:
        at = dt.datetime(2026, 4, 6, 3, tzinfo=dt.UTC)
        actions.reopen(dossier.pk, by=cast.actor("approver", at), at=at, reason="Sai tên.")
    found = statistics.figures_of_year(2026, dt.date(2026, 6, 1))
    assert list(found) == [dt.date(2026, month, 1) for month in range(1, 7)]
    for month, each in found.items():
        assert each == {key: row for key, row in statistics.figures(month).items() if row != statistics.Figures()}
    assert any(found.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_public_kept_and_free_once_drawn(cast, language, django_assert_num_queries):
    address = f"/{language}/statistics/?period=2026-03"
    cold = Client().get(address)
    assert cold.status_code == 200 and not cold.cookies and "no-store" not in cold["Cache-Control"]
    text = cold.content.decode()
    assert 'role="img"' in text and "style=" not in text and "Sở Tư pháp" in text
    assert text.count('rel="alternate" hreflang') == len(LANGUAGES) + 1
    with django_assert_num_queries(0):
        assert Client().get(address).content == cold.content


def test_a_name_that_a_spreadsheet_would_reckon_is_guarded(cast):
    cast.department.name_vi = '=HYPERLINK("x")'
    cast.department.save()
    assert any(row["agency_name"].startswith("'=") for row in rows("/vi/statistics/figures.csv?period=2026"))


@pytest.mark.parametrize(
    "query", ["period=1999", "period=9999", "period=2026-13", "period=x", "period=2026-03x", "agency=0", "agency=x",
              "agency=99999999999999999999"],
)  # fmt: skip
def test_a_time_or_agency_without_figures_is_no_page(cast, query):
    asked = f"period=2026&{query}" if query.startswith("agency") else query
    assert Client().get(f"/vi/statistics/?{asked}").status_code == 404


def test_without_any_dossier_the_page_says_so(page_cache):
    make_pages()
    text = Client().get("/en/statistics/").content.decode()
    assert "Nothing was received or settled" in text and str(timezone.localdate().year) in text
