"""How often a password may be tried: by address and account together, so that nobody can lock a colleague out.

A try is counted before the password is looked at, and given back if it was right: many at once win nothing. The cache
holds keyed digests and numbers.
"""

from __future__ import annotations

import hmac
import logging
import time
import unicodedata
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from portal.accounts.known import is_known
from portal.cache import CACHE_FAILURES
from portal.tracking.tries import reader_of

logger = logging.getLogger(__name__)
HOUR = 3600
"""Seconds in which the tries of all unknown browsers on one account are counted."""


class UsedUpError(Exception):
    """No try is left, or nobody could count one."""


@dataclass
class Try:
    """A try that was counted under these keys."""

    keys: list[str] = field(default_factory=list)

    def give_back(self) -> None:
        """Uncount it: the password was right."""
        for key in self.keys:
            try:
                _add(key, -1, 0)
            except CACHE_FAILURES as error:
                logger.error("A try to log in can't be given back: %s", error)


def take(request: HttpRequest, account: str) -> Try:
    """Count a try; raise UsedUpError where none is left, or where the cache doesn't answer.

    What an address tries on one account comes first: once that is used up, nothing more is counted, so that one
    address can use up neither what others behind it have, nor the account's share.
    """
    name, reader, taken = plain(account), reader_of(request), Try()
    limits = [
        (f"pair {reader} {name}", settings.LOG_IN_TRIES, settings.LOG_IN_SECONDS),
        (f"address {reader}", settings.LOG_IN_TRIES_ADDRESS, settings.LOG_IN_SECONDS),
        (f"account {name}", settings.LOG_IN_TRIES_ACCOUNT, HOUR),
    ]
    if is_known(request, name):
        del limits[-1]  # Whoever logged in here before isn't kept out by what strangers try elsewhere.
    for what, most, seconds in limits:
        key = _key(what, seconds)
        try:
            number = _add(key, 1, seconds)
        except CACHE_FAILURES as error:
            logger.error("Tries to log in can't be counted, so none is allowed: %s", error)
            raise UsedUpError from error
        taken.keys.append(key)
        if number > most:
            raise UsedUpError
    return taken


def plain(account: str) -> str:
    """Return a name or address as a database may compare it: PostgreSQL finds s, i and k for «ſ», «ı» and «K»."""
    return unicodedata.normalize("NFKC", account).strip().upper()


def _key(what: str, seconds: int) -> str:
    window = int(time.time()) // seconds
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"log in {what}".encode(), "sha256").hex()
    return f"log-in:{digest[:32]}:{window}"


def _add(key: str, number: int, seconds: int) -> int:
    """Add to a counter and return it; Redis does it in one step, files are of one machine's few processes."""
    if settings.CACHE_URL:
        if seconds:
            cache.add(key, 0, seconds)
        try:
            return cache.incr(key, number)
        except ValueError:  # It has just run out.
            return 0
    total = int(cache.get(key, 0)) + number
    cache.set(key, total, seconds or HOUR)
    return total
