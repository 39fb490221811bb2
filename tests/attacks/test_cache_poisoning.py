"""The page that everybody gets holds nothing of one reader, and nothing that one reader put into it."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from catalogue.models import Procedure
from portal import addresses
from portal.models import User
from tests.attacks.conftest import entered
from tests.factories import CentreFactory, ProcedureFactory, make_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("page_cache")]
MARK = "danger-9173"
HEADERS = {
    "HTTP_X_FORWARDED_HOST": f"{MARK}.example",
    "HTTP_X_FORWARDED_PROTO": MARK,
    "HTTP_X_FORWARDED_PORT": "9173",
    "HTTP_X_ORIGINAL_URL": f"/{MARK}",
    "HTTP_X_REWRITE_URL": f"/{MARK}",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
    "HTTP_X_METHOD": MARK,
    "HTTP_ACCEPT_LANGUAGE": f"ja, {MARK};q=0.9",
    "HTTP_USER_AGENT": f"<script>{MARK}</script>",
    "HTTP_REFERER": f"https://{MARK}.example/",
    "HTTP_ORIGIN": f"https://{MARK}.example",
    "HTTP_X_REQUESTED_WITH": "XMLHttpRequest",
    "HTTP_HX_REQUEST": "true",
    "HTTP_ACCEPT": f"text/{MARK}",
    "HTTP_COOKIE": f"other={MARK}; django_language=ja; desk_language=en",
    "HTTP_RANGE": "bytes=0-10",
    "HTTP_CACHE_CONTROL": "no-cache",
    "HTTP_X_WAGTAIL_PREVIEW": "1",
}


@pytest.fixture
def site(db) -> list[str]:
    """Addresses of public pages of every kind."""
    make_pages("vi", "en")
    ProcedureFactory(code="1.001193", name_vi="Đăng ký khai sinh", foreign=True)
    CentreFactory(slug="hai-chau")
    found = addresses.load()
    lists = [found.url(name, "vi") for name in ("home", "procedures", "centres", "places", "hotlines", "foreign")]
    rows = [found.procedure("1.001193", "vi"), found.centre("hai-chau", "vi")]
    return [*lists, *rows, f"{found.url('procedures', 'vi')}feed.atom", "/vi/tracking/", "/vi/statistics/",
            "/sitemap.xml", "/robots.txt"]  # fmt: skip


def read(path: str, client: Client | None = None, **headers: Any) -> Any:
    answer = (client or Client()).get(path, **headers)
    assert answer.status_code == 200, path
    return answer


def whole(answer: Any) -> str:
    return answer.content.decode() + str(sorted(answer.headers.items()))


def test_what_a_header_or_a_cookie_says_is_in_nobodys_page(site):
    """The page is drawn for whoever sends all of them at once; the next reader gets it from the cache."""
    for path in site:
        poisoned = read(path, **HEADERS)
        clean = read(path)
        assert MARK not in whole(poisoned) and MARK not in whole(clean), path
        assert poisoned.content == clean.content, path


def test_each_header_alone_changes_no_page(site):
    """Cold or warm, the page is the same as for a reader who sends nothing."""
    for name, value in HEADERS.items():
        for path in site[:1] + site[6:7]:
            other = f"{path}?page=1"
            assert read(other, **{name: value}).content == read(other).content, (name, path)


def test_what_an_address_says_besides_is_neither_kept_nor_shown(site):
    for path in site:
        for query in (f"{MARK}={MARK}", f"utm_source={MARK}", f"lang={MARK}", f"preview={MARK}", f"callback={MARK}",
                      f"page=1&page={MARK}", f"PAGE={MARK}", f"%71%71={MARK}", f";q={MARK}"):  # fmt: skip
            assert MARK not in whole(Client().get(f"{path}?{query}")), (path, query)
        assert MARK not in whole(read(path)), path


def test_a_query_that_is_shown_stands_only_in_the_page_of_its_own_address(site):
    """A search is on its page, escaped; the list without it, and another search, are others."""
    listed = site[1]
    evil = f'"><script>{MARK}</script>'
    shown = read(f"{listed}?q={evil}")
    assert f"<script>{MARK}" not in shown.content.decode()
    for other in (listed, f"{listed}?q=", f"{listed}?q=khai", f"{listed}?page=1", f"{listed}?q={evil}x"):
        assert f">{MARK}" not in whole(read(other)).replace(f"{MARK}x", ""), other
    # Two ways to write one query, and two parameters that could be taken for one, aren't mixed up.
    first, second = read(f"{listed}?q=a%26page%3D2"), read(f"{listed}?q=a&page=2")
    assert first.content != second.content or "a&amp;page=2" not in second.content.decode()


@pytest.mark.parametrize("host", ["localhost:9173", "LOCALHOST", "localhost.", "127.0.0.1", "[::1]:9173"])
def test_another_name_of_the_host_makes_no_page_of_others(site, settings, host):
    """Allowed names with other ports and letters: what stands in a page is the site's own address."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
    for path in site:
        answer = Client().get(path, HTTP_HOST=host)
        assert answer.status_code in (200, 404), path
        assert "9173" not in whole(answer), path
        assert "9173" not in whole(read(path)) and "LOCALHOST" not in whole(read(path)), path


@pytest.fixture
def boss(db) -> User:
    """An administrator of the site, who may do everything in /cms/."""
    return User.objects.create_superuser("boss-of-all")


def test_whoever_is_logged_in_neither_fills_nor_reads_what_is_kept(site, desk, boss):
    """Drawn for an officer and an administrator: private, no cookie in the kept page, no toolbar for others."""
    for who in (desk.people["contractor"], boss):
        client = entered(who)
        for path in site:
            own = read(path, client)
            if path not in ("/sitemap.xml", "/robots.txt"):
                assert own["Cache-Control"] == "private, no-store", path
            public = read(path)
            text = whole(public)
            assert "userbar" not in text and who.get_username() not in text, path
            assert "Set-Cookie" not in public.headers and not public.cookies, path
            assert client.cookies[django_settings.SESSION_COOKIE_NAME].value not in text, path


SUFFIXES = ("x.css", "logo.png", ";x.css", "%2ex.css", "?x.css", "%3fx.css", "/x.css", "%00.css")


def test_no_page_of_somebody_is_kept_under_an_address_that_looks_like_a_file(desk, boss):
    """«Cache deception»: a proxy that keeps all that ends so would keep what is one person's."""
    for who, paths in ((desk.people["clerk"], ("/desk/", "/desk/dossiers/", "/accounts/2fa/", "/accounts/sessions/")),
                       (boss, ("/cms/", "/cms/account/"))):  # fmt: skip
        client = entered(who)
        for path in (f"{each}{suffix}" for each in paths for suffix in SUFFIXES):
            answer = client.get(path, follow=True)
            told = answer.headers.get("Cache-Control", "")
            assert answer.status_code in (400, 404) or "no-store" in told or "private" in told, (path, told)


def test_what_belongs_to_one_person_says_so_to_every_cache(desk, boss, officer):
    """Each answer to somebody who is logged in, also a refusal or a way on, is kept by nobody on the way."""
    dossier = desk.received()
    for client, paths in (
        (entered(officer), ("/desk/", "/desk/dossiers/", f"/desk/dossiers/{dossier.code}/", "/desk/nothing/",
                            "/desk/register/", "/desk/dossiers.xlsx", f"/desk/dossiers/{dossier.code}/files/",
                            f"/desk/dossiers/{dossier.code}/slips/1/01.pdf", "/accounts/2fa/", "/accounts/login/",
                            "/accounts/sessions/")),
        (entered(boss), ("/cms/", "/cms/account/", "/cms/catalogue-changes/", "/cms/reports/site-history/",
                         "/cms/publication/", "/cms/catalogue-decisions/", "/cms/choose-page/")),
        (Client(), (f"/t/{dossier.tracking_token}/", "/t/nothing/", f"/t/{dossier.tracking_token}/1-01.pdf",
                    "/accounts/login/", "/accounts/password/reset/")),
    ):  # fmt: skip
        for path in paths:
            answer = client.get(path)
            told = answer.headers.get("Cache-Control", "")
            assert "no-store" in told or "private" in told or answer.status_code == 404, (
                path,
                answer.status_code,
                told,
            )


def test_a_post_fills_nothing_and_its_answer_is_nobody_elses(site, desk):
    dossier = desk.received()
    page = read("/vi/tracking/").content
    shown = Client().post("/vi/tracking/", {"code": dossier.code, "ending": "456789"})
    assert dossier.code in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert read("/vi/tracking/").content == page
    wrong = Client().post("/vi/tracking/?page=1", {"code": MARK, "ending": "000000"})
    assert MARK in wrong.content.decode() and MARK not in whole(read("/vi/tracking/?page=1"))
    assert Procedure.objects.exists()
