"""Who took over an agency's work: by field and area, and by one reorganisation after the other."""

import datetime as dt

import pytest
from django.utils.text import slugify

from catalogue.models import AgencySuccession, UnitChange
from catalogue.reorganising.heirs import Heirs
from tests.factories import AgencyFactory, CommuneFactory, FieldFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 7, 1)


def hand_on(agency, successor, **more):
    return AgencySuccession.objects.create(agency=agency, successor=successor, effective_on=DAY, **more)


def fields(*names):
    return [FieldFactory(slug=slugify(name), name_vi=name) for name in names]


def test_an_agency_that_nobody_took_over_is_its_own_heir():
    agency = AgencyFactory()
    assert Heirs.until(DAY).of(agency.pk) == agency.pk


def test_the_heir_of_an_heir_is_found_and_only_from_its_day_on():
    old, middle, last = AgencyFactory.create_batch(3)
    hand_on(old, middle)
    AgencySuccession.objects.create(agency=middle, successor=last, effective_on=DAY + dt.timedelta(1))
    assert Heirs.until(DAY).of(old.pk) == middle.pk
    assert Heirs.until(DAY + dt.timedelta(1)).of(old.pk) == last.pk
    assert Heirs.until(DAY - dt.timedelta(1)).of(old.pk) == old.pk


def test_land_and_civil_status_of_a_district_went_to_different_heirs():
    """A field goes before an area, both before one of them, and what nobody named to the heir of the rest."""
    district, land_office, commune, rest = AgencyFactory.create_batch(4)
    land, civil, other = fields("Đất đai", "Hộ tịch", "Xây dựng")
    here = CommuneFactory()
    there = CommuneFactory(province=here.province, parent=here.parent)
    hand_on(district, rest)
    hand_on(district, land_office, field=land)
    hand_on(district, commune, field=civil, area=here)
    heirs = Heirs.until(DAY)
    assert heirs.of(district.pk, field=land.pk, place=here.pk) == land_office.pk
    assert heirs.of(district.pk, field=civil.pk, place=here.pk) == commune.pk
    assert heirs.of(district.pk, field=civil.pk, place=there.pk) == rest.pk
    assert heirs.of(district.pk, field=other.pk, place=here.pk) == rest.pk
    assert heirs.all_of(district.pk) == {land_office.pk, commune.pk, rest.pk}


def test_an_old_place_lies_in_the_area_that_it_became_part_of():
    district, one, two = AgencyFactory.create_batch(3)
    new = CommuneFactory()
    old, elsewhere = (CommuneFactory(province=new.province, parent=new.parent) for _each in range(2))
    UnitChange.objects.create(old=old, new=new, effective_on=DAY)
    hand_on(district, one, area=new)
    hand_on(district, two, area=elsewhere)
    heirs = Heirs.until(DAY)
    assert heirs.of(district.pk, place=old.pk) == one.pk
    assert heirs.of(district.pk, place=elsewhere.pk) == two.pk


def test_what_two_took_over_alike_or_nobody_has_no_heir():
    """Nobody guesses: such a matter is reported, and somebody says whose it is."""
    shared, one, two, narrow = AgencyFactory.create_batch(4)
    land, civil = fields("Đất đai", "Hộ tịch")
    hand_on(shared, one)
    hand_on(shared, two)
    hand_on(narrow, one, field=land)
    heirs = Heirs.until(DAY)
    assert heirs.of(shared.pk) is None
    assert heirs.of(narrow.pk, field=civil.pk) is None


def test_a_circle_in_the_records_has_no_heir():
    one, two = AgencyFactory.create_batch(2)
    hand_on(one, two)
    hand_on(two, one)
    assert Heirs.until(DAY).of(one.pk) is None
    assert Heirs.until(DAY).all_of(one.pk) == set()
