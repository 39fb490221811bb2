"""Cookies, sessions, codes and links that are forged, old, somebody else's, or used twice open nothing.

What stands in `tests/accounts/` (a session that was planted, a code that was used, a link that works once) isn't
repeated: here the pieces are cut up, exchanged and carried over.
"""

from __future__ import annotations

import re
import time
from io import StringIO
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.management import call_command
from django.test import Client, TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from catalogue.models import Posting
from portal.accounts import known, mail
from portal.models import User
from tests.accounts.conftest import LOG_IN, PASSWORD, code, set_up  # noqa: F401 (a fixture)
from tests.attacks.conftest import entered
from tests.desk.cast import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
SESSION = django_settings.SESSION_COOKIE_NAME
NEW = "chiều nay trời lại nắng to"


def log_in(name: str = "clerk", password: str = PASSWORD, **more: Any) -> Client:
    client = Client(**more)
    client.post(LOG_IN, {"login": name, "password": password})
    return client


def opens(client: Client, path: str = "/desk/") -> bool:
    return client.get(path).status_code == 200


def with_session(value: str) -> Client:
    client = Client()
    client.cookies[SESSION] = value
    return client


def test_a_session_that_ended_in_any_way_opens_nothing_when_its_cookie_comes_back(officer):
    """Log-out at the desk and at /accounts/, from the list of devices; a new password; a closed account."""
    second = log_in()

    def ended_elsewhere(cookie: str) -> None:
        pk = officer.usersession_set.get(session_key=cookie).pk
        second.post(reverse("end_session", args=[pk]))

    def closed(cookie: str) -> None:
        officer.is_active = False
        officer.save(update_fields=["is_active"])

    def new_password(cookie: str) -> None:
        officer.refresh_from_db()
        officer.set_password(PASSWORD)
        officer.save(update_fields=["password"])

    ways = [
        lambda cookie: with_session(cookie).post(reverse("desk:log_out")),
        lambda cookie: with_session(cookie).post(reverse("account_logout")),
        ended_elsewhere,
        new_password,
        lambda cookie: call_command("forget_factors", "clerk", stdout=StringIO()),
        closed,
    ]
    for index, end in enumerate(ways):
        client = log_in()
        cookie = client.cookies[SESSION].value
        assert opens(with_session(cookie)), index
        end(cookie)
        assert not opens(with_session(cookie)), index
        assert not opens(client), index


def test_a_sessions_rights_end_with_the_posting_not_with_the_session(officer):
    client = log_in()
    assert opens(client)
    Posting.objects.filter(user=officer).update(valid_to=timezone.localdate())
    assert client.get("/desk/").status_code == 403


def test_a_cookie_that_was_cut_stretched_or_made_up_is_nobodys(officer):
    cookie = log_in().cookies[SESSION].value
    forged = [
        cookie[:-1], cookie + "a", cookie.upper(), cookie[::-1], "", "0", "a" * 32, "../" * 10, "\0", "' OR '1'='1",
        "a" * 4_000, "%00", "\x7f", "é" * 32, signing.dumps({"_auth_user_id": str(officer.pk)}),
        signing.dumps({"_auth_user_id": str(officer.pk)}, salt="django.contrib.sessions.backends.signed_cookies"),
    ]  # fmt: skip
    for value in forged:
        answer = with_session(value).get("/desk/")
        assert answer.status_code == 302 and answer["Location"].startswith(LOG_IN), value
    assert opens(with_session(cookie))


def test_what_a_session_holds_is_somebody_only_with_the_accounts_own_digest(officer, desk):
    """Whoever can write session rows but has no key of ours makes nobody of them."""
    genuine = SessionStore(log_in().cookies[SESSION].value).load()
    handler = desk.people["handler"]
    for changes in ({"_auth_user_hash": ""}, {"_auth_user_hash": "0" * 64}, {"_auth_user_id": str(handler.pk)},
                    {"_auth_user_backend": "django.contrib.auth.backends.ModelBackend"},
                    {"_auth_user_backend": "django.contrib.auth.backends.AllowAllUsersModelBackend"}):  # fmt: skip
        store = SessionStore()
        store.update(genuine | changes)
        store.save()
        assert not opens(with_session(store.session_key)), changes


def test_an_old_session_key_is_worth_nothing_after_log_in_and_the_cookie_is_hidden_from_scripts(officer):
    client = Client()
    client.post(reverse("account_language"), {"language": "en"})
    before = client.cookies[SESSION].value
    client.post(LOG_IN, {"login": "clerk", "password": PASSWORD})
    after = client.cookies[SESSION]
    assert before != after.value and not Session.objects.filter(session_key=before).exists()
    assert not opens(with_session(before))
    assert after["httponly"] and after["samesite"] == "Lax" and after["domain"] == ""
    kept = client.cookies[known.SALT]
    assert kept["httponly"] and kept["path"] == "/"


def test_the_memory_of_a_browser_is_forged_by_nobody_and_opens_nothing(officer, desk):
    client = log_in()
    genuine = client.cookies[known.SALT].value
    marks = [known.mark_of(officer)]

    class Asked:
        def __init__(self, value: str) -> None:
            self.COOKIES = {known.SALT: value}

    assert known.is_known(Asked(genuine), "clerk") and not known.is_known(Asked(genuine), "handler")
    forged = [
        genuine[:-1] + ("A" if genuine[-1] != "A" else "B"),
        signing.dumps(marks),
        signing.dumps(marks, salt="other"),
        signing.dumps(marks, salt=known.SALT, key="another key"),
        "", ":", "::", "\0", "a" * 5_000,
    ]  # fmt: skip
    for value in forged:
        assert not known.is_known(Asked(value), "clerk"), value
        browser = Client()
        browser.cookies[known.SALT] = value
        assert browser.get(LOG_IN).status_code == 200
        assert browser.post(LOG_IN, {"login": "clerk", "password": "sai"}).status_code == 200, value
    only = Client()
    only.cookies[known.SALT] = genuine
    assert not opens(only)


def test_the_memory_of_a_browser_ends_after_its_time_and_with_the_password(officer, monkeypatch):
    class Asked:
        COOKIES = {known.SALT: log_in().cookies[known.SALT].value}

    assert known.is_known(Asked(), "clerk")
    later = time.time() + (known.DAYS + 1) * known.DAY
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        assert not known.is_known(Asked(), "clerk")
    officer.set_password(NEW)
    officer.save()
    assert not known.is_known(Asked(), "clerk")


def test_the_step_of_the_second_factor_is_not_skipped(officer, settings, set_up):  # noqa: F811
    """After the right password alone: no page opens by its address, by `next`, by a language, by coming back."""
    settings.MFA_ROLES = ["clerk"]
    secret = set_up(log_in())
    client = log_in()
    for path in ("/desk/", "/desk/dossiers/", "/cms/", "/accounts/2fa/", "/accounts/sessions/",
                 "/accounts/password/change/", "/accounts/2fa/totp/deactivate/",
                 "/accounts/2fa/recovery-codes/generate/"):  # fmt: skip
        for method in (client.get, client.post):
            answer = method(path)
            assert answer.status_code in (302, 404, 405), path
            assert "/accounts/login/" in answer.get("Location", "/accounts/login/"), path
    for path in ("/accounts/login/?next=/desk/", "/accounts/language/", "/desk/language/", "/accounts/reauthenticate/"):
        client.get(path)
        client.post(path, {"language": "en", "next": "/desk/", "password": PASSWORD})
        assert not opens(client), path
    other = log_in()
    assert other.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not opens(other)
    assert other.post("/accounts/2fa/authenticate/", {"code": code(secret, ahead=1)}).status_code == 302
    assert opens(other)


def test_a_code_of_one_telephone_is_none_of_a_colleagues(officer, desk, settings, set_up):  # noqa: F811
    """The password of one and the code of another, in one session or carried over in its cookie: nobody comes in."""
    settings.MFA_ROLES = ["clerk", "contractor"]
    other = desk.people["contractor"]
    other.set_password(PASSWORD)
    other.save()
    set_up(log_in())
    foreign = set_up(log_in("contractor"))
    client = log_in()
    assert client.post("/accounts/2fa/authenticate/", {"code": code(foreign, ahead=1)}).status_code == 200
    assert not opens(client)
    client.post(LOG_IN, {"login": "contractor", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code(foreign, ahead=1)})
    assert "_auth_user_id" not in client.session or client.session["_auth_user_id"] == str(other.pk)


def test_a_proved_session_is_proved_for_its_own_person_alone(officer, desk, settings, set_up):  # noqa: F811
    settings.MFA_ROLES = ["clerk", "contractor"]
    client = log_in()
    set_up(client)
    assert opens(client)
    client.force_login(desk.people["contractor"])
    assert not opens(client)


def reset_path(user: Any, key: str = "") -> str:
    args = {"uidb36": user_pk_to_url_str(user), "key": key or default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=args)


def set_password(path: str, client: Client | None = None, password: str = NEW) -> Any:
    """Follow a link as a person does, and send the form that it leads to."""
    client = client or Client()
    page = client.get(path)
    if page.status_code == 302:
        path = page["Location"]
    return client.post(path, {"password1": password, "password2": password})


def test_a_link_for_a_password_is_of_one_account_until_anything_of_it_changes(officer, desk):
    handler = desk.people["handler"]
    key = default_token_generator.make_token(officer)
    before = handler.password
    forged = [
        (handler, key), (officer, key[:-1]), (officer, key.upper()), (officer, key + "x"), (officer, "set-password"),
        (officer, "x-" + key), (officer, key.split("-")[0] + "-" + "0" * 32),
    ]  # fmt: skip
    for user, value in forged:
        set_password(reset_path(user, value))
    officer.refresh_from_db()
    handler.refresh_from_db()
    assert officer.check_password(PASSWORD) and handler.password == before
    # A log-in, a password, another address: each ends a link that lies about.
    for change in ("log in", "address", "password"):
        link = mail.link_for(officer).partition("://")[2].partition("/")[2]
        if change == "log in":
            log_in()
        elif change == "address":
            officer.email = "moi@danang.gov.vn"
            officer.save(update_fields=["email"])
        else:
            officer.set_password(PASSWORD)
            officer.save(update_fields=["password"])
        officer.refresh_from_db()
        set_password(f"/{link}")
        officer.refresh_from_db()
        assert officer.check_password(PASSWORD), change


def test_the_second_half_of_a_link_is_good_only_in_the_browser_that_opened_it(officer):
    """The key is taken off the address into the session: the address that is left opens nothing elsewhere."""
    first = Client()
    bare = first.get(reset_path(officer))["Location"]
    assert "set-password" in bare and default_token_generator.make_token(officer) not in bare
    set_password(bare, Client())
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_a_link_goes_round_no_second_factor(officer, settings, set_up):  # noqa: F811
    settings.MFA_ROLES = ["clerk"]
    set_up(log_in())
    officer.refresh_from_db()
    client = Client()
    set_password(reset_path(officer), client)
    assert not opens(client)
    client.post(LOG_IN, {"login": "clerk", "password": NEW})
    assert not opens(client)


def test_nobody_ends_or_sees_a_colleagues_session(officer, desk):
    other = log_in()
    stranger = person("somebody", desk.neighbour, "clerk")
    stranger.set_password(PASSWORD)
    stranger.save()
    client = log_in("somebody")
    pk = officer.usersession_set.get().pk
    assert client.post(reverse("end_session", args=[pk])).status_code == 404
    client.post(reverse("end_other_sessions"))
    assert opens(other)
    assert officer.usersession_set.get().session_key not in client.get("/accounts/sessions/").content.decode()


# Each has its reason beside it in the code: nothing is changed, nobody is logged in, or it is checked further in.
UNPROTECTED = {
    "tracking": "changes nothing and knows nobody; the check would cost a cookie",
    "files": "the check comes after the limit of size (bounded_by)",
    "intake": "the check comes after the limit of size (bounded_by)",
}


def views(node: Any = None, taken: str = "") -> list[tuple[str, Any]]:
    """Return every view of the site with where it stands."""
    found: list[tuple[str, Any]] = []
    for each in (node or get_resolver()).url_patterns:
        where = f"{taken}{each.pattern}"
        if isinstance(each, URLResolver):
            found += views(each, where)
        elif isinstance(each, URLPattern):
            found.append((where, each))
    return found


def test_only_these_doors_take_a_form_without_its_token():
    exempt = {
        each.name or where
        for where, each in views()
        if getattr(each.callback, "csrf_exempt", False) and not where.startswith(("api/v1/", "cms/api/"))
    }
    assert exempt == set(UNPROTECTED)


def test_wagtails_own_interface_checks_the_token_itself(db):
    """Its views are exempt, since they ask for it only of whoever is logged in by a cookie."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("boss"))
    for act in ("publish", "delete", "copy"):
        answer = client.post(f"/cms/api/main/pages/1/action/{act}/")
        assert answer.status_code == 403 and b"CSRF" in answer.content, act


def test_whatever_the_open_data_takes_without_a_token_only_reads():
    for where, each in views():
        if where.startswith("api/v1/") and getattr(each.callback, "csrf_exempt", False):
            path = "/" + re.sub(r"<[^>]*>|\\Z|\^|\$", "1", where)
            for method in ("post", "put", "patch", "delete"):
                assert getattr(Client(), method)(path).status_code in (404, 405), (method, where)


POSTED = (
    "account_login", "account_logout", "account_language", "account_reset_password", "account_change_password",
    "account_reauthenticate", "end_other_sessions", "mfa_activate_totp", "mfa_generate_recovery_codes",
    "mfa_login_webauthn", "desk:log_out", "desk:language", "desk:bulk", "desk:save_view", "desk:read_notices",
    "desk:leave", "report", "wagtailadmin_logout",
)  # fmt: skip


@pytest.mark.parametrize("forged", ["none", "foreign", "made up", "of another origin"])
def test_no_form_is_taken_without_the_token_of_its_own_browser(officer, forged):
    """None, another browser's, one that was made up, and the right one from another site over https."""
    theirs = Client(enforce_csrf_checks=True)
    theirs.get(LOG_IN)
    for name in POSTED:
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        client.get("/accounts/sessions/")
        more: dict[str, Any] = {}
        data = {"login": "clerk", "password": PASSWORD, "language": "en", "email": officer.email}
        if forged == "foreign":
            data["csrfmiddlewaretoken"] = theirs.cookies["csrftoken"].value
        elif forged == "made up":
            client.cookies["csrftoken"] = "a" * 32
            data["csrfmiddlewaretoken"] = "b" * 32
        elif forged == "of another origin":
            client.get(LOG_IN)
            data["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else "x"
            more = {"HTTP_ORIGIN": "https://evil.example"}
        answer = client.post(reverse(name), data, **more)
        assert answer.status_code == 403, name
    assert officer.usersession_set.count() == 0


def test_a_forged_form_changes_nothing_even_where_it_is_checked_late(officer, desk):
    dossier = desk.received()
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    for address in (reverse("desk:files", args=[dossier.code]), reverse("desk:intake", args=[desk.procedure.code])):
        assert client.post(address, {"do": "receive"}).status_code == 403


def test_a_log_in_is_not_started_from_another_site_by_a_form(officer):
    """«Log-in CSRF»: an attacker can't put a victim into an account of the attacker's."""
    client = Client(enforce_csrf_checks=True)
    sent = {"login": "clerk", "password": PASSWORD}
    assert client.post(LOG_IN, sent, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert SESSION not in client.cookies or not client.cookies[SESSION].value


def test_a_recovery_code_is_good_once_whoever_is_quicker(officer, settings, set_up):  # noqa: F811
    settings.MFA_ROLES = ["clerk"]
    browser = log_in()
    set_up(browser)
    spent = browser.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    one, other = log_in(), log_in()
    assert one.post("/accounts/2fa/authenticate/", {"code": spent}).status_code == 302
    assert opens(one)
    assert other.post("/accounts/2fa/authenticate/", {"code": spent}).status_code == 200
    assert not opens(other)


def test_what_the_mailed_links_key_is_made_of_is_not_in_the_audit(officer, caplog):
    with TestCase.captureOnCommitCallbacks(execute=True), caplog.at_level("INFO"):
        Client().post(reverse("account_reset_password"), {"email": officer.email})
    assert default_token_generator.make_token(officer).split("-")[1] not in caplog.text
    assert "account.link_sent" in caplog.text and entered(officer) is not None
