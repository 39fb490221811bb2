"""Nobody is led to another site: by an address to come back to, by a path, by a host that was made up.

And no line is put into an answer's headers by what an address or a form holds.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client, TestCase
from django.urls import reverse

from catalogue.models import Procedure
from tests.accounts.conftest import PASSWORD
from tests.attacks.conftest import entered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "\t//evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://testserver:pass@evil.example/",
    "//[evil.example/",
    "\x00//evil.example/",
    "//evil。example/",
    "/desk/\r\nLocation: https://evil.example/",
    "/desk/\r\nSet-Cookie: sessionid=evil",
)


def leads_away(answer) -> str:
    """Return where an answer leads, if a browser would go to another host by it or run it; else nothing."""
    found = answer.headers.get("Location", "")
    assert "\r" not in found and "\n" not in found
    assert "evil" not in {cookie.value for cookie in answer.cookies.values()}
    # As browsers read it: blanks within are dropped, and a backslash is a slash.
    read = "".join(sign for sign in found if sign > " ").replace("\\", "/")
    parts = urlsplit(read)
    is_ours = (parts.scheme in ("", "http", "https")) and parts.netloc in ("", "testserver", "localhost")
    return "" if is_ours and not read.startswith(("//", "https:/evil", "https:evil")) else found


def test_after_log_in_and_log_out_nobody_lands_elsewhere(officer):
    for back in ELSEWHERE:
        try_the_doors(officer, back)


def try_the_doors(officer, back: str) -> None:
    """Log in and out with an address to go to, and knock at the doors that lead to the log-in."""
    for address in (f"/accounts/login/?next={quote(back)}", "/accounts/login/"):
        client = Client()
        answer = client.post(address, {"login": "clerk", "password": PASSWORD, "next": back})
        assert answer.status_code == 302 and not leads_away(answer), address
        # Somebody who is in already is led on at once.
        assert not leads_away(client.get(address))
        for out in ("/accounts/logout/", f"/accounts/logout/?next={quote(back)}"):
            assert not leads_away(entered(officer).post(out, {"next": back})), out
    for door in ("/cms/login/", "/vi/_util/login/", "/cms/password_reset/", "/cms/logout/"):
        client = Client()
        for answer in (client.get(door, {"next": back}), entered(officer).get(door, {"next": back})):
            assert not leads_away(answer), door
        followed = client.get(door, {"next": back}, follow=True)
        assert all(not urlsplit(address).netloc for address, _status in followed.redirect_chain), door


def test_no_page_with_a_way_back_leads_elsewhere(officer):
    for back in ELSEWHERE:
        try_the_ways_back(officer, back)


def try_the_ways_back(officer, back: str) -> None:
    """Send each form that leads back, and open each page of the log-in with an address to go to."""
    client = entered(officer)
    sent = {"language": "en", "next": back, "back": back, "ids": "1", "act": "none"}
    for name in ("account_language", "desk:language", "desk:bulk", "desk:log_out"):
        answer = entered(officer).post(reverse(name), sent)
        assert answer.status_code == 302 and not leads_away(answer), name
        assert not leads_away(entered(officer).post(f"{reverse(name)}?next={quote(back)}", sent)), name
    for name in ("account_reauthenticate", "account_change_password", "mfa_index", "mfa_reauthenticate",
                 "account_reset_password", "mfa_login_webauthn"):  # fmt: skip
        for answer in (client.get(reverse(name), {"next": back}), client.post(reverse(name), {"next": back})):
            assert not leads_away(answer), name
    cache.clear()  # How often a password is shown again is limited too.
    again = client.post(f"/accounts/reauthenticate/?next={quote(back)}", {"password": PASSWORD, "next": back})
    assert again.status_code == 302 and not leads_away(again)


def test_no_screen_of_the_editors_leads_elsewhere(editors):
    client, row = entered(editors.top_editor), editors.rows[Procedure]
    name = Procedure.snippet_viewset.get_url_name
    for back in ELSEWHERE[::2]:
        for act in ("delete", "submit_drafts", "set_columns"):
            address = f"/cms/bulk/catalogue/procedure/{act}/?id={row.pk}&next={quote(back)}"
            assert not leads_away(client.post(address, {"next": back})), act
        for view in ("lock", "unlock", "delete", "unpublish"):
            address = f"{reverse(name(view), args=[row.pk])}?next={quote(back)}"
            assert not leads_away(client.post(address, {"next": back})), view


PATHS = (
    "//evil.example",
    "//evil.example/%2e%2e",
    "/\\evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "//evil.example/vi",
    "/vi//evil.example",
    "/cms//evil.example",
    "/desk//evil.example",
    "/%0d%0aSet-Cookie:x=evil",
    "/vi/\r\nLocation: https://evil.example",
    "/accounts//evil.example",
    "/documents//evil.example",
)


def test_no_path_that_is_completed_leads_elsewhere(editors):
    """A slash that is put to an address, and a language before it, make no other host of it."""
    for client in (Client(), entered(editors.top_editor)):
        for path in PATHS:
            answer = client.get("/", PATH_INFO=path)
            assert answer.status_code in (200, 301, 302, 404) and not leads_away(answer), path


@pytest.mark.parametrize(
    "told",
    [{"HTTP_HOST": "evil.example"}, {"HTTP_HOST": "testserver@evil.example"}, {"HTTP_HOST": "evil.example:80"}],
)
def test_a_host_that_is_not_ours_gets_no_page(db, told):
    for path in ("/", "/vi/", "/accounts/login/", "/desk/", "/cms/"):
        assert Client().get(path, **told).status_code == 400, path


FORWARDED = {
    "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "host=evil.example;proto=https",
    "HTTP_X_HOST": "evil.example", "HTTP_X_FORWARDED_SERVER": "evil.example", "HTTP_X_ORIGINAL_URL": "/cms/",
    "HTTP_X_REWRITE_URL": "/cms/", "HTTP_X_FORWARDED_PORT": "1234", "HTTP_X_FORWARDED_PREFIX": "/evil",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE", "HTTP_X_FORWARDED_SCHEME": "ftp",
}  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/desk/", "/cms/", "/accounts/login/", "/accounts/2fa/", "/robots.txt"])
def test_headers_that_a_reader_makes_up_change_no_page_and_no_way(db, path):
    plain, told = Client().get(path), Client().get(path, **FORWARDED)
    assert (plain.status_code, plain.get("Location")) == (told.status_code, told.get("Location"))
    assert b"evil" not in told.content and "evil" not in str(told.headers)


def test_a_link_for_a_new_password_leads_to_our_own_address_whatever_the_headers_say(officer, mailoutbox, settings):
    with TestCase.captureOnCommitCallbacks(execute=True):
        Client().post("/accounts/password/reset/", {"email": officer.email}, **FORWARDED)
    assert len(mailoutbox) == 1
    body = mailoutbox[0].body
    assert settings.BASE_URL in body and "evil" not in body and "1234" not in body.replace(settings.BASE_URL, "")
