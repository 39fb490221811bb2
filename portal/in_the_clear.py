"""What leaves this machine unencrypted, told by `check --deploy`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

PROVES_ITSELF = ("verify-full", "verify-ca")
"""Modes of PostgreSQL in which the server's certificate is looked at."""


@register(Tags.security, deploy=True)
def everything_is_encrypted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of each service on another machine that is spoken with in the clear, or to whoever answers."""
    return [
        checks.Warning(
            f"{name} speaks unencrypted, or with whoever answers, to another machine.", hint=hint, id="portal.W006"
        )
        for name, hint in _in_the_clear()
    ]


def _in_the_clear() -> Iterator[tuple[str, str]]:
    """Give each setting's name with what to write instead; none repeats an address, which may hold a password."""
    database = settings.DATABASES["default"]
    mode = database.get("OPTIONS", {}).get("sslmode")
    if is_elsewhere(str(database.get("HOST") or "")) and mode not in PROVES_ITSELF:
        yield "DATABASE_URL", "End it with ?sslmode=verify-full&sslrootcert=/path/of/ca.pem."
    for name, plain, hint in (
        ("CACHE_URL", "redis", "Write rediss://."),
        ("CELERY_BROKER_URL", "redis", "Write rediss://."),
        ("CELERY_BROKER_URL", "amqp", "Write amqps://."),
        ("SEARCH_URL", "http", "Write https://."),
        ("CLAMAV_URL", "tcp", "Run clamd on this machine, or lead to it by a tunnel."),
    ):
        parts = urlsplit(getattr(settings, name, "") or "")
        if parts.scheme == plain and is_elsewhere(parts.hostname or ""):
            yield name, hint
    if (
        settings.EMAIL_URL
        and is_elsewhere(settings.EMAIL_HOST)
        and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    ):
        yield "EMAIL_URL", "Write smtp+tls:// or smtp+ssl://."


def is_elsewhere(host: str) -> bool:
    """Return whether a host is another machine: not a socket's folder, not loopback."""
    if not host or host.startswith("/") or host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True
