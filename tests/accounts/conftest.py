"""People who log in, with passwords that are hashed quickly."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import transaction
from django.test import Client, override_settings

from portal.models import User
from tests.desk.cast import Cast, make_cast
from tests.keeping import kept

PASSWORD = "sáng nay trời mưa to"
LOG_IN = "/accounts/login/"


QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def quick(settings) -> None:
    """Hash quickly: what is tested isn't the hash."""
    settings.PASSWORD_HASHERS = QUICK


@override_settings(PASSWORD_HASHERS=QUICK)
def make_people() -> Cast:
    """The named cast of the desk; clerk and approver have passwords and addresses."""
    found = make_cast()
    for name in ("clerk", "approver"):
        found.people[name].set_password(PASSWORD)
        found.people[name].email = f"{name}@danang.gov.vn"
        found.people[name].save()
    return found


kept_cast = kept(make_people)


@pytest.fixture
def cast(kept_cast, db) -> Cast:
    """Everybody who logs in."""
    return kept_cast.copy()


@pytest.fixture
def admin(db) -> User:
    user = User.objects.create_superuser("boss", "boss@danang.gov.vn")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def log_in(client: Client) -> Callable:
    """Send the log-in form, perhaps from another address or browser."""

    def send(name: str, password: str = PASSWORD, *, by: Client = client, address: str = "10.0.0.1", **more: str):
        return by.post(LOG_IN, {"login": name, "password": password, **more}, REMOTE_ADDR=address)

    return send


def code(secret: str, *, ahead: int = 0) -> str:
    """Return what a telephone shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


@pytest.fixture
def set_up(monkeypatch) -> Callable:
    """Set up codes of a telephone for whoever is logged in; what follows the commit happens within the request."""

    def do(client: Client) -> str:
        page = client.get("/accounts/2fa/totp/activate/")
        secret = page.context["form"].secret
        with monkeypatch.context() as patch:
            patch.setattr(transaction, "on_commit", lambda function, **more: function())
            done = client.post("/accounts/2fa/totp/activate/", {"code": code(secret, ahead=-1)})
        assert done.url == "/accounts/2fa/recovery-codes/"
        return secret

    return do
