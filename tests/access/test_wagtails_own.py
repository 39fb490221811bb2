"""Views of Wagtail that asked for no right, or named what isn't yours before they asked (8.0.1): each was open once."""

from __future__ import annotations

import pytest

from portal.access.doors import DOORS, door_of
from portal.access.routes import routes
from portal.models import GuidePage, PageReport, SectionPage
from tests.access.world import World, read, rolled_back

TITLES = ("Sinh con", "Ảnh", "Tệp", "khai sinh", "/vi/")


def told(world: World, name: str, address: str) -> tuple[int, list[str]]:
    """Return how an address answers somebody, and what it names."""
    with rolled_back():
        answer = world.client(name).get(address)
    return answer.status_code, [title for title in TITLES if title in read(answer)]


@pytest.mark.parametrize(
    ("kind", "key", "act"),
    [
        ("wagtailcore/page", "page_id", "delete"),
        ("wagtailcore/page", "page_id", "unpublish"),
        ("portal/portalimage", "image_id", "add_tags"),
        ("portal/portaldocument", "document_id", "delete"),
        ("search/wordgroup", "wagtailsnippets_search_wordgroup pk", "delete"),
        ("portal/pagereport", "wagtailsnippets_portal_pagereport pk", "delete"),
    ],
)
def test_an_act_on_many_doesnt_name_what_one_has_no_right_on(world, kind, key, act):
    address = f"/cms/bulk/{kind}/{act}/?id={world.known[key]}&next=/cms/"
    assert told(world, "editor", address) == (302, [])
    status, named = told(world, "administrator", address)
    assert status == 200 and named


@pytest.mark.parametrize("kind", ["portal/pagereport", "desk/calendarday", "search/judgedquery"])
def test_a_chooser_offers_rows_to_those_alone_who_have_a_right_on_them(world, kind):
    for view in ("", "results/", "chosen-multiple/?id=1"):
        assert told(world, "editor", f"/cms/snippets/choose/{kind}/{view}") == (302, []), view
        assert told(world, "administrator", f"/cms/snippets/choose/{kind}/{view}")[0] == 200, view


def test_readers_reports_are_the_administrators(world):
    report = PageReport.objects.get()
    address = f"/cms/snippets/choose/portal/pagereport/chosen/{report.pk}/"
    assert [told(world, name, address)[0] for name in ("page editor", "publisher", "administrator")] == [302, 302, 200]


def test_a_page_that_one_may_not_move_isnt_named(world):
    address = f"/cms/pages/{world.known['page_id']}/move/{world.known['destination_id']}/confirm/"
    assert told(world, "editor", address) == (302, [])


def test_drafts_of_pages_are_offered_to_editors_of_pages_alone(world):
    section = SectionPage.objects.get(slug="huong-dan")
    with rolled_back():
        section.add_child(instance=GuidePage(title="Nháp kín", slug="nhap", live=False, locale=section.locale))
        for address in (f"/cms/choose-page/{section.pk}/", "/cms/choose-page/search/?q=Nh%C3%A1p"):
            pages = {name: read(world.client(name).get(address)) for name in ("editor", "page editor")}
            assert "Nháp kín" not in pages["editor"]
            assert "Nháp kín" in pages["page editor"], address


def test_titles_of_files_are_told_to_their_editors(world):
    for address, title in (("/cms/api/main/images/", "Ảnh"), ("/cms/api/main/documents/", "Tệp")):
        assert told(world, "editor", address) == (302, [])
        assert title in told(world, "page editor", address)[1]


def test_what_fails_on_purpose_or_without_its_field_is_an_answer(world):
    """A 500 would be in the log each time somebody plays with it."""
    client = world.client("administrator")
    assert client.get("/cms/failwhale/").status_code == 404
    assert client.post("/cms/choose-external-link/").status_code == 400
    assert client.get("/cms/workflows/add/").status_code == 200
    assert world.client("anonymous").get("/cms/failwhale/").status_code == 302


def test_each_door_stands_before_a_view():
    names = [route.name for route in routes()]
    assert all(any(door_of(name) is ask for name in names) for ask in DOORS.values())
