"""The sitemap's entries for procedures and centres."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import sitemaps
from tests import factories
from tests.factories import CentreFactory, ProcedureFactory

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def tree():
    return factories.make_pages()


def test_a_procedure_has_its_address_date_and_every_language(tree, settings):
    changed = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    ProcedureFactory(code="1.001193", updated_at=changed)
    entry = sitemaps.procedure_urls(tree["ko", "procedures"])[0]
    base = settings.BASE_URL
    assert entry["location"] == f"{base}/ko/procedures/1.001193/"
    assert entry["lastmod"] == changed
    assert {each["lang_code"]: each["location"] for each in entry["alternates"]} == {
        "vi": f"{base}/vi/thu-tuc/1.001193/",
        "en": f"{base}/en/procedures/1.001193/",
        "zh-Hans": f"{base}/zh-hans/procedures/1.001193/",
        "ko": f"{base}/ko/procedures/1.001193/",
        "ja": f"{base}/ja/procedures/1.001193/",
        "x-default": f"{base}/vi/thu-tuc/1.001193/",
    }


def test_only_what_the_public_may_see_is_named(tree):
    shown = ProcedureFactory(), ProcedureFactory(abolished=True)
    ProcedureFactory(draft=True)
    ProcedureFactory(elsewhere=True)
    named = [entry["location"].split("/")[-2] for entry in sitemaps.procedure_urls(tree["vi", "procedures"])]
    assert named == [row.code for row in shown]
    centre = CentreFactory(slug="hai-chau")
    CentreFactory(draft=True)
    CentreFactory(place=factories.CommuneFactory(province=factories.ProvinceFactory(code="75", name="Tỉnh Đồng Nai")))
    entries = sitemaps.centre_urls(tree["en", "centres"])
    assert [entry["location"].split("/", 3)[-1] for entry in entries] == [f"en/centres/{centre.slug}/"]


def test_a_language_without_the_index_is_left_out(db):
    tree = factories.make_pages("vi", "en")
    tree["en", "procedures"].unpublish()
    ProcedureFactory()
    entry = sitemaps.procedure_urls(tree["vi", "procedures"])[0]
    assert {each["lang_code"] for each in entry["alternates"]} == {"vi", "x-default"}
    assert sitemaps.procedure_urls(tree["en", "procedures"]) == []


def test_it_costs_two_queries_and_the_locale_whatever_the_number(tree):
    ProcedureFactory.create_batch(40)
    CentreFactory.create_batch(40)
    for function, name in ((sitemaps.procedure_urls, "procedures"), (sitemaps.centre_urls, "centres")):
        page = type(tree["ja", name]).objects.get(pk=tree["ja", name].pk)
        with CaptureQueriesContext(connection) as captured:
            assert len(function(page)) == 40
        assert 2 <= len(captured) <= 3


def locations(client) -> dict[str, ET.Element]:
    answer = client.get("/sitemap.xml")
    assert answer.status_code == 200
    return {url.findtext(f"{MAP}loc"): url for url in ET.fromstring(answer.content)}


def test_the_sitemap_names_pages_and_rows_of_every_language(client, tree):
    ProcedureFactory(code="1.001193")
    CentreFactory(slug="hai-chau")
    paths = {place.split("/", 3)[-1]: url for place, url in locations(client).items()}
    for code in ("en", "zh-hans", "ko", "ja"):
        wanted = {f"{code}/", f"{code}/procedures/", f"{code}/procedures/1.001193/", f"{code}/centres/hai-chau/"}
        assert wanted <= set(paths)
    procedure = paths["vi/thu-tuc/1.001193/"]
    tags = {link.get("hreflang") for link in procedure.findall(f"{XHTML}link")}
    assert tags == {"vi", "en", "zh-Hans", "ko", "ja", "x-default"}


@pytest.mark.parametrize("name", ["tracking", "statistics"])
def test_tracking_and_statistics_are_named_in_every_language_and_open(client, tree, name):
    found = locations(client)
    paths = {place.split("/", 3)[-1]: url for place, url in found.items()}
    codes = ("vi", "en", "zh-hans", "ko", "ja")
    for code in codes:
        links = paths[f"{code}/{name}/"].findall(f"{XHTML}link")
        told = {link.get("hreflang"): link.get("href").split("/", 3)[-1] for link in links}
        assert told == {"zh-Hans" if each == "zh-hans" else each: f"{each}/{name}/" for each in codes} | {
            "x-default": f"vi/{name}/"
        }
        assert client.get(f"/{code}/{name}/").status_code == 200
    assert len([place for place in found if place.endswith(f"/{name}/")]) == len(codes)


@pytest.mark.parametrize("code", ["vi", "en", "zh-hans", "ko", "ja"])
def test_every_page_leads_to_tracking_and_statistics_of_its_language(client, tree, page_cache, code):
    """From the footer of each page, and to tracking from the front page's own text; a kept page asks nothing."""
    for path in (f"/{code}/", tree[code, "procedures"].url_path, f"/{code}/tracking/", f"/{code}/statistics/"):
        text = client.get(path).content.decode()
        footer = text[text.index('<footer class="foot">') :]
        for name in ("tracking", "statistics"):
            assert f'<a href="/{code}/{name}/">' in footer, (path, name)
    with CaptureQueriesContext(connection) as captured:
        front = client.get(f"/{code}/").content.decode()
    assert len(captured) == 0
    main = front[front.index("<main") : front.index("</main>")]
    assert f'href="/{code}/tracking/"' in main


def test_a_page_that_isnt_published_isnt_named(client, tree):
    tree["ja", "hotlines"].unpublish()
    paths = {place.split("/", 3)[-1] for place in locations(client)}
    assert "ja/hotlines/" not in paths
    assert "ko/hotlines/" in paths


def test_the_sitemap_costs_as_much_for_many_rows_as_for_few(client, tree):
    def cost() -> int:
        locations(client)
        with CaptureQueriesContext(connection) as captured:
            locations(client)
        return len(captured)

    ProcedureFactory.create_batch(2)
    few = cost()
    ProcedureFactory.create_batch(30)
    CentreFactory.create_batch(30)
    assert cost() == few <= 50
