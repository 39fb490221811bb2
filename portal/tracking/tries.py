"""How many wrong tries somebody has: by the reader's address over all codes, and by code over all addresses.

Nothing personal is kept: the cache holds keyed digests and numbers. A code that isn't there is counted like any other.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from portal.cache import CACHE_FAILURES
from portal.counting import add, key_of
from portal.readers import reader_of

logger = logging.getLogger(__name__)


def are_used_up(request: HttpRequest, code: str, at: dt.datetime) -> bool:
    """Return whether no try is left; a cache that doesn't answer counts as none, since nobody could count."""
    allowed = limits(request, code, at)
    try:
        found = cache.get_many(list(allowed))
    except CACHE_FAILURES as error:
        logger.error("Tries of tracking can't be counted, so none is allowed: %s", error)
        return True
    return any(int(found.get(key, 0)) >= most for key, most in allowed.items())


def count_wrong(request: HttpRequest, code: str, at: dt.datetime) -> None:
    """Count a wrong try."""
    try:
        for key in limits(request, code, at):
            add(key, 1, settings.TRACKING_SECONDS)
    except CACHE_FAILURES as error:
        logger.error("A wrong try of tracking can't be counted: %s", error)


def limits(request: HttpRequest, code: str, at: dt.datetime) -> dict[str, int]:
    """Return the keys under which a try is counted now, with how many are allowed."""
    window = int(at.timestamp()) // settings.TRACKING_SECONDS
    return {
        key_of("tracking", f"address {reader_of(request)}", window): settings.TRACKING_TRIES_ADDRESS,
        key_of("tracking", f"code {code}", window): settings.TRACKING_TRIES_CODE,
    }
