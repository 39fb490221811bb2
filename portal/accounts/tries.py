"""How often a password may be tried: by address and account together, so that nobody can lock a colleague out.

A try is counted before the password is looked at, and given back if it was right: many at once win nothing. The cache
holds keyed digests and numbers.
"""

from __future__ import annotations

import logging
import time
import unicodedata
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest

from portal.accounts.known import is_known
from portal.cache import CACHE_FAILURES
from portal.counting import HOUR, add, key_of
from portal.readers import reader_of

logger = logging.getLogger(__name__)


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
                add(key, -1, 0)
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
        key = key_of("log in", what, int(time.time()) // seconds)
        try:
            number = add(key, 1, seconds)
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
