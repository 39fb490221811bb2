"""The public pages through the cache: warm ones cost nothing, and a change shows on all that it touches."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from catalogue.models import Centre, OpeningHours, Procedure
from catalogue.opening import ZONE
from portal import addresses
from tests.factories import CentreFactory, HotlineFactory, ProcedureFactory, make_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_a_rule")]
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
WEDNESDAY = dt.date(2026, 11, 25)


@pytest.fixture
def procedure(page_cache) -> Procedure:
    make_pages()
    return ProcedureFactory(
        code="1.001193", name_vi="Đăng ký khai sinh", name_en="Birth registration", foreign=True, with_papers=True
    )


@pytest.fixture
def centre(procedure) -> Centre:
    centre = CentreFactory(slug="hai-chau", place__code="20194")
    OpeningHours.objects.create(centre=centre, weekday=2, opens=dt.time(7, 30), closes=dt.time(11, 30))
    HotlineFactory(centre=centre)
    return centre


def public_urls(language: str) -> list[str]:
    """Return an address of every kind of page in one language."""
    found = addresses.load()
    names = ("home", "procedures", "centres", "places", "hotlines", "foreign")
    lists = [found.url(name, language) for name in names]
    files = [found.url("procedures", language) + "feed.atom"]
    files += [found.url("foreign", language) + name for name in ("list.csv", "list.json")]
    asked = [found.url("procedures", language) + "?q=khai+sinh", found.url("places", language) + "?q=20194"]
    rows = [found.procedure("1.001193", language), found.centre("hai-chau", language)]
    return [*lists, *files, *asked, *rows]


def read(url: str) -> str:
    response = Client().get(url)
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_is_free_once_it_was_drawn(centre, language, django_assert_num_queries):
    urls = [*public_urls(language), "/sitemap.xml", "/robots.txt"]
    cold = {url: read(url) for url in urls}
    with django_assert_num_queries(0):
        warm = {url: read(url) for url in urls}
    assert warm == cold


def test_no_public_page_sets_a_cookie_or_depends_on_one(centre):
    for language in LANGUAGES:
        for url in public_urls(language):
            response = Client().get(url)
            assert not response.cookies, url
            assert response["Vary"] == "Accept-Encoding", url
            assert response["Cache-Control"].startswith("public"), url


def test_a_published_name_shows_on_page_list_and_feed_in_all_languages(centre, committing):
    found = addresses.load()
    urls = [
        url
        for language in LANGUAGES
        for url in (
            found.procedure("1.001193", language),
            found.url("procedures", language),
            found.url("foreign", language),
            found.url("foreign", language) + "list.csv",
            found.url("procedures", language) + "feed.atom",
        )
    ]
    for url in urls:
        assert "lưu động" not in read(url)
    procedure = Procedure.objects.get(code="1.001193")
    with committing():
        for language in LANGUAGES:
            setattr(procedure, "name_" + language.replace("-", "_"), "Đăng ký khai sinh lưu động")
        procedure.updated_at = timezone.now()
        procedure.save_revision().publish()
    for url in urls:
        assert "lưu động" in read(url), url


def test_a_row_taken_down_is_gone_at_once(centre, committing):
    url = addresses.load().procedure("1.001193", "vi")
    read(url)
    with committing():
        Procedure.objects.get(code="1.001193").unpublish()
    assert Client().get(url).status_code == 404


def test_open_and_shut_change_with_the_clock(centre, monkeypatch):
    url = addresses.load().centre("hai-chau", "vi")

    def at(hour: int, minute: int, second: int = 0) -> str:
        moment = dt.datetime.combine(WEDNESDAY, dt.time(hour, minute, second), ZONE)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return read(url)

    shut, opened = at(7, 29, 59), at(7, 30)
    assert shut != opened
    assert at(11, 29, 59) == opened
    assert at(11, 30) != opened
