"""Log-in in a real browser: passkeys with an authenticator that the browser plays, the rest without JavaScript."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browsing import faults, follow
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
PASSWORD = "mot-cua-thu-1"
MAKE = f"""
from tests.desk.cast import make_cast
people = make_cast().people
for name in ("clerk", "approver", "handler"):
    people[name].set_password("{PASSWORD}")
    people[name].email = name + "@danang.gov.vn"
    people[name].save()
"""
OPEN = ["login/", "password/reset/", "password/reset/done/", "password/reset/key/1-x/", "inactive/", "sso/cancelled/"]
OWN = [
    *("2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "2fa/recovery-codes/generate/"),
    *("sessions/", "password/change/", "logout/", "reauthenticate/?next=/desk/"),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site on which approvers need a second factor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MFA_ROLES", "approver")
        with served(tmp_path_factory.mktemp("log-in"), schema_file, MAKE) as address:
            yield address


def log_in(page: Page, base: str, name: str) -> None:
    page.goto(f"{base}/accounts/login/?next=/desk/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    follow(page.locator("button[type=submit]"))


def test_a_passkey_lets_in_alone_and_as_second_factor(chromium, base):
    page = chromium.new_context().new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    plays = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    plays |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": plays})
    log_in(page, base, "clerk")
    page.goto(f"{base}/accounts/2fa/webauthn/add/")
    page.fill("#id_name", "Máy ở quầy")
    follow(page.locator(".pri"))
    assert page.url == f"{base}/accounts/2fa/recovery-codes/"
    expect(page.locator(".codes li")).to_have_count(10)
    assert not faults(page, 1280)
    page.goto(f"{base}/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Máy ở quầy")
    assert not faults(page, 1280)
    follow(page.locator("header .out button"))
    page.goto(f"{base}/accounts/login/?next=/desk/dossiers/")
    follow(page.get_by_role("button", name="Đăng nhập bằng khóa"))
    assert page.url == f"{base}/desk/dossiers/"
    page.goto(f"{base}/accounts/logout/")
    follow(page.locator("main button"))
    log_in(page, base, "clerk")
    assert page.url == f"{base}/accounts/2fa/authenticate/"
    assert not faults(page, 1280)
    follow(page.get_by_role("button", name="Dùng khóa đăng nhập"))
    assert page.url == f"{base}/desk/"


def test_without_javascript_codes_are_set_up_before_anything_opens(chromium, base):
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{base}/accounts/login/")
    expect(page.locator("[data-needs-script]")).to_contain_text("Khóa đăng nhập cần JavaScript")
    expect(page.locator("[data-needs-script]")).to_be_visible()
    expect(page.locator("[data-passkey] button")).to_be_hidden()
    log_in(page, base, "approver")
    assert page.url == f"{base}/accounts/2fa/"
    expect(page.locator(".say").first).to_contain_text("yếu tố thứ hai")
    follow(page.locator("a.pri"))
    expect(page.locator("img.qr")).to_be_visible()
    secret = page.locator(".key").inner_text()
    page.fill("#id_code", "000000")
    follow(page.locator("button[type=submit]"))
    expect(page.locator(".errorlist")).to_contain_text("Mã không đúng")
    page.fill("#id_code", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    follow(page.locator("button[type=submit]"))
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{base}/desk/")
    assert page.url == f"{base}/desk/"


@pytest.mark.parametrize(("language", "width"), [("Tiếng Việt", 360), ("English", 1280)])
def test_every_page_is_accessible_and_fits(chromium, base, language, width):
    page = chromium.new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{base}/accounts/login/")
    follow(page.get_by_role("button", name=language))
    found, blocked = [], []
    page.on("console", lambda line: blocked.append(line.text) if "Content Security Policy" in line.text else None)
    for path in OPEN:
        page.goto(f"{base}/accounts/{path}")
        found += faults(page, width)
    log_in(page, base, "handler")
    for path in OWN:
        page.goto(f"{base}/accounts/{path}")
        assert page.locator("h1").count() == 1
        found += faults(page, width)
    page.goto(f"{base}/cms/")
    found += faults(page, width)
    assert not found and not blocked
