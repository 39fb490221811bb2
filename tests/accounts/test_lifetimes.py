"""How long a session lasts, and when its person proves once more who it is."""

import logging
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts.conftest import LOG_IN, PASSWORD
from tests.portal.test_settings import start

MINUTE = 60.0
AGAIN = "/accounts/reauthenticate/?next="


@pytest.fixture
def clock(monkeypatch):
    """Let the clock stand, and be moved by minutes."""
    now = [1_800_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])

    def later(minutes: float) -> None:
        now[0] += minutes * MINUTE

    return later


def test_after_an_hour_without_anybody_the_session_is_over(cast, log_in, client, clock, caplog):
    log_in("clerk")
    key = client.session.session_key
    clock(59)
    assert client.get("/desk/").status_code == 200
    clock(61)
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        assert client.get("/desk/dossiers/?state=all").url == f"{LOG_IN}?next=/desk/dossiers/%3Fstate%3Dall"
    assert "account.session_expired" in caplog.text
    assert not Session.objects.filter(pk=key).exists()


def test_who_works_on_stays_until_the_twelfth_hour_and_no_longer(cast, log_in, client, clock):
    log_in("clerk")
    for _half_hour in range(24):
        clock(30)
        assert client.get("/desk/").status_code == 200
    clock(1)
    assert client.get("/desk/").url.startswith(LOG_IN)


def test_an_open_page_that_asks_by_itself_keeps_nobody_logged_in(cast, log_in, client, clock):
    log_in("clerk")
    code = cast.received().code
    for _minute in range(6):
        clock(10)
        client.get(f"/desk/dossiers/{code}/looking/")
    clock(1)
    assert client.get("/desk/").url.startswith(LOG_IN)


def test_what_was_done_last_is_written_once_a_minute(cast, log_in, client, clock):
    log_in("clerk")
    client.get("/desk/")

    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as spent:
            client.get("/accounts/2fa/")
        return [each["sql"] for each in spent if each["sql"].startswith("UPDATE")]

    clock(0.5)
    assert not writes()
    clock(1)
    assert len(writes()) == 1


def test_ending_a_session_asks_for_the_password_again_after_a_while(cast, log_in, client, clock):
    other = Client()
    log_in("clerk", by=other)
    log_in("clerk")
    clock(10)
    asked = client.post("/accounts/sessions/others/end/")
    assert asked.url == f"{AGAIN}%2Faccounts%2Fsessions%2Fothers%2Fend%2F"
    assert other.get("/desk/").status_code == 200
    assert client.post(asked.url, {"password": "falsch"}).status_code == 200
    assert client.post(asked.url, {"password": PASSWORD}).url == "/accounts/sessions/"
    assert other.get("/desk/").url.startswith(LOG_IN)


def test_the_administrator_is_asked_again_before_accounts_and_groups(admin, log_in, client, clock):
    log_in("boss")
    doors = ("/cms/users/", f"/cms/users/edit/{admin.pk}/", "/cms/groups/", "/cms/groups/new/")
    assert {client.get(door).status_code for door in doors} == {200}
    clock(16)
    for door in doors:
        assert client.get(door).url == AGAIN + door.replace("/", "%2F"), door
    sent = client.post(doors[1], {"password1": "typed-in-haste-once"})
    assert sent.url.startswith(AGAIN)
    assert "typed-in-haste" not in str(dict(client.session.items()))
    assert client.get("/cms/").status_code == 200
    assert client.post(AGAIN + "/cms/users/", {"password": PASSWORD}).url == "/cms/users/"
    assert client.get("/cms/users/").status_code == 200


def test_the_administrator_ends_the_sessions_of_one_or_of_all(cast, log_in, caplog):
    clerk, approver = Client(), Client()
    log_in("clerk", by=clerk)
    log_in("approver", by=approver)
    told = StringIO()
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        call_command("end_sessions", "clerk", stdout=told)
        assert (clerk.get("/desk/").status_code, approver.get("/desk/").status_code) == (302, 200)
        call_command("end_sessions", all=True, stdout=told)
        assert approver.get("/desk/").status_code == 302
    assert "clerk: 1 sessions ended" in told.getvalue() and "account.all_sessions_ended" in caplog.text
    for wrong in ({}, {"username": "nobody"}, {"username": "clerk", "all": True}):
        with pytest.raises(CommandError):
            call_command("end_sessions", **{"username": None, **wrong})


def test_messages_wait_in_the_session_and_not_in_a_cookie(cast, log_in, client):
    log_in("clerk")
    client.post("/accounts/sessions/others/end/")
    assert set(client.cookies) == {"sessionid", "csrftoken", "known_browser"}
    assert "_messages" in client.session
    page = client.get("/accounts/sessions/").content.decode()
    assert "Đã đăng xuất mọi thiết bị khác." in page
    assert "_messages" not in client.session


def test_over_https_every_cookie_is_bound_to_this_very_host(cast, log_in, client, settings):
    settings.SESSION_COOKIE_SECURE = True
    settings.KNOWN_BROWSER_COOKIE_NAME = "__Host-known_browser"
    log_in("clerk")
    cookie = client.cookies["__Host-known_browser"]
    assert cookie["secure"] and cookie["path"] == "/"
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"]


def test_the_settings_name_and_guard_the_cookies_for_https():
    names = ["SESSION_COOKIE_NAME", "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_SECURE"]
    names += ["SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE"]
    names += [name.replace("SESSION", "CSRF") for name in names]
    code = f"from django.conf import settings as s; print([getattr(s, name) for name in {names}])"
    told = start("manage.py", "shell", "--no-imports", "-c", code, BASE_URL="https://mot-cua.example").stdout
    guarded = "'/', None, True, True, 'Lax'"
    assert told.strip() == f"['__Host-session', {guarded}, '__Host-csrf', {guarded}]"


def test_a_proof_gives_the_session_another_key(cast, log_in, client, clock):
    log_in("clerk")
    before = client.session.session_key
    assert len(before) == 32, "of 36 signs: 165 bits"
    clock(10)
    asked = client.get("/accounts/2fa/totp/activate/").url
    client.post(asked, {"password": PASSWORD})
    assert client.session.session_key != before
    assert client.get("/desk/").status_code == 200
    stolen = Client()
    stolen.cookies["sessionid"] = before
    assert stolen.get("/desk/").url.startswith(LOG_IN)
    [here] = client.get("/accounts/sessions/").context["sessions"]
    assert here.session_key == client.session.session_key


def test_after_a_factor_was_changed_all_other_devices_can_be_ended_from_there(cast, log_in, client, set_up):
    log_in("clerk")
    set_up(client)
    page = client.post("/accounts/2fa/totp/deactivate/", follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/" and 'href="/accounts/sessions/"' in page.content.decode()
    assert 'action="/accounts/sessions/others/end/"' not in client.get("/accounts/sessions/").content.decode(), "none"
    log_in("clerk", by=Client())
    assert 'action="/accounts/sessions/others/end/"' in client.get("/accounts/sessions/").content.decode()
