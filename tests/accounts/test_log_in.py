"""The one log-in page, and what attackers do at it."""

import json
import logging

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal.accounts import tries
from tests.accounts.conftest import LOG_IN, PASSWORD


def test_an_officer_comes_to_the_desk_and_an_editor_to_the_editing(cast, admin, log_in):
    assert log_in("clerk").url == "/desk/"
    assert log_in("boss", by=Client()).url == "/cms/"
    assert log_in("clerk", by=Client(), next="/desk/dossiers/?state=all").url == "/desk/dossiers/?state=all"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_speaks_the_language_that_was_chosen(client, db, language):
    client.post("/accounts/language/", {"language": language, "next": LOG_IN})
    page = client.get(LOG_IN)
    assert f'<html lang="{language}">' in page.content.decode()
    assert ("Tên đăng nhập" if language == "vi" else "User name") in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("door", "leads"),
    [
        ("/cms/login/?next=/cms/pages/", "/accounts/login/?next=/cms/pages/"),
        ("/cms/password_reset/", "/accounts/password/reset/"),
        ("/cms/password_reset/confirm/MQ/abc-def/", "/accounts/password/reset/"),
        ("/vi/_util/login/?next=/vi/", "/accounts/login/?next=/vi/"),
        ("/en/_util/login/", "/accounts/login/"),
        ("/cms/", "/accounts/login/?next=/cms/"),
        ("/desk/", "/accounts/login/?next=/desk/"),
        ("/accounts/2fa/", "/accounts/login/?next=/accounts/2fa/"),
        ("/accounts/sessions/", "/accounts/login/?next=/accounts/sessions/"),
    ],
)
def test_every_other_door_leads_to_the_one_page(client, db, door, leads):
    assert client.get(door).headers["Location"] == leads
    assert client.post(door).status_code in (302, 405)


@pytest.mark.parametrize(
    "door",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "login/code/confirm/",
        "login/code/",
        "password/set/",
        "3rdparty/",
        "3rdparty/signup/",
        "social/connections/",
        "signup/passkey/",
        "oidc/sso/login/",
        "oidc/sso/login/callback/",
    ],
)
def test_doors_that_nobody_needs_are_not_there(client, admin, door):
    assert client.get(f"/accounts/{door}").status_code == 404
    assert client.post(f"/accounts/{door}").status_code in (404, 405)
    assert client.get("/vi/admin/login/").status_code == 404


def test_wagtails_own_page_changes_neither_password_nor_address(client, admin):
    client.force_login(admin)
    page = client.get("/cms/account/").content.decode()
    assert "old_password" not in page
    assert 'name="name_email-email"' not in page
    assert "/accounts/2fa/" in page


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/desk/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_nobody_is_sent_to_another_site(cast, log_in, client, target):
    assert log_in("clerk", next=target).url == "/desk/"
    assert client.get(LOG_IN, {"next": target}).url == "/desk/"
    assert client.post("/accounts/language/", {"language": "en", "next": target}).url in (LOG_IN, "/desk/")
    assert client.post("/accounts/logout/", {"next": target}).url == LOG_IN


def test_a_host_that_is_allowed_elsewhere_is_no_target_either(cast, log_in, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://third.example"]
    assert log_in("clerk", next="http://other.example/").url == "/desk/"
    assert log_in("clerk", next="https://third.example/", by=Client()).url == "/desk/"


def test_an_attacker_at_one_address_locks_nobody_out_at_another(cast, log_in):
    for _number in range(12):
        log_in("clerk", "falsches Passwort", address="203.0.113.9")
    refused = log_in("clerk", address="203.0.113.9")
    assert "Nơi này đã thử sai quá nhiều lần" in refused.content.decode()
    assert log_in("approver", by=Client(), address="203.0.113.9").status_code == 302, "another account"
    assert log_in("clerk", by=Client(), address="10.0.0.1").status_code == 302, "another address"


def test_a_right_password_costs_no_try(cast, log_in):
    for _number in range(8):
        assert log_in("clerk", by=Client()).status_code == 302
        log_in("clerk", "falsch", by=Client()) if _number < 4 else None
    assert log_in("clerk", by=Client()).status_code == 302


def test_one_address_guesses_at_no_more_accounts_than_its_share(cast, log_in, settings):
    settings.LOG_IN_TRIES_ADDRESS = 6
    for number in range(6):
        log_in(f"somebody{number}", "falsch", address="203.0.113.9")
    assert log_in("clerk", address="203.0.113.9").status_code == 200
    assert log_in("clerk", address="203.0.113.10").status_code == 302


def test_many_addresses_at_one_account_are_stopped_but_not_in_the_browser_of_its_owner(cast, log_in, settings):
    settings.LOG_IN_TRIES_ACCOUNT = 10
    own, borrowed = Client(), Client()
    assert log_in("clerk", by=own).status_code == 302
    own.post("/accounts/logout/")
    borrowed.cookies["known_browser"] = own.cookies["known_browser"].value + "x"
    for number in range(10):
        log_in("clerk", "falsch", by=Client(), address=f"203.0.113.{number}")
    assert log_in("clerk", by=Client(), address="203.0.113.200").status_code == 200, "a browser nobody knows"
    assert log_in("clerk", by=borrowed, address="203.0.113.201").status_code == 200, "a forged cookie"
    assert log_in("clerk", by=own).status_code == 302


def test_hammering_from_one_address_never_uses_up_the_accounts_share(cast, log_in, settings):
    settings.LOG_IN_TRIES_ACCOUNT = 10
    for _number in range(25):
        log_in("clerk", "falsch", address="203.0.113.9")
    assert log_in("clerk", by=Client(), address="10.0.0.1").status_code == 302


def test_a_forged_forwarded_address_makes_no_new_reader(cast, client):
    for number in range(6):
        client.post(LOG_IN, {"login": "clerk", "password": "falsch"}, headers={"X-Forwarded-For": f"1.2.3.{number}"})
    assert client.post(LOG_IN, {"login": "clerk", "password": PASSWORD}).status_code == 200


def test_a_cache_that_is_down_lets_nobody_guess(cast, log_in, monkeypatch):
    def fail(*args: object) -> int:
        raise OSError("no cache")

    monkeypatch.setattr(tries, "add", fail)
    assert log_in("clerk").status_code == 200


def test_the_answer_is_the_same_whoever_has_an_account(cast, log_in):
    texts = [
        log_in(name, "falsch", by=Client()).content.decode().partition("<main")[2].replace(name, "")
        for name in ("clerk", "nobody")
    ]
    cut = [text.replace(text.partition('csrfmiddlewaretoken" value="')[2][:64], "") for text in texts]
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in cut[0]
    assert cut[0] == cut[1]


def test_a_form_from_elsewhere_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    for door in (LOG_IN, "/accounts/logout/", "/accounts/language/", "/accounts/password/reset/"):
        assert client.post(door, {"login": "clerk", "password": PASSWORD}).status_code == 403


def test_a_session_that_was_planted_is_worth_nothing_after_log_in(cast, client, log_in):
    client.post("/accounts/language/", {"language": "en"})
    planted = client.session.session_key
    log_in("clerk")
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/desk/").url.startswith(LOG_IN)
    assert client.session["desk_language"] == "en"


def test_logging_out_at_either_place_ends_the_session(cast, admin, log_in):
    for door in ("/desk/log-out/", "/accounts/logout/", "/cms/logout/"):
        client = Client()
        log_in("boss", by=client)
        key = client.session.session_key
        answer = client.post(door)
        assert answer.url.startswith(LOG_IN)
        assert not Session.objects.filter(pk=key).exists()


def test_logging_out_by_a_link_only_asks(cast, client, log_in):
    log_in("clerk")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/desk/").status_code == 200


def test_a_closed_account_stays_out_and_its_session_ends_at_once(cast, client, log_in):
    log_in("clerk")
    cast.people["clerk"].is_active = False
    cast.people["clerk"].save()
    assert client.get("/desk/").url.startswith(LOG_IN)
    answer = log_in("clerk", by=Client())
    assert answer.url == "/accounts/inactive/"
    assert "Tài khoản đã đóng" in client.get("/accounts/inactive/").content.decode()


def test_an_officer_at_the_editors_door_reads_why_and_is_not_sent_to_and_fro(cast, client, log_in):
    log_in("clerk")
    page = client.get("/cms/", follow=True)
    assert page.status_code == 403
    assert len(page.redirect_chain) == 1
    assert "clerk" in page.content.decode()


def test_a_session_can_be_seen_and_ended_elsewhere(cast, log_in, client):
    stolen = Client()
    log_in("clerk", by=stolen, address="203.0.113.9")
    log_in("clerk")
    log_in("approver", by=Client())
    page = client.get("/accounts/sessions/").content.decode()
    assert "203.0.113.9" in page and "10.0.0.1" in page
    theirs = client.get("/accounts/sessions/").context["sessions"][1]
    assert stolen.get("/desk/").status_code == 200
    stranger = Client()
    log_in("approver", by=stranger)
    assert stranger.post(f"/accounts/sessions/{theirs.pk}/end/").status_code == 404
    assert client.post(f"/accounts/sessions/{theirs.pk}/end/").url == "/accounts/sessions/"
    assert stolen.get("/desk/").url.startswith(LOG_IN)
    assert client.get("/desk/").status_code == 200


def test_behind_own_proxies_the_session_has_the_readers_address(cast, client, settings):
    settings.PROXIES = 1
    told = {"X-Forwarded-For": "1.1.1.1, 2001:db8:1:2:3:4:5:6"}
    client.post(LOG_IN, {"login": "clerk", "password": PASSWORD}, headers=told)
    assert client.get("/accounts/sessions/").context["sessions"][0].ip == "2001:db8:1:2::"
    assert Client().post(LOG_IN, {"login": "clerk", "password": PASSWORD}).status_code == 302, "no proxy has told"


def test_all_other_sessions_can_be_ended_at_once(cast, log_in, client):
    others = [Client(), Client()]
    for each in (*others, client):
        log_in("clerk", by=each)
    client.post("/accounts/sessions/others/end/")
    assert all(each.get("/desk/").status_code == 302 for each in others)
    assert client.get("/desk/").status_code == 200


def test_a_session_ends_by_itself(cast, log_in, client, settings):
    log_in("clerk")
    ends = Session.objects.get(pk=client.session.session_key).expire_date
    assert (ends - timezone.now()).total_seconds() <= settings.SESSION_COOKIE_AGE == 12 * 3600
    assert client.cookies["sessionid"]["max-age"] == ""


def test_the_audit_has_who_and_when_and_nothing_that_was_typed(cast, log_in, client, caplog):
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        log_in("clerk", "my-secret-typo")
        log_in("nobody-of-that-name", "falsch")
        log_in("clerk")
        client.post("/desk/log-out/")
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "portal.audit"]
    clerk = cast.people["clerk"].pk
    assert [(line["event"], line["user"]) for line in lines] == [
        ("account.log_in_failed", clerk),
        ("account.log_in_failed", None),
        ("account.logged_in", clerk),
        ("account.logged_out", clerk),
    ]
    assert lines[0]["address"] == "10.0.0.1" and lines[2]["ways"] == ["password"]
    assert "typo" not in caplog.text and "nobody-of" not in caplog.text
