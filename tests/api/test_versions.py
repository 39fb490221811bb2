"""The law as of a day."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import factories
from tests.factories import ProcedureFactory, VersionFactory

pytestmark = pytest.mark.django_db
SPRING, SUMMER = dt.date(2026, 3, 1), dt.date(2026, 7, 1)


@pytest.fixture
def changed():
    """A procedure whose text changed in summer."""
    procedure = ProcedureFactory(code="1.001193")
    VersionFactory(procedure=procedure, number=1, effective_from=SPRING)
    VersionFactory(procedure=procedure, number=2, effective_from=SUMMER, decision=factories.DecisionFactory())
    return procedure


@pytest.mark.parametrize(
    ("day", "number"), [("2026-03-01", 1), ("2026-06-30", 1), ("2026-07-01", 2), ("2999-12-31", 2)]
)
def test_a_day_has_the_version_that_was_in_force(ask, changed, day, number):
    one = ask("procedures/1.001193", as_of=day)
    assert (one["number"], one["content"]["number"]) == (number, number)
    listed = ask("procedures", as_of=day)
    assert listed["count"] == 1
    assert listed["results"][0] == one


def test_before_the_first_version_there_is_nothing(ask, client, changed):
    response = client.get("/api/v1/procedures/1.001193", {"as_of": "2026-02-28"})
    assert response.status_code == 404
    assert "no text in force" in response.json()["detail"]
    assert ask("procedures", as_of="2026-02-28") == {"count": 0, "next": None, "previous": None, "results": []}


def test_a_version_without_a_day_is_in_force_since_before(ask):
    VersionFactory(procedure=ProcedureFactory(code="1.000001"), effective_from=None)
    assert ask("procedures/1.000001", as_of="1900-01-01")["effective_from"] is None


def test_the_list_of_a_day_keeps_filters_and_hides_what_isnt_public(ask, changed):
    VersionFactory(procedure=ProcedureFactory(draft=True))
    VersionFactory(procedure=ProcedureFactory(code="2.000002", own=True))
    assert ask("procedures", as_of="2026-11-01")["count"] == 2
    found = ask("procedures", as_of="2026-11-01", level="commune")
    assert [row["code"] for row in found["results"]] == ["1.001193"]


def test_versions_are_listed_the_newest_first_and_the_one_in_force_is_named(ask, changed):
    VersionFactory(procedure=changed, number=3, effective_from=dt.date(2999, 1, 1))
    listed = ask("procedures/1.001193/versions")
    assert [row["number"] for row in listed["results"]] == [3, 2, 1]
    assert listed["in_force"] == 2
    assert "content" not in listed["results"][0]
    assert listed["results"][1]["decision"]["issuer"] == "Bộ Tư pháp"


def test_a_version_has_its_content_under_its_number(ask, client, changed):
    assert ask("procedures/1.001193/versions/1")["content"]["number"] == 1
    assert client.get("/api/v1/procedures/1.001193/versions/9").status_code == 404
    assert client.get(f"/api/v1/procedures/1.001193/versions/{10**30}").status_code == 422
    assert client.get("/api/v1/procedures/1.001193/versions/one").status_code == 422
