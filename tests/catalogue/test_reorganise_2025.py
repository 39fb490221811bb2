"""The change of 1 July 2025 in Đà Nẵng and Quảng Nam, 281 communes into 94: the totals that the table gives."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone, translation

from bench import old_order
from catalogue.models import AdministrativeUnit, Centre, Reorganisation
from catalogue.reorganising.planning import Source
from catalogue.reorganising.reorganise import reorganise
from tests.factories import make_pages

pytestmark = pytest.mark.django_db(transaction=True)
DAY = old_order.DAY
BEFORE = timezone.make_aware(dt.datetime(2025, 6, 30, 12))
SOURCE = Source(places=old_order.FOLDER, province="48")


@pytest.fixture
def order():
    with translation.override("vi"):
        return old_order.make("48")


def test_all_of_it(order, client):
    make_pages("vi", "en")
    old = Centre.objects.filter(live=True).values_list("slug", flat=True)
    addresses = [f"/{lang}/{index}/{slug}/" for lang, index in (("vi", "trung-tam"), ("en", "centres")) for slug in old]
    with translation.override("vi"):
        report = reorganise(SOURCE, DAY, at=timezone.now())
    print("\n".join(report.lines(with_diff=True))[-4000:])
    plan = Reorganisation.objects.get()
    assert plan.state == "applied"
    assert AdministrativeUnit.objects.filter(level="commune", valid_from=DAY).count() == 94
    assert AdministrativeUnit.objects.filter(level="commune", valid_to=DAY).count() == 281
    for address in addresses:
        response = Client().get(address, follow=True)
        assert response.status_code == 200, (address, response.redirect_chain)
