"""The change of 1 July 2025 in Đà Nẵng and Quảng Nam, 281 communes into 94: the totals that the table gives."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone, translation
from wagtail.contrib.redirects.models import Redirect

from bench import old_order
from catalogue import models as m
from catalogue.loading.places import load_places
from catalogue.reorganising.heirs import Heirs
from catalogue.reorganising.planning import Source
from catalogue.reorganising.reorganise import reorganise
from portal.api.succession import present_of
from search import life
from search.sources import centres, places
from tests.catalogue.reorganising_cast import file_of
from tests.factories import make_pages

pytestmark = pytest.mark.django_db
DAY = old_order.DAY
SOURCE = Source(places=old_order.FOLDER, province="48")
OLD_PROVINCES = ("48", "49")


@pytest.fixture
def order():
    with translation.override("vi"):
        return old_order.make("48")


@pytest.fixture
def report(order):
    make_pages("vi", "en")
    with translation.override("vi"):
        return reorganise(SOURCE, DAY, at=timezone.now())


def table() -> dict[str, set[str]]:
    """Return what each old commune became by the table, read by itself."""
    with gzip.open(old_order.FOLDER / "ward_changes_2025.csv.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["old_province_code"] in OLD_PROVINCES]
    return {row["old_ward_code"]: set(filter(None, row["new_ward_codes"].split("|"))) for row in rows}


def incomplete() -> set[str]:
    """Return the old communes of which the table doesn't name every heir."""
    with gzip.open(old_order.FOLDER / "ward_changes_2025.csv.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["old_province_code"] in OLD_PROVINCES]
    return {row["old_ward_code"] for row in rows if row["split"] == "1" and "|" not in row["new_ward_codes"]}


def test_everything_that_the_table_says_and_what_it_leaves_open(order, report):
    """One change, looked at from all sides: making it takes longer than looking."""
    communes = m.AdministrativeUnit.objects.filter(level="commune")
    assert communes.filter(valid_from=DAY).count() == 94
    assert communes.filter(valid_to=DAY).count() == 281
    heirs = defaultdict(set)
    for old, new in m.UnitChange.objects.filter(old__level="commune").values_list("old__code", "new__code"):
        heirs[old] |= {new} - {None}
    assert dict(heirs) == table()
    unnamed = [code for code, news in table().items() if not news]
    assert unnamed == ["20674"]
    notes = " ".join(report.notes)
    assert "1 places have no heir: Xã Quế Phước (20674)" in notes
    assert "1 were split" in notes
    check_agencies(order, unnamed)
    check_people(order)
    check_centres(order)
    check_addresses(order)
    check_search(order)


def check_agencies(order, unnamed) -> None:
    """Each committee has its heirs; the one whose place leads nowhere goes on, and is told."""
    heirs = Heirs.until(DAY)
    new = dict(m.Agency.objects.filter(valid_from=DAY).values_list("pk", "place__code"))
    assert len(new) == 95
    for code, news in table().items():
        agency = order.agencies[order.commune(code)]
        found = {new.get(pk) for pk in heirs.all_of(agency.pk)}
        assert found == (news or {None}), code
        is_one = len(news) == 1 and code not in incomplete()
        assert (heirs.of(agency.pk) in new) == is_one, code
    lasting = m.Agency.objects.on(DAY).filter(Q(valid_from=None), place__level="commune")
    assert [agency.place.code for agency in lasting] == unnamed


def check_people(order) -> None:
    """Nobody is left at an ended committee of a commune but who is told; a district's people have several heirs."""
    told = {
        what.split()[1]
        for what, _why in m.Reorganisation.objects.get().report["planning"]
        if what.startswith("posting")
    }
    left = m.Posting.objects.on(DAY).filter(agency__valid_to=DAY).select_related("user", "agency__place")
    assert {post.user.username for post in left} == told
    levels = Counter(post.agency.place.level for post in left)
    shared = {code for code, news in table().items() if len(news) > 1} | incomplete()
    alone = [key for key in order.units if key[0] == "district" and one_heir(order, key)]
    districts = sum(key[0] == "district" for key in order.units) - len(alone)
    assert levels == Counter(district=2 * districts, commune=2 * len(shared - {"20674"}))
    everybody = m.Posting.objects.on(DAY).values_list("user", flat=True)
    assert everybody.count() == everybody.distinct().count() == 2 * len(order.agencies)


def one_heir(order, key) -> bool:
    """Return whether all communes of a district went to one, and wholly; one without communes is an island's."""
    codes = [unit.code for unit in order.units.values() if unit.parent_id == order.units[key].pk]
    news = [table()[code] for code in codes if code in table()]
    return len(set().union(*news)) <= 1 and all(news) and not incomplete() & set(codes)


def check_centres(order) -> None:
    assert not m.Centre.objects.live().filter(place__valid_to__lte=DAY).exists()
    served = m.Centre.objects.live().filter(level="commune").values_list("place", flat=True)
    assert len(set(served)) == 94
    assert m.Hotline.objects.filter(live=True, centre__live=True).count() > 94
    assert not m.Procedure.objects.filter(code__startswith="DEMO.p", maintained_by__valid_to=DAY).exists()


def check_addresses(order) -> None:
    """Each address of before is a page, or a redirect to one: all by their rows, some by asking for them."""
    live = set(m.Centre.objects.live().values_list("slug", flat=True))
    for index in ("/vi/trung-tam/", "/en/centres/"):
        gone = {f"{index}{centre.slug}" for centre in order.centres.values()} - {f"{index}{slug}" for slug in live}
        links = dict(Redirect.objects.filter(old_path__startswith=index).values_list("old_path", "redirect_link"))
        assert gone <= set(links)
        to_centres = {link for link in links.values() if link.startswith(index)}
        assert to_centres <= {f"{index}{slug}/" for slug in live}
    some = [order.centres[key].slug for key in list(order.centres)[:: len(order.centres) // 12]]
    for slug in some:
        response = Client().get(f"/vi/trung-tam/{slug}/", follow=True)
        assert response.status_code == 200, slug
        assert len(response.redirect_chain) <= 1


def check_search(order) -> None:
    """Old names and codes are found, and lead to what stands; every centre knows the old names of its area."""
    documents = {document.key: document for document in places(None)}
    for key, unit in order.units.items():
        if key[0] == "commune":
            assert unit.code in documents[f"place:{unit.pk}"].texts[-1].text
    bodies = "\n".join(document.texts[-1].text for document in centres(None))
    named = {order.units[order.commune(code)].name for code, news in table().items() if news}
    assert all(name in bodies for name in named)
    life.rebuild()
    liem = order.units[order.commune("20194")]
    outcome = present_of(liem, timezone.localdate())
    assert {unit.code for unit in outcome.units} == table()["20194"]


def test_the_tables_of_places_agree_with_what_it_made(order, report, tmp_path):
    """Loading the same tables afterwards changes nothing of these two provinces."""
    places = {unit.pk: unit.name for unit in m.AdministrativeUnit.objects.all()}
    changes = set(m.UnitChange.objects.values_list("old", "new", "is_split", "is_complete"))
    with translation.override("vi"):
        loaded = load_places(old_order.FOLDER)
    assert not loaded.changed
    assert {unit.pk: unit.name for unit in m.AdministrativeUnit.objects.filter(pk__in=places)} == places
    kept = m.UnitChange.objects.filter(old__in=[old for old, *_more in changes])
    assert set(kept.values_list("old", "new", "is_split", "is_complete")) == changes


def test_a_line_goes_before_what_the_table_says(order, tmp_path):
    """The table doesn't say what Xã Quế Phước became; a line does, and its people and centre follow."""
    path = file_of(tmp_path, "xã,,20674,20669")
    with translation.override("vi"):
        report = reorganise(Source(path, old_order.FOLDER, "48"), DAY, at=timezone.now(), dry_run=False)
    assert "have no heir" not in " ".join(report.notes)
    assert m.UnitChange.objects.get(old__code="20674").new.code == "20669"
    agency = order.agencies[order.commune("20674")]
    assert m.AgencySuccession.objects.get(agency=agency).successor.place.code == "20669"
