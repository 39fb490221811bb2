"""What `check --deploy` says of settings that work and are dangerous, with what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 (Django's own name)

LOOPBACK = ("localhost", "127.0.0.1", "::1")
SHORTEST_KEY = 32
"""Characters of a key that nobody guesses: 256 bits in hexadecimal have twice as many."""
FEWEST_LETTERS = 10
"""Different characters in it: a word written many times has fewer."""
NEW_KEY = (
    'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(50))", and keep a copy where backups aren\'t.'
)


@register(Tags.security, deploy=True)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return what would be wrong with these settings where others can reach the site."""
    return [*_not_for_others(), *_addresses(), *_keys(), *_services()]


def _not_for_others() -> Iterator[CheckMessage]:
    """Say which settings are for one's own machine."""
    if settings.DEMO:
        hint = "Leave DEMO out: it has a known key, known people with open passwords, and no second factor."
        yield Error("DEMO is on.", hint=hint, id="portal.E001")
    if settings.TESTING:
        hint = "Leave TESTING out: it has a known key and no second factor."
        yield Error("TESTING is on.", hint=hint, id="portal.E002")
    if not settings.MFA_ROLES:
        hint = "Leave MFA_ROLES out, or name the roles that must show one (docs/operations.md)."
        yield Warning("Nobody has to show a second factor.", hint=hint, id="portal.W001")


def _addresses() -> Iterator[CheckMessage]:
    """Say what is wrong with the site's own address and with who may call it what."""
    base = urlsplit(settings.BASE_URL)
    if base.hostname in LOOPBACK:
        hint = "Write the address that readers type: https://host."
        yield Error("BASE_URL is an address of this machine alone.", hint=hint, id="portal.E003")
    elif base.scheme != "https":
        hint = "Write https://…: cookies are then bound to the host, and browsers told to come by https alone."
        yield Error("BASE_URL is plain http: passwords and dossiers would be readable.", hint=hint, id="portal.E004")
    if any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        hint = "Name each host: links in mails and log-in pages would else lead wherever a request says."
        yield Error("ALLOWED_HOSTS lets in hosts that it doesn't name.", hint=hint, id="portal.E005")
    elif base.hostname not in settings.ALLOWED_HOSTS:
        hint = f"Add {base.hostname} to ALLOWED_HOSTS: else every page is a 400."
        yield Error("ALLOWED_HOSTS doesn't name the host of BASE_URL.", hint=hint, id="portal.E006")
    if any("*" in origin or not origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS):
        hint = "Name each by https://host, or none: the site itself needs no entry."
        yield Error("CSRF_TRUSTED_ORIGINS trusts sites that it doesn't name.", hint=hint, id="portal.E007")
    if not settings.PROXIES and base.scheme == "https":
        hint = "Write how many own proxies add to X-Forwarded-For: else all readers share one address and its limits."
        yield Warning("PROXIES is 0, and something in front of us speaks https.", hint=hint, id="portal.W002")


def _keys() -> Iterator[CheckMessage]:
    """Say which keys could be guessed, or are one key."""
    keys = {"SECRET_KEY": settings.SECRET_KEY, "DESK_CHAIN_KEY": settings.DESK_CHAIN_KEY}
    keys |= {f"MFA_KEYS, number {place}": key for place, key in enumerate(settings.MFA_KEYS, 1)}
    for name, key in keys.items():
        if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS:
            yield Error(f"{name} can be guessed.", hint=NEW_KEY, id="portal.E008")
    if len(set(keys.values())) < len(keys):
        hint = f"Whoever learns one would have all. {NEW_KEY}"
        yield Error(f"{' and '.join(keys)} aren't all different.", hint=hint, id="portal.E009")


def _services() -> Iterator[CheckMessage]:
    """Say which parts are the ones for a machine with nothing installed."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        hint = "Write postgres://user:password@host/name: with SQLite one officer's writing holds up all others'."
        yield Warning("DATABASE_URL names no server.", hint=hint, id="portal.W003")
    if not settings.CACHE_URL:
        hint = "Write redis://host:6379/0: in files, tries to log in are counted a machine, and not in one step."
        yield Warning("CACHE_URL is empty.", hint=hint, id="portal.W004")
    if not settings.EMAIL_URL:
        hint = "Write smtp+tls://user:password@host:587: links for passwords lie in files meanwhile, and reach nobody."
        yield Warning("EMAIL_URL is empty.", hint=hint, id="portal.W005")
