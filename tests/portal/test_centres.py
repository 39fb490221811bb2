"""Centres, hotlines and old places."""

import datetime as dt

import pytest
from django.utils import timezone

from catalogue import opening
from catalogue.models import Closure, OpeningHours, ServicePoint, UnitChange
from catalogue.models.places import TWO_TIER_FROM
from tests.factories import AgencyFactory, CentreFactory, CommuneFactory, HotlineFactory, ProvinceFactory

MONDAY = dt.datetime(2026, 11, 23, 8, 0, tzinfo=opening.ZONE)


def open_weekdays(centre, **kwargs):
    return [
        OpeningHours.objects.create(centre=centre, weekday=day, opens=dt.time(7, 30), closes=dt.time(17), **kwargs)
        for day in range(5)
    ]


def test_a_centre_without_an_address_says_so(read):
    CentreFactory(slug="xa-tra-leng", without_address=True)
    assert "Not published" in read("/en/centres/xa-tra-leng/")


def test_a_centre_shows_its_map_by_coordinates(read):
    CentreFactory(slug="phuong-cam-le")
    assert "openstreetmap.org/?mlat=16.067800&amp;mlon=108.220800" in read("/vi/trung-tam/phuong-cam-le/")


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (MONDAY, True),
        (MONDAY.replace(hour=7, minute=29), False),
        (MONDAY.replace(hour=17), False),
        (MONDAY - dt.timedelta(days=1), False),
        (dt.datetime(2026, 9, 2, 9, tzinfo=opening.ZONE), False),
        (MONDAY.astimezone(dt.UTC), True),
    ],
)
def test_open_now_knows_hours_weekends_and_public_holidays(db, at, is_open):
    assert opening.is_open(at, open_weekdays(CentreFactory()), []) is is_open


def test_a_closure_shuts_and_an_exception_reopens(db):
    centre = CentreFactory()
    hours = open_weekdays(centre)
    day = MONDAY.date()
    shut = Closure.objects.create(centre=centre, starts_on=day, ends_on=day, reason="Ngập nước")
    assert not opening.is_open(MONDAY, hours, [shut])
    again = Closure.objects.create(centre=centre, starts_on=day, ends_on=day, is_open=True)
    assert opening.is_open(MONDAY, hours, [shut, again])


def test_the_next_change_is_the_closing_then_the_opening_after_the_weekend(db):
    hours = open_weekdays(CentreFactory())
    friday = MONDAY + dt.timedelta(days=4)
    assert opening.next_change(friday, hours, []) == friday.replace(hour=17)
    assert opening.next_change(friday.replace(hour=18), hours, []) == (MONDAY + dt.timedelta(days=7)).replace(
        hour=7, minute=30
    )
    assert opening.next_change(MONDAY, [], []) is None


def test_the_page_says_whether_it_is_open_now(read, monkeypatch):
    centre = CentreFactory(slug="phuong-cam-le")
    open_weekdays(centre)
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    assert "<b>Open</b><small>Closes 17:00" in read("/en/centres/phuong-cam-le/")
    monkeypatch.setattr(timezone, "now", lambda: MONDAY.replace(hour=18))
    assert "<b>Closed</b>" in read("/en/centres/phuong-cam-le/")


def test_a_point_has_hours_of_its_own(read):
    centre = CentreFactory(slug="phuong-cam-le")
    point = ServicePoint.objects.create(centre=centre, kind="help", name_vi="Nhà văn hóa")
    open_weekdays(centre, point=point)
    html = read("/en/centres/phuong-cam-le/")
    assert "Nhà văn hóa" in html
    assert "7:30–17:00" in html


def test_choosing_a_centre_goes_to_its_page(client, site):
    CentreFactory(slug="phuong-cam-le")
    response = client.get("/ko/centres/", {"centre": "phuong-cam-le"})
    assert response.headers["Location"] == "/ko/centres/phuong-cam-le/"


def test_centres_are_found_without_marks(read):
    CentreFactory(name_vi="Trung tâm phường Cẩm Lệ", place=CommuneFactory(name="Phường Cẩm Lệ"))
    CentreFactory(name_vi="Trung tâm phường Hải Châu", place=CommuneFactory(name="Phường Hải Châu"))
    html = read("/vi/trung-tam/", q="cam le")
    assert "Phường Cẩm Lệ" in html
    assert "Phường Hải Châu" not in html


@pytest.mark.parametrize("address", ["/vi/trung-tam/khong-co/", "/vi/thu-tuc/9.9/"])
def test_what_is_not_there_is_a_404_with_ways_on(client, site, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "/vi/thu-tuc/" in response.content.decode()


def test_hotlines_show_and_missing_ones_are_counted(read):
    HotlineFactory(centre=None, agency=AgencyFactory(), phone="0236 3555 444", is_round_the_clock=True)
    CentreFactory(phone="")
    html = read("/en/hotlines/")
    assert 'href="tel:+842363555444"' in html
    assert "24/7" in html


def test_no_hotline_is_said_plainly(read):
    assert "None is published for this province yet" in read("/en/hotlines/")


@pytest.fixture
def merged(db):
    """Hòa Phong of Hòa Vang went to Hòa Vang; Hòa Phong of Hưng Yên elsewhere."""
    new = ProvinceFactory()
    old_province = CommuneFactory(level="province", code="48", name="Thành phố Đà Nẵng", old=True)
    UnitChange.objects.create(old=old_province, new=new, effective_on=TWO_TIER_FROM)
    district = CommuneFactory(level="district", code="497", name="Huyện Hòa Vang", old=True, province=old_province)
    old = CommuneFactory(name="Xã Hòa Phong", old=True, parent=district, province=old_province)
    there = CommuneFactory(name="Xã Hòa Vang", province=new)
    UnitChange.objects.create(old=old, new=there, effective_on=TWO_TIER_FROM)
    CentreFactory(slug="xa-hoa-vang", place=there)
    return old


@pytest.mark.parametrize("words", ["Hòa Phong", "hoa phong", "Xã Hòa Phong", "hòa phong, hòa vang", "HOÀ PHONG"])
def test_an_old_commune_leads_to_the_present_centre(read, merged, words):
    html = read("/vi/noi-cu/", q=words)
    assert "Xã Hòa Vang" in html
    assert "/vi/trung-tam/xa-hoa-vang/" in html


def test_another_language_keeps_the_old_name_that_was_typed(read, merged):
    assert 'hreflang="en" href="/en/places/?q=hoa+phong">' in read("/vi/noi-cu/", q="hoa phong")


def test_an_old_district_leads_to_what_its_communes_became(read, merged):
    html = read("/vi/noi-cu/", q="huyện hòa vang")
    assert "/vi/trung-tam/xa-hoa-vang/" in html
    assert "Xã Hòa Phong" in html


def test_a_place_whose_heirs_the_source_does_not_name_says_so(read, merged):
    lost = CommuneFactory(name="Xã Quế Phước", old=True)
    UnitChange.objects.create(old=lost, new=None, effective_on=TWO_TIER_FROM, is_complete=False)
    assert "doesn't name every new unit" in read("/en/places/", q="que phuoc")


def test_a_centre_lists_the_old_names_of_its_area(read, merged):
    assert "Xã Hòa Phong, Huyện Hòa Vang" in read("/vi/trung-tam/xa-hoa-vang/")


def test_another_provinces_hotline_and_centre_stay_out(read, merged):
    elsewhere = ProvinceFactory(code="31", name="Thành phố Hải Phòng")
    there = CommuneFactory(name="Phường Hồng Bàng", province=elsewhere, parent=elsewhere)
    centre = CentreFactory(slug="phuong-hong-bang", place=elsewhere, province=elsewhere, level="province")
    HotlineFactory(centre=centre, phone="0225 3000 000")
    UnitChange.objects.create(
        old=CommuneFactory(name="Phường Hoàng Văn Thụ", old=True), new=there, effective_on=TWO_TIER_FROM
    )
    CentreFactory(slug="phuong-hong-bang-2", place=there, province=elsewhere)
    assert "0225 3000 000" not in read("/vi/")
    assert "0225 3000 000" not in read("/vi/duong-day-nong/")
    html = read("/vi/noi-cu/", q="hoang van thu")
    assert "Phường Hồng Bàng" in html
    assert "phuong-hong-bang" not in html
