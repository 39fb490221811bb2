"""Places, and what the old ones are today."""

from __future__ import annotations

import datetime as dt

import pytest

from catalogue.models import AdministrativeUnit, UnitChange
from catalogue.models.places import TWO_TIER_FROM
from tests import factories
from tests.factories import CentreFactory, CommuneFactory

pytestmark = pytest.mark.django_db


def old_unit(level: str, code: str, name: str, parent: AdministrativeUnit | None = None) -> AdministrativeUnit:
    return AdministrativeUnit.objects.create(
        level=level, code=code, name=name, kind="", parent=parent, valid_to=TWO_TIER_FROM
    )


def went_to(old: AdministrativeUnit, new: AdministrativeUnit | None, **more: object) -> None:
    UnitChange.objects.create(old=old, new=new, effective_on=TWO_TIER_FROM, **more)


@pytest.fixture
def hai_chau():
    """An old district whose two communes went to two present ones; one present one reuses an old code."""
    district = old_unit("district", "492", "Quận Hải Châu", old_unit("province", "48", "Thành phố Đà Nẵng"))
    thach_thang = old_unit("commune", "20242", "Phường Thạch Thang", district)
    hoa_cuong = old_unit("commune", "20257", "Phường Hòa Cường Bắc", district)
    new = CommuneFactory(code="20242", name="Phường Hải Châu")
    CentreFactory(slug="hai-chau", place=new)
    went_to(thach_thang, new)
    went_to(hoa_cuong, CommuneFactory(code="20257", name="Phường Hòa Cường"))
    return district


def names(answer) -> list[str]:
    return [row["unit"]["name"] for row in answer["present"]]


def test_a_code_that_was_reused_means_the_old_unit_unless_a_day_is_given(ask, hai_chau):
    old = ask("places/commune/20242/present")
    assert old["unit"]["name"] == "Phường Thạch Thang"
    assert names(old) == ["Phường Hải Châu"]
    assert old["is_present"] is False
    assert old["present"][0]["centre"]["slug"] == "hai-chau"
    new = ask("places/commune/20242/present", on="2026-01-01")
    assert (new["unit"]["name"], new["is_present"], names(new)) == ("Phường Hải Châu", True, ["Phường Hải Châu"])
    assert ask("places/commune/20242/present", on="2025-06-30")["unit"]["name"] == "Phường Thạch Thang"


def test_a_district_became_what_its_communes_became(ask, hai_chau):
    answer = ask("places/district/492/present")
    assert names(answer) == ["Phường Hải Châu", "Phường Hòa Cường"]
    assert (answer["is_split"], answer["is_complete"]) == (True, True)
    assert answer["present"][1]["centre"] is None


def test_a_district_without_communes_has_a_change_of_its_own(ask):
    district = old_unit("district", "498", "Huyện Hoàng Sa")
    went_to(district, CommuneFactory(code="20333", name="Đặc khu Hoàng Sa"))
    assert names(ask("places/district/498/present")) == ["Đặc khu Hoàng Sa"]


def test_an_old_province_became_the_present_one(ask):
    went_to(old_unit("province", "49", "Tỉnh Quảng Nam"), factories.ProvinceFactory())
    assert names(ask("places/province/49/present")) == ["Thành phố Đà Nẵng"]


def test_two_reorganisations_in_a_row_are_followed(ask):
    old, now = old_unit("commune", "1", "Xã Cũ"), CommuneFactory(code="3", name="Xã Nay")
    between = CommuneFactory(code="2", name="Xã Giữa", valid_to=dt.date(2026, 1, 1))
    went_to(old, between)
    went_to(between, now)
    assert names(ask("places/commune/1/present")) == ["Xã Nay"]


def test_a_circle_in_the_data_ends(ask):
    one, other = old_unit("commune", "1", "Xã Một"), old_unit("commune", "2", "Xã Hai")
    went_to(one, other)
    went_to(other, one)
    assert names(ask("places/commune/1/present")) == []


@pytest.mark.parametrize("told", [{"new": None}, {"is_complete": False}, None])
def test_where_the_records_dont_say_all_the_answer_says_so(ask, told):
    old = old_unit("commune", "20674", "Xã Quế Phước")
    if told is not None:
        went_to(old, told.get("new", CommuneFactory()), is_complete=told.get("is_complete", True))
    assert ask("places/commune/20674/present")["is_complete"] is False


def test_a_centre_that_isnt_published_isnt_named(ask):
    new = CommuneFactory()
    CentreFactory(place=new, draft=True)
    went_to(old_unit("commune", "1", "Xã Cũ"), new)
    assert ask("places/commune/1/present")["present"][0]["centre"] is None


@pytest.mark.parametrize("path", ["places/commune/999/present", "places/commune/20242/present?on=1990-01-01"])
def test_an_unknown_place_is_a_404(client, path):
    CommuneFactory(code="20242")
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response.json()["detail"]


def test_a_level_that_there_is_not_is_refused(refused):
    assert "level" in refused("places/village/1/present")


def test_places_are_listed_by_day_level_name_and_what_is_above(ask, hai_chau):
    def found(**parameters: object) -> set[str]:
        return {row["name"] for row in ask("places", **parameters)["results"]}

    assert found(q="hai chau") == found(q="HẢI CHÂU", level="commune") == {"Phường Hải Châu"}
    assert found(q="hai chau", on="2025-06-30") == {"Quận Hải Châu"}
    assert found(parent="492", on="2025-06-30") == {"Phường Thạch Thang", "Phường Hòa Cường Bắc"}
    assert found(parent="48", parent_level="province") == found(province="48", level="commune")
    assert found(level="province") == {"Thành phố Đà Nẵng"}


def test_a_name_in_the_language_stands_beside_the_vietnamese(ask):
    factories.ProvinceFactory(local_name_zh_hans="岘港市")
    row = ask("places", lang="zh-hans")["results"][0]
    assert (row["name"], row["local_name"]) == ("Thành phố Đà Nẵng", {"text": "岘港市", "lang": "zh-hans"})


def test_a_list_costs_as_much_for_fifty_rows_as_for_five(queries):
    CommuneFactory.create_batch(5)
    few = queries("places")
    CommuneFactory.create_batch(45)
    assert queries("places", limit=200) == few <= 2


def test_a_district_costs_as_much_with_many_communes(queries, hai_chau):
    few = queries("places/district/492/present")
    for number in range(30):
        old = old_unit("commune", f"9{number}", f"Phường {number}", hai_chau)
        went_to(old, CommuneFactory())
    assert queries("places/district/492/present") == few <= 5
