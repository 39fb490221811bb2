"""The single sign-on with a real OpenID Connect provider in a process of its own, and by the administrator's rule."""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import jwt
import pytest
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from jwt.algorithms import RSAAlgorithm

from bench.site import free_port, wait_for
from portal.accounts import oidc, single_sign_on
from portal.accounts.checked_provider import CheckedAdapter
from portal.models import User
from tests.accounts.conftest import LOG_IN

START = "/accounts/oidc/sso/login/"
PEOPLE = {
    "tied": {"email": "else@elsewhere.example", "email_verified": True},
    "clerk-1": {"email": "Clerk@danang.gov.vn", "email_verified": True},
    "unverified": {"email": "clerk@danang.gov.vn", "email_verified": False},
    "a-word": {"email": "clerk@danang.gov.vn", "email_verified": "false"},
    "silent": {"email": "clerk@danang.gov.vn"},
    "foreign": {"email": "clerk@danang.gov.vn.evil.example", "email_verified": True},
    "nobody": {"email": "nobody@danang.gov.vn", "email_verified": True},
    "boss-1": {"email": "boss@danang.gov.vn", "email_verified": True},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address."""
    port = free_port()
    people = [part for sub, told in PEOPLE.items() for part in ("--user-claims", json.dumps({"sub": sub, **told}))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
def switched_on(provider, settings) -> None:
    settings.OIDC_NAME = "Tài khoản công vụ"
    settings.OIDC_LINK_DOMAINS = ["danang.gov.vn"]
    settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(provider, client_id="mot-cua", secret="s", name="Công vụ")


@pytest.fixture
def come(client, switched_on) -> Callable:
    """Go to the provider as somebody, say yes there, and return the answer to the way back."""

    def go(who: str, *, by: Client = client, **query: str):
        there = by.get(START, query)
        assert there.status_code == 302, there.content
        back = requests.post(there.url, {"sub": who}, allow_redirects=False, timeout=10)
        assert "/accounts/oidc/sso/login/callback/?" in back.headers["Location"]
        return by.get(back.headers["Location"].partition("testserver")[2])

    return go


def test_it_is_off_until_it_is_set(client, db):
    assert "oidc" not in client.get(LOG_IN).content.decode()
    assert client.get(START).status_code == 404


def test_the_log_in_page_leads_to_it(client, db, switched_on, provider):
    page = client.get(LOG_IN, {"next": "/desk/dossiers/"}).content.decode()
    assert "Đăng nhập bằng Tài khoản công vụ" in page
    assert f'href="{START}?next=%2Fdesk%2Fdossiers%2F"' in page
    asked = client.get(START).url
    assert asked.startswith(f"{provider}/oauth2/authorize?") and "code_challenge_method=S256" in asked


def test_no_other_site_starts_it(client, db, switched_on):
    assert client.get(START, headers={"Sec-Fetch-Site": "cross-site"}).url == LOG_IN


def test_a_verified_address_in_an_allowed_domain_finds_its_account_and_stays_tied(cast, come, caplog):
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        assert come("clerk-1", next="/desk/dossiers/").url == "/desk/dossiers/"
    assert '"account.tied"' in caplog.text and "danang.gov.vn" not in caplog.text
    row = SocialAccount.objects.get()
    assert (row.user, row.provider, row.uid, row.extra_data) == (cast.people["clerk"], "sso", "clerk-1", {})
    User.objects.filter(username="clerk").update(email="moved@elsewhere.example")
    again = Client()
    assert come("clerk-1", by=again).url == "/desk/"
    assert again.get("/desk/").status_code == 200
    assert SocialAccount.objects.get().extra_data == {}


def test_the_providers_tokens_stay_on_the_server_and_are_not_kept(cast, come, client):
    answer = come("clerk-1")
    assert not SocialToken.objects.exists()
    told = f"{answer.headers} {answer.cookies} {dict(client.session.items())}"
    assert "token" not in told.replace("csrftoken", "").lower()


@pytest.mark.parametrize("who", ["unverified", "a-word", "silent", "foreign", "nobody", "boss-1"])
def test_nobody_else_comes_in_and_nobody_signs_up(cast, admin, come, client, who):
    people = User.objects.count()
    answer = come(who)
    assert answer.status_code == 403
    assert "Chưa có tài khoản nào ở đây gắn với đăng nhập một lần của bạn" in answer.content.decode()
    assert client.get("/desk/").url.startswith(LOG_IN)
    assert (User.objects.count(), SocialAccount.objects.count()) == (people, 0)


def test_no_domain_is_allowed_unless_it_is_named(cast, come, settings):
    settings.OIDC_LINK_DOMAINS = []
    assert come("clerk-1").status_code == 403


def test_two_accounts_of_one_address_are_told_apart_by_the_administrator_alone(cast, come):
    User.objects.filter(username="approver").update(email="clerk@danang.gov.vn")
    assert come("clerk-1").status_code == 403


def test_an_account_that_is_tied_to_somebody_is_tied_to_nobody_else(cast, come):
    SocialAccount.objects.create(user=cast.people["clerk"], provider="sso", uid="somebody-else")
    assert come("clerk-1").status_code == 403


def test_the_administrators_table_ties_unties_and_lists(cast, admin, come):
    told = StringIO()
    call_command("link_account", "boss", "tied", stdout=told)
    call_command("link_account", "boss", "tied", stdout=told)
    assert come("tied").url == "/cms/"
    with pytest.raises(CommandError, match="boss"):
        call_command("link_account", "clerk", "tied")
    call_command("link_account", stdout=told)
    assert "boss\ttied" in told.getvalue()
    call_command("link_account", "boss", "--remove", stdout=told)
    assert come("tied", by=Client()).status_code == 403


def test_a_closed_account_stays_closed(cast, come):
    call_command("link_account", "clerk", "clerk-1", stdout=StringIO())
    User.objects.filter(username="clerk").update(is_active=False)
    assert come("clerk-1").url == "/accounts/inactive/"


def test_whoever_is_logged_in_ties_nothing_alone(cast, come, client, log_in):
    log_in("approver")
    assert come("nobody", process="connect").status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_second_factor_is_asked_for_here_too(cast, come, log_in, client, set_up):
    log_in("clerk")
    set_up(client)
    fresh = Client()
    assert come("clerk-1", by=fresh).url == "/accounts/2fa/authenticate/"
    assert fresh.get("/desk/").url.startswith(LOG_IN)


def test_an_answer_is_good_once_and_in_its_own_browser(cast, client, switched_on):
    there = client.get(START)
    back = requests.post(there.url, {"sub": "clerk-1"}, allow_redirects=False, timeout=10).headers["Location"]
    path = back.partition("testserver")[2]
    assert Client().get(path).status_code == 401, "another browser"
    assert client.get(path).url == "/desk/"
    client.post("/accounts/logout/")
    assert client.get(path).status_code == 401, "again"


def test_saying_no_there_leads_back_with_words(client, db, switched_on):
    there = client.get(START)
    back = requests.post(there.url, {"action": "deny"}, allow_redirects=False, timeout=10).headers["Location"]
    state = dict(part.split("=") for part in there.url.partition("?")[2].split("&"))["state"]
    answer = client.get(f"{START}callback/", {"error": "access_denied", "state": state})
    assert "error=access_denied" in back
    assert answer.url == "/accounts/sso/cancelled/"
    assert "Đăng nhập một lần không thành công" in client.get(answer.url).content.decode()


def test_a_provider_that_does_not_answer_is_said_in_words(client, db, switched_on, settings):
    port = free_port()
    settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(
        f"http://127.0.0.1:{port}", client_id="mot-cua", secret="s", name="Công vụ"
    )
    answer = client.get(START)
    assert answer.status_code == 503
    assert "không trả lời" in answer.content.decode()


def test_a_token_of_one_and_an_answer_about_another_are_refused():
    assert single_sign_on.is_one_person({"id_token": {"sub": "a"}, "userinfo": {"sub": "a", "email": "x"}})
    assert not single_sign_on.is_one_person({"id_token": {"sub": "a"}, "userinfo": {"sub": "b"}})


@pytest.mark.parametrize(
    ("server", "client_id", "said"),
    [
        ("http://login.example.vn", "x", "https"),
        ("ftp://login.example.vn", "x", "OIDC_SERVER_URL"),
        ("https://", "x", "host"),
        ("https://login.example.vn", "", "OIDC_CLIENT_ID"),
    ],
)
def test_settings_that_cannot_work_stop_the_start(server, client_id, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        oidc.providers(server, client_id=client_id, secret="s", name="x")
    with pytest.raises(ImproperlyConfigured, match="OIDC_LINK_DOMAINS"):
        oidc.domains(["@danang.gov.vn"])


@pytest.fixture
def decode(rf, provider, switched_on) -> Callable:
    """Read an ID token as the way back does, against the provider's own keys."""
    adapter = CheckedAdapter(rf.get("/"), oidc.PROVIDER)
    return lambda token: adapter._decode_id_token(adapter.get_provider().app, token)


@pytest.fixture
def make(provider) -> Callable:
    """Write an ID token with a key of our own."""
    key = rsa.generate_private_key(65537, 2048)
    claims = {
        "iss": provider,
        "aud": "mot-cua",
        "sub": "clerk-1",
        "exp": int(time.time()) + 60,
        "iat": int(time.time()),
    }

    def write(*, by: object = key, algorithm: str = "RS256", typ: str = "JWT", **more: object):
        return jwt.encode(claims | more, by, algorithm, {"typ": typ})

    return write


def test_a_token_that_the_provider_has_not_signed_proves_nobody(db, decode, make):
    for token in (make(), make(by=None, algorithm="none"), make(by="secret" * 8, algorithm="HS256"), "no token", ""):
        with pytest.raises(OAuth2Error):
            decode(token)


@pytest.mark.parametrize(
    "wrong",
    [{"iss": "http://else"}, {"aud": "another"}, {"exp": 1_700_000_000}, {"nbf": 4_000_000_000}, {"typ": "at+jwt"}],
)
def test_a_token_of_another_issuer_for_another_site_or_of_another_time_proves_nobody(
    db, decode, make, monkeypatch, wrong
):
    own = rsa.generate_private_key(65537, 2048)
    public = RSAAlgorithm.to_jwk(own.public_key(), as_dict=True)
    monkeypatch.setattr(CheckedAdapter, "keys", lambda self: [public])
    assert decode(make(by=own))["sub"] == "clerk-1"
    with pytest.raises(OAuth2Error):
        decode(make(by=own, **wrong))


def test_a_provider_that_calls_itself_otherwise_than_the_settings_is_not_asked(
    client, db, provider, switched_on, settings
):
    elsewhere = provider.replace("127.0.0.1", "localhost")
    settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(f"{elsewhere}/", client_id="mot-cua", secret="s", name="Công vụ")
    assert client.get(START).status_code == 503
    assert client.get(f"{START}callback/", {"code": "x", "state": "y"}).status_code == 401


def test_no_address_that_a_provider_leads_to_is_followed(db, switched_on):
    class Leading(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *what: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Leading) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with get_adapter().get_requests_session() as session, pytest.raises(requests.TooManyRedirects):
            session.get(f"http://127.0.0.1:{server.server_port}/")
