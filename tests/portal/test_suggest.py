"""Suggestions over HTTP: what they say, in which language, at what cost, and that nothing breaks them."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as django_settings
from django.test import Client

from portal import suggestions
from portal.models import GuidePage, SectionPage
from search import life, public
from tests.factories import CentreFactory, CommuneFactory, HotlineFactory, ProcedureFactory

LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
UNREADABLE = (
    "", "   ", "q" * 10_000, "\x00\x07", "😀", "+ - \" ( ~ *", "(.*)+$", "'; DROP TABLE x; --", "\u0301",
    "\u202eשלום", "<script>", "{{ x }}",
)  # fmt: skip


@pytest.fixture
def index(site):
    """A procedure, a centre, a hotline and a guide in two languages, with an index."""
    ProcedureFactory(
        code="1.001193", name_vi="Thủ tục đăng ký khai sinh", name_en="Register a birth", name_ko="출생 등록"
    )
    CentreFactory(slug="cam-le", name_vi="Trung tâm phường Cẩm Lệ", place=CommuneFactory(name="Phường Cẩm Lệ"))
    HotlineFactory(phone="0236 3881 888", centre__slug="hai-chau", label_vi="Hỏi đáp thủ tục", label_en="Questions")
    first = None
    for code, title in (("vi", "Sinh em bé"), ("en", "Having a baby")):
        home = site[code, "home"]
        section = home.add_child(instance=SectionPage(title="Guides", slug="guides", locale=home.locale))
        page = GuidePage(title=title, slug="baby", locale=home.locale)
        page.translation_key = first.translation_key if first else page.translation_key
        first = section.add_child(instance=page)
    life.rebuild()


def ask(language: str, query: str) -> list[dict[str, str]]:
    response = Client().get(f"/api/suggest/{language}/", {"q": query})
    assert response.status_code == 200
    return json.loads(response.content)


def test_a_suggestion_says_kind_title_language_and_address(index):
    first = ask("vi", "khai s")[0]
    assert first == {
        "kind": "procedure",
        "said": "Thủ tục",
        "title": "Đăng ký khai sinh",
        "lang": "vi",
        "why": "",
        "url": "/vi/thu-tuc/1.001193/",
    }


def test_titles_are_in_the_readers_language_else_vietnamese_and_say_so(index):
    korean, japanese = ask("ko", "khai sinh")[0], ask("ja", "khai sinh")[0]
    assert (korean["title"], korean["lang"], korean["url"]) == ("출생 등록", "ko", "/ko/procedures/1.001193/")
    assert (japanese["title"], japanese["lang"]) == ("Đăng ký khai sinh", "vi")


@pytest.mark.parametrize(
    ("query", "kind", "url", "why"),
    [
        ("trung tâm cẩm lệ", "centre", "/vi/trung-tam/cam-le/", ""),
        ("đường dây nóng", "hotline", "/vi/duong-day-nong/", "0236 3881 888"),
        ("sinh em bé", "guide", "/vi/guides/baby/", ""),
    ],
)
def test_every_kind_leads_to_its_page(index, query, kind, url, why):
    first = ask("vi", query)[0]
    assert (first["kind"], first["url"], first["why"]) == (kind, url, why)


def test_a_guide_leads_to_its_translation(index):
    first = ask("en", "having a baby")[0]
    assert (first["title"], first["url"]) == ("Having a baby", "/en/guides/baby/")


def test_at_most_eight_are_given(site):
    for number in range(12):
        ProcedureFactory(code=f"2.{number:03}", name_vi=f"Đăng ký tàu cá loại {number}")
    life.rebuild()
    assert len(ask("vi", "đăng ký tàu")) == 8


def test_it_is_public_without_a_cookie_and_kept_for_a_minute(index, client: Client):
    response = client.get("/api/suggest/vi/", {"q": "khai"})
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["Content-Type"] == "application/json"
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert client.post("/api/suggest/vi/").status_code == 405


def test_compressed_and_plain_say_the_same(index, client: Client):
    import gzip

    plain = client.get("/api/suggest/vi/", {"q": "khai"})
    packed = client.get("/api/suggest/vi/", {"q": "khai"}, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip" and packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == plain.content


def test_a_warm_one_costs_no_query(index, client: Client, django_assert_num_queries):
    client.get("/api/suggest/vi/", {"q": "khai"})
    with django_assert_num_queries(0):
        client.get("/api/suggest/vi/", {"q": "khai"})
        client.get("/api/suggest/vi/", {"q": "khai sinh"})


@pytest.mark.parametrize("language", [*LANGUAGES, "xx", "vi'", "%00"])
def test_whatever_cannot_be_read_gives_an_empty_list_or_suggestions_never_an_error(index, language):
    for query in UNREADABLE:
        assert isinstance(ask(language, query), list)
    assert ask("xx", "khai sinh") == []


def test_without_an_index_there_are_none(site):
    ProcedureFactory(name_vi="Đăng ký khai sinh")
    assert ask("vi", "khai sinh") == []


def test_a_search_that_fails_costs_suggestions_only(index, monkeypatch, caplog):
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("The disk is gone.")

    monkeypatch.setattr(public, "suggest", fail)
    assert ask("vi", "khai sinh con") == []
    assert "No suggestions" in caplog.text


def test_what_is_kept_is_bounded_and_forgotten_with_every_change(index, monkeypatch, committing):
    monkeypatch.setattr(suggestions, "KEPT", 3)
    for word in ("a", "b", "c", "d", "e"):
        ask("vi", f"khai {word}")
    assert len(suggestions.memory.answers) == 3
    before = ask("vi", "khai sinh")
    ProcedureFactory(code="1.9", name_vi="Thủ tục khai sinh")
    with committing():
        life.rebuild()
    assert len(ask("vi", "khai sinh")) == len(before) + 1
