"""Fields, roles and agencies, as open data."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import factories
from tests.factories import AgencyFactory, ProcedureFactory, RoleFactory

pytestmark = pytest.mark.django_db


def test_fields_count_public_procedures_in_force(ask):
    ProcedureFactory()
    ProcedureFactory()
    ProcedureFactory(draft=True)
    ProcedureFactory(abolished=True)
    ProcedureFactory(draft=True, field=factories.FieldFactory(slug="hai-quan", name_vi="Hải quan"))
    answer = ask("fields", lang="en")
    expected = {"slug": "ho-tich", "code": None, "name": {"text": "Hộ tịch", "lang": "vi"}, "procedure_count": 2}
    assert answer["results"] == [expected]
    assert answer["count"] == 1


def test_roles_count_public_procedures_in_force(ask):
    role, unused = RoleFactory(code="so-tu-phap", name_vi="Sở Tư pháp"), RoleFactory()
    ProcedureFactory(roles=[role])
    ProcedureFactory(roles=[role, RoleFactory(vertical=True, code="thue")])
    ProcedureFactory(draft=True, roles=[unused])
    ProcedureFactory()
    answer = ask("roles")
    assert {row["code"]: row["procedure_count"] for row in answer["results"]} == {"so-tu-phap": 2, "thue": 1}
    assert answer["count"] == 2


def test_agencies_are_the_provinces_and_of_the_day(ask):
    AgencyFactory(name_vi="Sở Tư pháp", role=RoleFactory(code="so-tu-phap"))
    AgencyFactory(name_vi="Ủy ban", kind="peoples_committee", place=factories.CommuneFactory(code="20242"))
    AgencyFactory(name_vi="Phòng Tư pháp quận", valid_to=dt.date(2025, 7, 1))
    AgencyFactory(name_vi="Sở khác", place=factories.ProvinceFactory(code="75", name="Tỉnh Đồng Nai"))

    def names(**parameters: object) -> list[str]:
        return [row["name"]["text"] for row in ask("agencies", **parameters)["results"]]

    assert set(names()) == {"Sở Tư pháp", "Ủy ban"}
    assert "Phòng Tư pháp quận" in names(on="2025-06-30")
    assert names(role="so-tu-phap") == ["Sở Tư pháp"]
    assert names(kind="peoples_committee") == names(commune="20242") == ["Ủy ban"]


def test_an_unknown_identifier_is_null(ask):
    AgencyFactory()
    assert ask("agencies")["results"][0]["identifier"] is None


@pytest.mark.parametrize("path", ["fields", "roles", "agencies"])
def test_a_wrong_language_is_refused(refused, path):
    assert "lang" in refused(path, lang="fr")


def test_lists_cost_as_much_for_fifty_rows_as_for_five(queries):
    def make(number: int) -> None:
        for _n in range(number):
            field = factories.FieldFactory(slug=f"linh-vuc-{factories.ProcedureFactory().pk}", name_vi="Lĩnh vực")
            role = RoleFactory()
            ProcedureFactory(field=field, roles=[role])
            AgencyFactory(role=role, parent=AgencyFactory())

    make(5)
    few = [queries(path) for path in ("fields", "roles", "agencies")]
    make(45)
    assert [queries(path, limit=200) for path in ("fields", "roles", "agencies")] == few
    assert max(few) <= 2
