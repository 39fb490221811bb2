"""Centres and hotlines, as open data."""

from __future__ import annotations

import datetime as dt

import pytest

from catalogue.models import Closure, OpeningHours, ServicePoint, UnitChange
from catalogue.models.places import TWO_TIER_FROM
from tests import factories
from tests.factories import CentreFactory, CommuneFactory, HotlineFactory

pytestmark = pytest.mark.django_db


def elsewhere() -> dict[str, object]:
    return {"place": CommuneFactory(province=factories.ProvinceFactory(code="75", name="Tỉnh Đồng Nai"))}


def test_only_the_provinces_published_centres_are_listed(ask, client):
    shown = CentreFactory()
    draft, other = CentreFactory(draft=True), CentreFactory(**elsewhere())
    answer = ask("centres")
    assert [row["slug"] for row in answer["results"]] == [shown.slug]
    for hidden in (draft, other):
        assert client.get(f"/api/v1/centres/{hidden.slug}").status_code == 404


def test_a_centre_without_a_published_address_is_there_and_says_so(ask):
    CentreFactory(without_address=True)
    row = ask("centres")["results"][0]
    assert (row["address"], row["latitude"], row["longitude"]) == (None, None, None)


def test_centres_are_found_by_level_and_commune(ask):
    province = factories.ProvinceFactory()
    CentreFactory(slug="da-nang", level="province", place=province, province=province)
    CentreFactory(slug="hai-chau", place=CommuneFactory(code="20242"))
    assert [row["slug"] for row in ask("centres", level="province")["results"]] == ["da-nang"]
    assert [row["slug"] for row in ask("centres", commune="20242")["results"]] == ["hai-chau"]
    assert ask("centres", commune="48")["count"] == 0


def test_a_centre_tells_hours_points_closures_and_its_area(ask):
    centre = CentreFactory(slug="hai-chau")
    point = ServicePoint.objects.create(centre=centre, kind="help", name_vi="Điểm hỗ trợ")
    span = {"weekday": 0, "opens": dt.time(7, 30), "closes": dt.time(11, 30)}
    OpeningHours.objects.create(centre=centre, **span)
    OpeningHours.objects.create(centre=centre, point=point, **{**span, "weekday": 5})
    Closure.objects.create(centre=centre, starts_on=dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 2))
    old = CommuneFactory(old=True, name="Phường Thạch Thang")
    UnitChange.objects.create(old=old, new=centre.place, effective_on=TWO_TIER_FROM)
    HotlineFactory(centre=centre, is_round_the_clock=True)
    HotlineFactory(centre=centre, live=False)
    shown = ask("centres/hai-chau")
    assert shown["hours"] == [{"weekday": 0, "opens": "07:30", "closes": "11:30"}]
    assert [hour["weekday"] for hour in shown["points"][0]["hours"]] == [5]
    assert shown["closures"][0]["ends_on"] == "2026-12-02"
    assert [unit["name"] for unit in shown["old_places"]] == ["Phường Thạch Thang"]
    assert [row["is_round_the_clock"] for row in shown["hotlines"]] == [True]
    assert shown["procedures"].endswith("/api/v1/procedures?centre=hai-chau")


def test_a_branch_doesnt_name_a_parent_that_isnt_published(ask):
    province = factories.ProvinceFactory()
    parent = CentreFactory(slug="da-nang", level="province", place=province, province=province, draft=True)
    CentreFactory(slug="chi-nhanh", level="branch", parent=parent)
    assert ask("centres/chi-nhanh")["parent"] is None


def test_only_public_hotlines_are_listed(ask):
    shown = {HotlineFactory().phone, HotlineFactory(centre=None, agency=factories.AgencyFactory()).phone}
    HotlineFactory(live=False)
    HotlineFactory(centre=CentreFactory(draft=True))
    HotlineFactory(centre=CentreFactory(**elsewhere()))
    HotlineFactory(centre=None, agency=factories.AgencyFactory(**elsewhere()))
    answer = ask("hotlines")
    assert {row["phone"] for row in answer["results"]} == shown
    assert answer["count"] == 2


def test_a_hotline_says_its_languages_and_whose_it_is(ask):
    HotlineFactory(languages="vi, en", label_en="Help with filing", centre=CentreFactory(slug="hai-chau"))
    row = ask("hotlines", lang="en")["results"][0]
    assert row["languages"] == ["vi", "en"]
    assert row["label"] == {"text": "Help with filing", "lang": "en"}
    assert (row["centre"], row["agency"]) == ("hai-chau", None)


def test_lists_cost_as_much_for_fifty_rows_as_for_five(queries):
    for _n in range(5):
        HotlineFactory()
    few = queries("centres"), queries("hotlines")
    for _n in range(45):
        HotlineFactory()
    assert (queries("centres"), queries("hotlines")) == few
    assert few[0] <= 3
    assert few[1] <= 2


def test_a_centre_costs_as_much_with_many_points(queries):
    centre = CentreFactory(slug="hai-chau")
    ServicePoint.objects.create(centre=centre, kind="help", name_vi="Điểm 0")
    few = queries("centres/hai-chau")
    for number in range(1, 20):
        point = ServicePoint.objects.create(centre=centre, kind="help", name_vi=f"Điểm {number}")
        OpeningHours.objects.create(centre=centre, point=point, weekday=0, opens=dt.time(8), closes=dt.time(9))
        HotlineFactory(centre=centre)
    assert queries("centres/hai-chau") == few <= 8
