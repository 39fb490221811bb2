"""The Atom feed of changed procedures."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
VI, ZH = "/vi/thu-tuc/feed.atom", "/zh-hans/procedures/feed.atom"


@pytest.fixture(autouse=True)
def tree():
    return factories.make_pages("vi", "zh-hans")


def at(hour: int) -> dt.datetime:
    return dt.datetime(2026, 11, 20, hour, tzinfo=dt.UTC)


def read(client, address: str = VI) -> ET.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def titles(feed: ET.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_the_newest_change_comes_first_and_only_what_is_public(client):
    ProcedureFactory(name_vi="Khai sinh", updated_at=at(1))
    ProcedureFactory(name_vi="Kết hôn", updated_at=at(3))
    ProcedureFactory(name_vi="Khai tử", updated_at=at(2))
    ProcedureFactory(updated_at=None)
    ProcedureFactory(draft=True, updated_at=at(5))
    ProcedureFactory(elsewhere=True, updated_at=at(5))
    feed = read(client)
    assert titles(feed) == ["Kết hôn", "Khai tử", "Khai sinh"]
    assert feed.findtext(f"{ATOM}updated") == "2026-11-20T03:00:00+00:00"


def test_addresses_are_whole_and_permanent(client, settings):
    ProcedureFactory(code="1.001193", updated_at=at(1))
    feed = read(client)
    entry = feed.find(f"{ATOM}entry")
    address = f"{settings.BASE_URL}/vi/thu-tuc/1.001193/"
    assert entry.findtext(f"{ATOM}id") == address
    assert entry.find(f"{ATOM}link").get("href") == address
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{settings.BASE_URL}/vi/thu-tuc/", "self": settings.BASE_URL + VI}
    assert feed.findtext(f"{ATOM}id")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == settings.WAGTAIL_SITE_NAME


def test_an_entry_says_its_language_where_it_isnt_the_feeds(client):
    ProcedureFactory(name_vi="Khai sinh", name_zh_hans="出生登记", updated_at=at(2))
    ProcedureFactory(name_vi="Kết hôn", updated_at=at(1))
    feed = read(client, ZH)
    assert feed.get(LANG) == "zh-Hans"
    assert [(entry.findtext(f"{ATOM}title"), entry.get(LANG)) for entry in feed.findall(f"{ATOM}entry")] == [
        ("出生登记", None),
        ("Kết hôn", "vi"),
    ]


def test_an_abolished_procedure_is_told_as_such(client):
    ProcedureFactory(name_vi="Khai sinh", abolished=True, updated_at=at(1))
    assert titles(read(client))[0].startswith("Khai sinh (")


def test_marks_and_control_characters_dont_break_it(client):
    ProcedureFactory(name_vi="Cấp <giấy> & bản\x0b sao", updated_at=at(1))
    feed = read(client)
    assert titles(feed) == ["Cấp <giấy> & bản sao"]


def test_without_a_change_two_readings_are_alike(client):
    assert client.get(VI).content == client.get(VI).content
    ProcedureFactory(updated_at=at(1))
    assert client.get(VI).content == client.get(VI).content


def test_it_holds_the_last_fifty_for_as_many_queries_as_five(client):
    def cost() -> int:
        client.get(ZH)
        with CaptureQueriesContext(connection) as captured:
            client.get(ZH)
        return len(captured)

    ProcedureFactory.create_batch(5)
    few = cost()
    ProcedureFactory.create_batch(50)
    assert len(titles(read(client, ZH))) == 50
    assert cost() == few <= 11
