"""The public page cache, over small pages of its own: what it keeps, for whom, until when."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from django.conf import settings as django_settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import messages
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, HttpResponseNotFound, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone, translation

from portal import generation
from portal.cache import PublicPageCache, allowed_query, takes_gzip
from tests import servers

NOON = dt.datetime(2026, 11, 25, 5, 0, tzinfo=dt.UTC)
drawn: list[str] = []


def page(request) -> HttpResponse:
    """Say the language and the address, at the cost of one query."""
    drawn.append(request.get_full_path())
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(f"{translation.get_language()} {request.get_full_path()} {len(drawn)} " + "chữ " * 100)


def closing(request) -> HttpResponse:
    response = page(request)
    response.expires_at = NOON + dt.timedelta(minutes=30)
    return response


def changed_meanwhile(request) -> HttpResponse:
    response = page(request)
    generation.move_on()
    return response


def with_cookie(request) -> HttpResponse:
    response = page(request)
    response.set_cookie("choice", "1")
    return response


def with_user(request) -> HttpResponse:
    return HttpResponse(f"{page(request).content.decode()} {request.user}")


def with_session_only(request) -> HttpResponse:
    """Read the session behind the back of Vary."""
    request.session.get("name")
    response = page(request)
    request.session.accessed = True
    return response


def with_message(request) -> HttpResponse:
    messages.info(request, "Only for you")
    return HttpResponse(page(request).content + "".join(str(m) for m in messages.get_messages(request)).encode())


def with_token(request) -> HttpResponse:
    return HttpResponse(get_token(request) + str(len(page(request).content)))


def private(request) -> HttpResponse:
    response = page(request)
    response["Cache-Control"] = "private"
    return response


def with_nonce(request) -> HttpResponse:
    return HttpResponse(page(request).content + str(request.csp_nonce).encode())


def streaming(request) -> StreamingHttpResponse:
    return StreamingHttpResponse([page(request).content])


def missing(request) -> HttpResponse:
    return HttpResponseNotFound(page(request).content)


PERSONAL = (with_cookie, with_user, with_session_only, with_message, with_token, private, with_nonce)
UNFIT = (streaming, missing)
urlpatterns = [
    path("sitemap.xml", page),
    path("other/", page),
    *i18n_patterns(
        path("", page),
        path("closing/", closing),
        path("changed/", changed_meanwhile),
        *[path(f"{view.__name__}/", view) for view in (*PERSONAL, *UNFIT)],
    ),
]


@pytest.fixture(autouse=True)
def pages(settings, page_cache) -> None:
    settings.ROOT_URLCONF = __name__
    drawn.clear()


@pytest.fixture
def at(monkeypatch):
    """Set the clock."""

    def set_clock(moment: dt.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_clock


def use_redis(settings, url: str) -> None:
    settings.CACHE_URL = url
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url},
    }


def body(response) -> str:
    content = response.content
    return (gzip.decompress(content) if response.get("Content-Encoding") == "gzip" else content).decode()


@pytest.mark.django_db
def test_a_warm_page_costs_no_query_in_every_language(client, django_assert_num_queries):
    cold = {code: body(client.get(f"/{code}/")) for code, _name in django_settings.LANGUAGES}
    for code, text in cold.items():
        assert text.startswith(f"{code} ")
    with django_assert_num_queries(0):
        warm = {code: body(client.get(f"/{code}/")) for code in [*cold, *reversed(cold)]}
    assert warm == cold


@pytest.mark.django_db
def test_another_process_finds_the_page_in_the_shared_cache(django_assert_num_queries):
    cold = Client().get("/vi/")
    with django_assert_num_queries(0):
        assert Client().get("/vi/").content == cold.content


@pytest.mark.django_db
def test_the_browsers_language_doesnt_change_what_an_address_shows(client):
    client.get("/vi/", headers={"Accept-Language": "ko"})
    assert body(client.get("/vi/", headers={"Accept-Language": "en"})).startswith("vi ")
    assert len(drawn) == 1


@pytest.mark.django_db
def test_foreign_parameters_make_no_entry_and_never_reach_the_page(client):
    first = client.get("/vi/?utm_source=mail&q=khai+sinh&page=2")
    again = client.get("/vi/?page=2&fbclid=1&q=khai+sinh")
    assert body(first) == body(again)
    assert drawn == ["/vi/?page=2&q=khai+sinh"]


@pytest.mark.django_db
def test_known_parameters_make_entries_of_their_own(client):
    assert body(client.get("/vi/?page=2")) != body(client.get("/vi/?page=3"))


@pytest.mark.django_db
def test_a_very_long_query_is_drawn_but_not_kept(client):
    for _time in range(2):
        assert "public" not in client.get("/vi/?q=" + "a" * 600).get("Cache-Control", "")
    assert len(drawn) == 2


@pytest.mark.django_db
def test_no_cookie_and_no_dependence_on_cookies(client):
    for _time in range(2):
        response = client.get("/vi/")
        assert not response.cookies
        assert response["Vary"] == "Accept-Encoding"
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert response["Content-Security-Policy"]
        assert response["X-Frame-Options"]
        assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_who_has_the_page_gets_304(client):
    response = client.get("/vi/")
    for tag in (response["ETag"], f'"other", {response["ETag"]}', response["ETag"].removeprefix("W/"), "*"):
        again = client.get("/vi/", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == response["ETag"]
    assert client.get("/vi/", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.django_db
def test_a_change_of_content_changes_the_etag(client):
    old = client.get("/vi/")["ETag"]
    generation.move_on()
    assert client.get("/vi/", headers={"If-None-Match": old}).status_code == 200


@pytest.mark.django_db
def test_head_says_what_get_would(client):
    head = client.head("/vi/")
    get = client.get("/vi/")
    assert head.content == b""
    assert len(drawn) == 1
    assert {name: head[name] for name in ("ETag", "Content-Length", "Content-Type")} == {
        name: get[name] for name in ("ETag", "Content-Length", "Content-Type")
    }


@pytest.mark.django_db
def test_gzip_and_plain_come_from_one_entry(client):
    plain = client.get("/vi/")
    packed = client.get("/vi/", headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)
    assert len(drawn) == 1


@pytest.mark.parametrize(
    ("header", "takes"),
    [("gzip", True), ("br;q=1.0, gzip;q=0.8", True), ("gzip;q=0", False), ("gzip; q=0.0", False), ("br", False)],
)
def test_accept_encoding_is_read_with_its_weights(header, takes):
    assert takes_gzip(RequestFactory().get("/vi/", headers={"Accept-Encoding": header})) is takes


@pytest.mark.django_db
def test_a_page_dies_when_its_view_said(client, at):
    at(NOON)
    client.get("/vi/closing/")
    at(NOON + dt.timedelta(minutes=29, seconds=59))
    client.get("/vi/closing/")
    assert len(drawn) == 1
    at(NOON + dt.timedelta(minutes=30))
    client.get("/vi/closing/")
    assert len(drawn) == 2


@pytest.mark.django_db
def test_a_page_drawn_across_a_change_isnt_kept_as_new(client):
    client.get("/vi/changed/")
    client.get("/vi/changed/")
    assert len(drawn) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("view", [*PERSONAL, *UNFIT])
def test_what_is_personal_or_unfit_is_never_kept(client, view):
    for _time in range(2):
        response = Client().get(f"/vi/{view.__name__}/")
        assert "private" in response["Cache-Control"]
    assert len(drawn) == 2


@pytest.mark.django_db
def test_a_reader_who_is_known_gets_a_page_of_his_own(client):
    client.get("/vi/")
    known = Client()
    known.cookies["sessionid"] = "x"
    response = known.get("/vi/")
    assert len(drawn) == 2
    assert response["Cache-Control"] == "private, no-store"
    client.get("/vi/")
    assert len(drawn) == 2


@pytest.mark.django_db
def test_credentials_in_a_header_go_past_the_cache(client):
    client.get("/vi/")
    assert "private" in client.get("/vi/", headers={"Authorization": "Basic eA=="})["Cache-Control"]
    assert len(drawn) == 2


@pytest.mark.django_db
def test_other_cookies_dont_matter(client):
    client.get("/vi/")
    client.cookies["_ga"] = "GA1.2.3"
    client.get("/vi/")
    assert len(drawn) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_other_methods_go_past_the_cache(client, method):
    client.get("/vi/")
    getattr(client, method)("/vi/")
    assert len(drawn) == 2


@pytest.mark.django_db
def test_addresses_without_a_language_arent_kept_save_the_public_ones(client):
    for _time in range(2):
        client.get("/other/")
        client.get("/sitemap.xml")
    assert sorted(drawn) == ["/other/", "/other/", "/sitemap.xml"]


@pytest.mark.django_db
def test_a_preview_neither_reads_nor_writes_the_public_page(client):
    client.get("/vi/")
    request = RequestFactory().get("/vi/", headers={"Host": "testserver"})
    request.is_dummy = True
    draft = PublicPageCache(lambda _request: HttpResponse("draft"))(request)
    assert draft.content == b"draft"
    assert "draft" not in body(client.get("/vi/"))


@pytest.mark.django_db
def test_hosts_are_kept_apart(client, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    client.get("/vi/", headers={"Host": "a.example"})
    client.get("/vi/", headers={"Host": "b.example"})
    assert len(drawn) == 2
    assert client.get("/vi/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_another_release_draws_its_own_pages(client, monkeypatch):
    client.get("/vi/")
    monkeypatch.setattr("portal.cache.release", lambda: "next")
    Client().get("/vi/")
    assert len(drawn) == 2


@pytest.mark.django_db
def test_a_change_leaves_no_old_entries_behind(client, tmp_path):
    for _time in range(5):
        client.get("/vi/")
        generation.move_on()
    assert len(list((tmp_path / "cache").glob("*.djcache"))) == 1


@pytest.mark.django_db
def test_a_damaged_entry_costs_a_query_and_no_page(client, tmp_path):
    client.get("/vi/")
    for file in (tmp_path / "cache").glob("*.djcache"):
        file.write_bytes(file.read_bytes()[:60])
    assert Client().get("/vi/").status_code == 200
    assert len(drawn) == 2


@pytest.mark.django_db
def test_a_cache_that_is_down_costs_no_page(client, settings):
    settings.CACHE_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.CACHE_URL},
    }
    for _time in range(2):
        assert client.get("/vi/").status_code == 200
    assert len(drawn) == 2


@pytest.mark.redis
@pytest.mark.django_db
def test_redis_keeps_pages_and_the_generation(settings, django_assert_num_queries):
    settings.CACHE_URL = servers.REDIS_URL
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": servers.REDIS_URL},
    }
    cache.clear()
    cold = Client().get("/vi/")
    with django_assert_num_queries(0):
        assert Client().get("/vi/").content == cold.content
    generation.move_on()
    assert Client().get("/vi/").content != cold.content
    cache.clear()
    assert Client().get("/vi/").status_code == 200


def test_allowed_queries_are_sorted_and_bare():
    assert allowed_query("utm_source=a&q=b&page=2") == "page=2&q=b"
    assert allowed_query("utm_source=a") == ""
    assert allowed_query("q=") == "q="
    assert allowed_query("field=đất&field=ho-tich") == "field=ho-tich&field=%C4%91%E1%BA%A5t"


def test_two_changes_in_one_tick_are_two_generations():
    seen = set()
    for _time in range(200):
        generation.move_on()
        seen.add(generation.current())
    assert len(seen) == 200
