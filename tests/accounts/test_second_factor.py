"""Codes, recovery codes, passkeys: who must have them, and that each counts once."""

import json
import logging
import secrets
import time
from io import StringIO

import pytest
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Posting
from portal.accounts import second_factor
from portal.accounts.factor_adapter import FactorAdapter
from tests.accounts.conftest import LOG_IN, code

AUTHENTICATE = "/accounts/2fa/authenticate/"


@pytest.fixture
def required(settings) -> None:
    settings.MFA_ROLES = ["approver", "head", "supervisor", "editor", "administrator"]


@pytest.fixture
def at_noon(monkeypatch):
    """Let the clock stand, and be moved by half minutes."""
    now = [1_800_000_015.0]
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now[0])
    monkeypatch.setattr(time, "time", lambda: now[0])

    def later(halves: int = 1) -> None:
        now[0] += 30 * halves

    return later


def test_a_post_that_needs_a_second_factor_opens_nothing_without(cast, log_in, client, required, set_up):
    log_in("approver")
    for door in ("/desk/", "/desk/dossiers/", "/cms/", "/documents/1/x.pdf", "/desk/dossiers.xlsx"):
        assert client.get(door).url == "/accounts/2fa/", door
    assert client.post("/desk/bulk/").url == "/accounts/2fa/"
    page = client.get("/accounts/2fa/").content.decode()
    assert "Vị trí của bạn cần yếu tố thứ hai" in page
    set_up(client)
    assert client.get("/desk/").status_code == 200


def test_a_post_that_needs_none_opens_at_once(cast, log_in, client, required):
    log_in("clerk")
    assert client.get("/desk/").status_code == 200


def test_editors_and_administrators_need_one_too(admin, log_in, client, required):
    log_in("boss")
    assert client.get("/cms/").url == "/accounts/2fa/"


def test_logging_out_and_the_language_stay_open(cast, log_in, client, required):
    log_in("approver")
    assert client.post("/desk/language/", {"language": "en"}).status_code == 302
    assert "Your post needs" in client.get("/desk/", follow=True).content.decode()
    assert client.post("/desk/log-out/").url.startswith(LOG_IN)


def test_a_post_that_begins_while_somebody_is_logged_in_counts_at_once(cast, log_in, client, required):
    log_in("clerk")
    assert client.get("/desk/").status_code == 200
    Posting.objects.filter(user=cast.people["clerk"]).update(role="approver")
    assert client.get("/desk/").url == "/accounts/2fa/"


def test_an_older_session_shows_the_factor_that_was_set_up_elsewhere(cast, log_in, client, required, at_noon, set_up):
    older = Client()
    log_in("approver", by=older)
    log_in("approver")
    secret = set_up(client)
    at_noon()
    asked = older.get("/desk/dossiers/?state=all")
    assert asked.url == "/accounts/2fa/reauthenticate/?next=%2Fdesk%2Fdossiers%2F%3Fstate%3Dall"
    assert older.post(asked.url, {"code": code(secret)}).url == "/desk/dossiers/?state=all"
    assert older.get("/desk/").status_code == 200


def test_the_code_is_asked_for_before_anything_opens(cast, log_in, client, at_noon, set_up):
    log_in("clerk")
    secret = set_up(client)
    at_noon()
    fresh = Client()
    assert log_in("clerk", by=fresh, next="/desk/dossiers/").url == AUTHENTICATE
    assert fresh.get("/desk/").url.startswith(LOG_IN)
    assert fresh.post(AUTHENTICATE, {"code": "000000"}).status_code == 200
    assert fresh.get("/desk/").url.startswith(LOG_IN)
    assert fresh.post(AUTHENTICATE, {"code": code(secret)}).url == "/desk/dossiers/"
    assert fresh.get("/desk/").status_code == 200


def test_a_code_that_was_used_opens_nothing_again(cast, log_in, client, at_noon, set_up):
    log_in("clerk")
    secret = set_up(client)
    at_noon()
    seen = code(secret)
    first, replayed = Client(), Client()
    for each in (first, replayed):
        log_in("clerk", by=each)
    assert first.post(AUTHENTICATE, {"code": seen}).status_code == 302
    assert replayed.post(AUTHENTICATE, {"code": seen}).status_code == 200
    at_noon()  # The code would still be tolerated, and allauth's own memory of half a minute is over.
    assert replayed.post(AUTHENTICATE, {"code": f"{seen[:3]} {seen[3:]}"}).status_code == 200
    assert replayed.post(AUTHENTICATE, {"code": code(secret)}).status_code == 302


def test_the_code_that_set_a_telephone_up_opens_nothing(cast, log_in, client, at_noon, set_up):
    log_in("clerk")
    secret = set_up(client)
    fresh = Client()
    log_in("clerk", by=fresh)
    assert fresh.post(AUTHENTICATE, {"code": code(secret, ahead=-1)}).status_code == 200
    assert fresh.post(AUTHENTICATE, {"code": code(secret)}).status_code == 200
    at_noon()
    assert fresh.post(AUTHENTICATE, {"code": code(secret)}).status_code == 302


def test_codes_are_not_guessed_with_the_right_password_either(cast, log_in, client, at_noon, set_up):
    log_in("clerk")
    secret = set_up(client)
    at_noon()
    for number in range(11):
        fresh = Client()
        log_in("clerk", by=fresh, address=f"203.0.113.{number}")
        wrong = fresh.post(AUTHENTICATE, {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{number}")
    assert "Nơi này đã thử sai quá nhiều lần" in wrong.content.decode()
    assert fresh.post(AUTHENTICATE, {"code": code(secret)}).status_code == 200


def test_recovery_codes_are_shown_once_and_count_once(cast, log_in, client, at_noon, set_up):
    log_in("clerk")
    set_up(client)
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] not in client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403
    first, second = Client(), Client()
    for each in (first, second):
        log_in("clerk", by=each)
    assert first.post(AUTHENTICATE, {"code": codes[0]}).url == "/desk/"
    assert second.post(AUTHENTICATE, {"code": codes[0]}).status_code == 200
    assert second.post(AUTHENTICATE, {"code": codes[1]}).url == "/desk/"


def test_secrets_lie_encrypted_and_old_keys_still_open_them(cast, log_in, client, settings, at_noon, set_up):
    settings.MFA_KEYS = ["old"]
    log_in("clerk")
    secret = set_up(client)
    row = Authenticator.objects.get(type="totp")
    assert secret not in json.dumps(row.data)
    settings.MFA_KEYS = ["new", "old"]
    at_noon()
    fresh = Client()
    log_in("clerk", by=fresh)
    assert fresh.post(AUTHENTICATE, {"code": code(secret)}).status_code == 302


def test_what_protects_the_account_is_asked_for_again_after_a_while(cast, log_in, client, at_noon):
    log_in("clerk")
    at_noon(11)
    for door in ("totp/activate/", "webauthn/add/"):
        assert client.get(f"/accounts/2fa/{door}").url.startswith("/accounts/reauthenticate/?next=")


def test_the_last_factor_stays_where_the_post_needs_one(cast, log_in, client, required, set_up):
    log_in("approver")
    set_up(client)
    page = client.post("/accounts/2fa/totp/deactivate/")
    assert page.status_code == 200 and "trước khi gỡ cách cuối cùng" in page.content.decode()
    key = Authenticator.objects.create(user=cast.people["approver"], type="webauthn", data={"name": "x"})
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/").url == "/accounts/2fa/"
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_nobody_touches_a_colleagues_key(cast, log_in, client):
    key = Authenticator.objects.create(user=cast.people["approver"], type="webauthn", data={"name": "x"})
    log_in("clerk")
    for act in ("remove", "edit"):
        assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/{act}/", {"name": "mine"}).status_code == 404


@pytest.mark.parametrize(
    "answer",
    [
        *("", "[]", "1", "{}", "null", '"x"', '{"response": 1}', '{"response": {"userHandle": "!!!"}}', "{"),
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "eno5OTk5OTk5OTk5OTk5OTk5"}}',
    ],
)
def test_whatever_comes_as_a_keys_answer_is_refused_in_words(cast, log_in, client, answer):
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert client.post("/accounts/2fa/webauthn/login/", {"credential": answer}).url == LOG_IN
    log_in("clerk")
    client.get("/accounts/2fa/webauthn/add/")
    assert client.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": answer}).status_code == 200
    assert not Authenticator.objects.exists()


def test_the_administrator_lets_in_again_who_has_lost_everything(cast, log_in, client, caplog, set_up):
    log_in("clerk")
    set_up(client)
    told = StringIO()
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        call_command("forget_factors", "clerk", stdout=told)
    assert "2 factors forgotten, 1 sessions ended" in told.getvalue()
    assert client.get("/desk/").url.startswith(LOG_IN)
    assert log_in("clerk", by=Client()).url == "/desk/"
    assert "account.factors_forgotten" in caplog.text


def test_factors_are_in_the_audit_and_told_by_mail(cast, log_in, client, caplog, mailoutbox, set_up):
    log_in("clerk")
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        set_up(client)
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "portal.audit"]
    told = [(line["event"], line.get("factor")) for line in lines]
    assert ("account.factor_added", "totp") in told and ("account.factor_added", "recovery_codes") in told
    assert mailoutbox[0].to == ["clerk@danang.gov.vn"]
    assert "Đã cài ứng dụng tạo mã" in mailoutbox[0].body


def test_a_role_that_is_none_stops_the_start(settings):
    settings.MFA_ROLES = ["aprover"]
    with pytest.raises(ImproperlyConfigured, match="aprover"):
        second_factor.check_roles()


def test_who_has_proved_enough_costs_no_query_more(
    cast, log_in, client, required, django_assert_num_queries, settings, set_up
):
    log_in("approver")
    set_up(client)
    client.get("/desk/keys/")
    with CaptureQueriesContext(connection) as with_rule:
        client.get("/desk/keys/")
    settings.MFA_ROLES = []
    with CaptureQueriesContext(connection) as without:
        client.get("/desk/keys/")
    assert len(with_rule) == len(without) > 0


def test_a_secret_that_was_changed_in_the_database_opens_nothing(settings):
    sealed = FactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    assert sealed != FactorAdapter().encrypt("JBSWY3DPEHPK3PXP"), "another nonce"
    bent = sealed[:-6] + ("AAAA" if sealed[-6:-2] != "AAAA" else "BBBB") + sealed[-2:]
    with pytest.raises(InvalidTag):
        FactorAdapter().decrypt(bent)
    settings.MFA_KEYS = ["another"]
    with pytest.raises(InvalidTag):
        FactorAdapter().decrypt(sealed)


def test_codes_and_seeds_are_drawn_from_the_systems_source_and_long_enough(monkeypatch):
    drawn = []
    real = secrets.token_bytes
    monkeypatch.setattr(secrets, "token_bytes", lambda length: drawn.append(length) or real(length))
    assert len(generate_totp_secret()) >= 32
    assert all(number >= 16 for number in drawn) and drawn
    assert mfa_settings.RECOVERY_CODE_DIGITS >= 7, "20 bits are six digits and a little"
