"""Guides, notices and information pages in the search room: found in every language, gone when unpublished."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from portal import guides
from portal.models import GuidePage, InformationPage, NoticePage, SectionPage
from search import life, public
from search.documents import GUIDE

BODY = [
    {"type": "heading", "value": "Trước khi đi"},
    {"type": "paragraph", "value": "<p>Mang theo <b>giấy chứng sinh</b> &amp; căn cước.</p>"},
    {"type": "procedures", "value": {"heading": "Làm chung", "codes": ["1.001193"]}},
]


@pytest.fixture
def guide(site) -> GuidePage:
    """A published guide in two languages, and an index."""
    pages = []
    for code, title in (("vi", "Sinh em bé"), ("ko", "아기가 태어나면")):
        home = site[code, "home"]
        section = home.add_child(instance=SectionPage(title="Guides", slug="guides", locale=home.locale))
        page = GuidePage(title=title, slug="baby", summary="Việc đầu đời", body=BODY, locale=home.locale)
        if pages:
            page.translation_key = pages[0].translation_key
        pages.append(section.add_child(instance=page))
    life.rebuild()
    return pages[0]


def found(query: str, language: str = "vi") -> list[str]:
    return [hit.name for hit in public.find(query, language=language, kinds=(GUIDE,)).hits]


def test_a_guide_is_found_by_its_title_in_each_language(guide):
    assert found("sinh em be") == found("아기가 태어나면", "ko") == [str(guide.translation_key)]


def test_a_guide_is_one_document_with_titles_and_addresses(guide):
    document = next(guides.documents(None))
    assert document.shown == {
        "vi": "Sinh em bé",
        "url:vi": "/vi/guides/baby/",
        "ko": "아기가 태어나면",
        "url:ko": "/ko/guides/baby/",
    }


def test_its_body_is_plain_text_without_codes(guide):
    text = guides.body(guide)
    assert "Mang theo giấy chứng sinh & căn cước." in text
    assert "Làm chung" in text and "1.001193" not in text and "<" not in text


def test_notices_and_information_pages_are_found_too(guide, site):
    section = Page.objects.get(slug="guides", locale__language_code="vi")
    section.add_child(instance=NoticePage(title="Bão số chín", slug="n", locale=section.locale))
    section.add_child(instance=InformationPage(title="Về cổng này", slug="i", locale=section.locale))
    life.rebuild()
    assert len(found("bão số chín")) == len(found("về cổng này")) == 1


def test_a_document_has_the_stamp_that_comparing_asks_for(guide):
    assert {document.key: document.stamp for document in guides.documents(None)} == guides.stamps()
    guide.save_revision().publish()
    assert {document.key: document.stamp for document in guides.documents(None)} == guides.stamps()


def test_a_published_change_is_found_and_an_unpublished_guide_is_not(guide, committing):
    guide.title = "Chào đón trẻ sơ sinh"
    with committing():
        guide.save_revision().publish()
    assert found("chào đón trẻ sơ sinh")
    for page in GuidePage.objects.all():
        with committing():
            page.unpublish()
    assert found("chào đón trẻ sơ sinh") == found("아기가 태어나면", "ko") == []


def test_a_section_that_moves_moves_the_addresses_of_what_is_below(guide, committing):
    section = guide.get_parent().specific
    section.slug = "huong-dan"
    with committing():
        section.save_revision().publish()
    hit = public.suggest("sinh em bé", kinds=(GUIDE,)).hits[0]
    assert hit.titles["url:vi"] == "/vi/huong-dan/baby/"


def test_keys_that_name_nothing_give_nothing(guide):
    assert list(guides.documents(["guide:x", "guide:"])) == []
