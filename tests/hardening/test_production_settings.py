"""`check --deploy` names each setting that would be dangerous where others reach the site, and says what to write."""

from __future__ import annotations

import secrets

import pytest

from portal.checks import production_is_safe

GOOD = {
    "DEMO": False,
    "TESTING": False,
    "MFA_ROLES": ["approver"],
    "MFA_KEYS": [],
    "BASE_URL": "https://mot-cua.example",
    "ALLOWED_HOSTS": ["mot-cua.example"],
    "CSRF_TRUSTED_ORIGINS": [],
    "PROXIES": 1,
    "SECRET_KEY": secrets.token_urlsafe(50),
    "DESK_CHAIN_KEY": secrets.token_urlsafe(50),
    "CACHE_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp+tls://localhost",
}


@pytest.fixture
def production(settings):
    """Settings of a province, with some of them as a test wants."""
    settings.DATABASES = {"default": {**settings.DATABASES["default"], "ENGINE": "django.db.backends.postgresql"}}

    def put(**changes: object) -> list[str]:
        for name, value in {**GOOD, **changes}.items():
            setattr(settings, name, value)
        found = production_is_safe(None)
        assert all(message.hint for message in found)
        return [message.id for message in found]

    return put


def test_good_settings_are_clean(production):
    assert production() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DEMO": True}, "portal.E001"),
        ({"TESTING": True}, "portal.E002"),
        ({"MFA_ROLES": []}, "portal.W001"),
        ({"BASE_URL": "http://localhost:8000", "ALLOWED_HOSTS": ["localhost"]}, "portal.E003"),
        ({"BASE_URL": "https://127.0.0.1", "ALLOWED_HOSTS": ["127.0.0.1"]}, "portal.E003"),
        ({"BASE_URL": "http://mot-cua.example"}, "portal.E004"),
        ({"ALLOWED_HOSTS": ["*"]}, "portal.E005"),
        ({"ALLOWED_HOSTS": [".example"]}, "portal.E005"),
        ({"ALLOWED_HOSTS": ["www.mot-cua.example"]}, "portal.E006"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.example"]}, "portal.E007"),
        ({"CSRF_TRUSTED_ORIGINS": ["http://mot-cua.example"]}, "portal.E007"),
        ({"PROXIES": 0}, "portal.W002"),
        ({"SECRET_KEY": "short"}, "portal.E008"),
        ({"DESK_CHAIN_KEY": "only-for-the-demo-on-loopback"}, "portal.E008"),
        ({"DESK_CHAIN_KEY": "ab" * 40}, "portal.E008"),
        ({"MFA_KEYS": ["short"]}, "portal.E008"),
        ({"DESK_CHAIN_KEY": GOOD["SECRET_KEY"]}, "portal.E009"),
        ({"MFA_KEYS": [GOOD["DESK_CHAIN_KEY"]]}, "portal.E009"),
        ({"CACHE_URL": ""}, "portal.W004"),
        ({"EMAIL_URL": ""}, "portal.W005"),
    ],
)
def test_what_is_dangerous_is_named(production, changes, said):
    assert production(**changes) == [said]


def test_a_file_as_database_is_named(production, settings):
    settings.DATABASES = {"default": {**settings.DATABASES["default"], "ENGINE": "django.db.backends.sqlite3"}}
    assert production() == ["portal.W003"]


def test_no_message_repeats_a_key(production, settings):
    production(SECRET_KEY="kurzes-wort", DESK_CHAIN_KEY="kurzes-wort")
    assert "kurzes-wort" not in str(production_is_safe(None))
