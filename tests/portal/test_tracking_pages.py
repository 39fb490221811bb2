"""The pages on which citizens follow a dossier: what they show, what they keep from others, how often one may err."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from desk import actions
from desk.identities import Identifier, Person
from tests.desk.cast import FORM, Cast, make_cast
from tests.factories import make_pages

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
RIGHT = "123456"


@pytest.fixture
def cast(page_cache) -> Cast:
    """The cast and the portal's pages, behind the public cache as for readers."""
    make_pages()
    return make_cast()


@pytest.fixture
def dossier(cast):
    return cast.processing(timezone.now())


def ask(code: str, ending: str, language: str = "en", client: Client | None = None, **more: str):
    """Send the form."""
    return (client or Client()).post(f"/{language}/tracking/", {"code": code, "ending": ending}, **more)


def is_secret(response) -> bool:
    """Return whether nobody may keep, find or pass on a response, and nothing is set at the reader's."""
    return (
        response["Cache-Control"] == "private, no-store"
        and "noindex" in response["X-Robots-Tag"]
        and response["Referrer-Policy"] == "no-referrer"
        and not response.cookies
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_a_public_page_in_each_language(cast, language):
    response = Client().get(f"/{language}/tracking/")
    text = response.content.decode()
    assert response.status_code == 200 and not response.cookies and "no-store" not in response["Cache-Control"]
    assert text.count('rel="alternate" hreflang') == len(LANGUAGES) + 1 and "noindex" not in text
    assert f'href="/{language}/tracking/"' in Client().get(f"/{language}/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_and_ending_open_it_and_nothing_of_it_stands_in_an_address(dossier, language):
    response = ask(dossier.code, RIGHT, language)
    text = response.content.decode()
    assert response.status_code == 200 and is_secret(response)
    assert dossier.code in text and '<meta name="robots" content="noindex' in text
    assert dossier.tracking_token not in text and "canonical" not in text
    for secret in ("Nguyễn Thị Lan", "0905", "048123456789", "Hòa Minh", "Thẩm định"):
        assert secret not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_token_shows_it_in_the_browsers_language_and_in_any_other(dossier, language):
    address = f"/t/{dossier.tracking_token}"
    told = Client().get(address, headers={"accept-language": language})
    asked = Client().get(f"{address}?lang={language}", headers={"accept-language": "fr"})
    tag = "zh-Hans" if language == "zh-hans" else language
    for response in (told, asked):
        assert response.status_code == 200 and is_secret(response)
        assert f'<html lang="{tag}">' in response.content.decode()
    text = told.content.decode()
    assert all(f"{address}?lang={code}" in text for code in LANGUAGES)
    assert "report/?page=" not in text and "canonical" not in text


def test_the_address_in_the_qr_code_leads_there(dossier):
    from desk.slips.source import tracking_url

    path = tracking_url(dossier).removeprefix(django_settings.BASE_URL)
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("token", ["a" * 43, "x", "%00", "a" * 3_000, "%F0%9F%98%80"])
def test_an_unknown_token_gets_a_page_that_helps(cast, token):
    response = Client().get(f"/t/{token}?lang=en")
    assert response.status_code == 404 and is_secret(response)
    assert "Scan the QR code again" in response.content.decode()


def test_slips_are_opened_by_the_token_and_others_are_not(dossier):
    base = f"/t/{dossier.tracking_token}"
    assert f"{base}/1-01.pdf" in Client().get(base).content.decode()
    pdf = Client().get(f"{base}/1-01.pdf")
    assert pdf.content.startswith(b"%PDF") and is_secret(pdf)
    for tail in ("1-06.pdf", "2-handover.pdf", "1-02.pdf", "99-01.pdf"):
        assert Client().get(f"{base}/{tail}").status_code == 404
    assert Client().get(f"/t/{'a' * 43}/1-01.pdf").status_code == 404


def test_a_wrong_ending_and_an_unknown_code_read_the_same(dossier):
    wrong, unknown = ask(dossier.code, "999999"), ask("DEMO.01-260302-9999", "999999")
    assert wrong.status_code == unknown.status_code == 400 and is_secret(wrong) and is_secret(unknown)
    kept = wrong.content.decode().replace(dossier.code, "DEMO.01-260302-9999")
    assert kept == unknown.content.decode() and "DEMO.01-260302-9999" in kept


def test_a_wrong_ending_and_an_unknown_code_cost_as_many_queries(dossier, django_assert_num_queries):
    ask(dossier.code, "999999")
    for code in (dossier.code, "DEMO.01-260302-9999"):
        with django_assert_num_queries(1):
            ask(code, "999999")


@pytest.mark.parametrize(
    ("code", "ending"), [("", ""), ("", RIGHT), ("DEMO", "12"), ("x" * 10_000, "y" * 10_000), ("\x00", "\x00" * 9)]
)
def test_what_cannot_be_right_is_said_beside_its_field_and_counts_as_no_try(cast, code, ending):
    response = ask(code, ending)
    assert response.status_code in (400,) and len(response.content) < 20_000 and is_secret(response)


def test_tries_over_many_codes_are_limited_by_address(dossier, settings):
    settings.TRACKING_TRIES_ADDRESS = 3
    for number in range(3):
        assert ask(f"DEMO.01-260302-{number:04}", "999999").status_code == 400
    used_up = ask(dossier.code, RIGHT)
    assert used_up.status_code == 429 and used_up["Retry-After"] and is_secret(used_up)
    assert ask(dossier.code, RIGHT, REMOTE_ADDR="10.0.0.9").status_code == 200
    assert Client().get(f"/t/{dossier.tracking_token}").status_code == 200


def test_wrong_tries_and_those_past_the_limit_are_told_to_the_audit_without_what_was_typed(dossier, settings, caplog):
    settings.TRACKING_TRIES_ADDRESS = 1
    with caplog.at_level("INFO", logger="portal.audit"):
        ask(dossier.code, "999999")
        ask(dossier.code, RIGHT)
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "portal.audit"]
    assert [line["event"] for line in lines] == ["tracking.wrong_try", "limit.reached"]
    assert not any(word in caplog.text for word in (dossier.code, "999999", RIGHT))


def test_tries_on_one_code_are_limited_over_addresses_whether_or_not_it_is_there(dossier, settings):
    settings.TRACKING_TRIES_CODE = 2
    for code in (dossier.code, "DEMO.01-260302-9999"):
        answers = [ask(code.lower(), "999999", REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(3)]
        assert answers == [400, 400, 429]


def test_behind_a_proxy_the_address_that_it_saw_is_counted(dossier, settings):
    settings.TRACKING_TRIES_ADDRESS, settings.PROXIES = 1, 1
    for number in range(3):
        told = f"6.6.6.6, 10.1.0.{number}"
        assert ask("DEMO.01-260302-9999", "999999", HTTP_X_FORWARDED_FOR=told).status_code == 400
    assert ask(dossier.code, RIGHT, HTTP_X_FORWARDED_FOR="7.7.7.7, 10.1.0.2").status_code == 429


def test_an_ipv6_network_is_one_reader(dossier, settings):
    settings.TRACKING_TRIES_ADDRESS = 1
    assert ask("DEMO.01-260302-9999", "999999", REMOTE_ADDR="2001:db8::1").status_code == 400
    assert ask(dossier.code, RIGHT, REMOTE_ADDR="2001:db8::2").status_code == 429


def test_right_answers_are_not_counted(dossier, settings):
    settings.TRACKING_TRIES_ADDRESS = settings.TRACKING_TRIES_CODE = 1
    assert [ask(dossier.code, RIGHT).status_code for _try in range(4)] == [200] * 4


def test_a_cache_that_is_down_allows_no_try_but_the_token(dossier, monkeypatch):
    from django.core.cache import cache

    monkeypatch.setattr(type(cache._connections["default"]), "get_many", lambda *a, **k: 1 / 0, raising=False)
    monkeypatch.setattr("portal.tracking.tries.CACHE_FAILURES", (ZeroDivisionError,))
    assert ask(dossier.code, RIGHT).status_code == 429
    assert Client().get(f"/t/{dossier.tracking_token}").status_code == 200


@pytest.mark.parametrize("language", ["vi", "ko"])
def test_the_largest_page_needs_twelve_queries(cast, dossier, language, django_assert_max_num_queries):
    owner = Person("Lê Mai", identifiers=(Identifier("passport", "M7771138"),))
    other = cast.processing(timezone.now(), owner=owner)
    actions.request_supplement(other.pk, by=cast.actor("handler", timezone.now()), at=timezone.now(), demands=[FORM])
    for code in (dossier.code, other.code):
        ask(code, RIGHT, language)
        with django_assert_max_num_queries(12):
            assert ask(code, RIGHT, language).status_code == 200


def test_robots_are_kept_away_from_tokens(cast):
    assert "Disallow: /t/" in Client().get("/robots.txt").content.decode()
