"""Numbers that all processes count together in the cache, under keyed digests: nothing in it tells of whom."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.core.cache import cache

HOUR = 3600


def key_of(kind: str, what: str, window: int) -> str:
    """Return the key of a counter: what is counted can't be read from it, nor guessed without SECRET_KEY."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"{kind} {what}".encode(), "sha256").hex()
    return f"{kind.replace(' ', '-')}:{digest[:32]}:{window}"


def add(key: str, number: int, seconds: int) -> int:
    """Add to a counter and return it; Redis does it in one step, files are of one machine's few processes.

    Raises one of `portal.cache.CACHE_FAILURES` where the cache doesn't answer.
    """
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
