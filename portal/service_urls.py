"""Addresses of other servers from the environment: what can't work stops the start, with a sentence.

`portal/settings.py` reads this before Django is set up, so nothing of Django's rows may be imported here. No message
repeats an address: it may hold a password.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

POSTGRES = ("postgres", "postgresql")
REDIS = ("redis", "rediss")
AMQP = ("amqp", "amqps")
SMTP = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
MAIL_WITHOUT_HOST = ("consolemail", "filemail", "memorymail", "dummymail")
IN_DATABASE = "postgres://user:password@host/name, or sqlite:////absolute/path.sqlite3"
IN_CACHE = "redis://host:6379/0, or leave it empty for files under VAR_DIR"
IN_BROKER = (
    "redis://host:6379/1 or amqp://user:password@host:5672/name, or leave it empty: work is then done without workers"
)
IN_REDIS = {"visibility_timeout": 600, "socket_connect_timeout": 2, "socket_timeout": 4}
"""Seconds. A task whose worker vanished goes to another after the first: longer than a wait and a run together
(`portal/celery.py`), or it would run twice."""
IN_EMAIL = "smtp+tls://user:password@host:587, or leave it empty for files under VAR_DIR"
IN_CLAMAV = "tcp://host:3310 or unix:///path/of/clamd.ctl, or leave it empty where files aren't scanned"
IN_BASE = "https://host, or http://localhost:8000 on your own machine"


def database(url: str, *, file: Path) -> dict[str, Any]:
    """Return Django's settings of the database; without an address it is an SQLite file."""
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}
    parts = split("DATABASE_URL", url, (*POSTGRES, "sqlite"), IN_DATABASE)
    if not parts.path.strip("/"):
        raise wrong("DATABASE_URL", "names no database", IN_DATABASE)
    found: dict[str, Any] = environ.Env.db_url_config(url)
    folder = Path(found["NAME"]).parent
    if parts.scheme == "sqlite" and found["NAME"] != ":memory:" and not folder.is_dir():
        raise wrong("DATABASE_URL", f"lies in {folder}, which isn't a folder", IN_DATABASE)
    return found


def cache(url: str) -> dict[str, Any]:
    """Return Django's settings of a cache in Redis."""
    parts = split("CACHE_URL", url, (*REDIS, "unix"), IN_CACHE)
    if parts.scheme == "unix" and not parts.path.strip("/"):
        raise wrong("CACHE_URL", "names no socket", IN_CACHE)
    if parts.scheme in REDIS:
        check_redis("CACHE_URL", parts, IN_CACHE)
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}


def broker(url: str) -> dict[str, Any]:
    """Return Celery's settings of its broker, by Django's names; without an address work is done at once.

    Over TLS the broker's certificate must be good: by themselves both clients take any.
    """
    if not url:  # Who waits for the work shouldn't wait for its second try.
        once = {"*": {"max_retries": 0}}
        return {"CELERY_BROKER_URL": "", "CELERY_TASK_ALWAYS_EAGER": True, "CELERY_TASK_ANNOTATIONS": once}
    parts = split("CELERY_BROKER_URL", url, (*REDIS, *AMQP), IN_BROKER)
    found: dict[str, Any] = {"CELERY_BROKER_URL": url, "CELERY_TASK_ALWAYS_EAGER": False}
    if parts.scheme in REDIS:
        check_redis("CELERY_BROKER_URL", parts, IN_BROKER)
        found["CELERY_BROKER_TRANSPORT_OPTIONS"] = dict(IN_REDIS)
    elif not parts.hostname:
        raise wrong("CELERY_BROKER_URL", "names no host", IN_BROKER)
    if parts.scheme == "rediss":
        found["CELERY_BROKER_USE_SSL"] = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    if parts.scheme == "amqps":
        found["CELERY_BROKER_USE_SSL"] = {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": parts.hostname}
    return found


def email(url: str) -> dict[str, Any]:
    """Return Django's settings of outgoing mail, by the settings' names."""
    parts = split("EMAIL_URL", url, (*SMTP, *MAIL_WITHOUT_HOST), IN_EMAIL)
    if parts.scheme in SMTP and not parts.hostname:
        raise wrong("EMAIL_URL", "names no host", IN_EMAIL)
    found: dict[str, Any] = environ.Env.email_url_config(url)
    return found


def clamav(url: str) -> str:
    """Return the address of ClamAV's daemon, empty where there is none."""
    if not url:
        return ""
    parts = split("CLAMAV_URL", url, ("tcp", "unix"), IN_CLAMAV)
    if parts.scheme == "tcp" and not parts.hostname:
        raise wrong("CLAMAV_URL", "names no host", IN_CLAMAV)
    if parts.scheme == "unix" and (parts.netloc or not parts.path.strip("/")):
        raise wrong("CLAMAV_URL", "names no socket", IN_CLAMAV)
    return url


def base(url: str) -> str:
    """Return the site's own address without a slash at its end."""
    parts = split("BASE_URL", url, ("http", "https"), IN_BASE)
    if not parts.hostname:
        raise wrong("BASE_URL", "names no host", IN_BASE)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise wrong("BASE_URL", "has more than a host and a port", IN_BASE)
    return url.rstrip("/")


def check_redis(name: str, parts: SplitResult, example: str) -> None:
    """Raise where an address of Redis has no host, or ends with something that is no number of a database."""
    if not parts.hostname:
        raise wrong(name, "names no host", example)
    number = parts.path.strip("/")
    if number and not number.isdecimal():
        raise wrong(name, "ends with something that isn't the number of a database", example)


def split(name: str, url: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """Return the parts of an address of one of the kinds, whose port is a number."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (the property raises)
    except ValueError:
        reason = "can't be read (in a password, write %2F for /, %23 for #, %3F for ?, %40 for @)"
        raise wrong(name, reason, example) from None  # The cause names a piece of the password.
    if parts.scheme not in schemes:
        raise wrong(name, f"begins with none of {', '.join(f'{scheme}://' for scheme in schemes)}", example)
    return parts


def wrong(name: str, reason: str, example: str) -> ImproperlyConfigured:
    """Return the error that says what to write."""
    return ImproperlyConfigured(f"{name} {reason}. Write {example}.")
