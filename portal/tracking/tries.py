"""How many wrong tries somebody has: by the reader's address over all codes, and by code over all addresses.

Nothing personal is kept: the cache holds keyed digests and numbers. A code that isn't there is counted like any other.
"""

from __future__ import annotations

import datetime as dt
import hmac
import ipaddress
import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from portal.cache import CACHE_FAILURES

logger = logging.getLogger(__name__)
NETWORK = 64
"""Bits of an IPv6 address that one household or company has."""


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
        raise_by_one(limits(request, code, at))
    except CACHE_FAILURES as error:
        logger.error("A wrong try of tracking can't be counted: %s", error)


def raise_by_one(keys: Iterable[str]) -> None:
    """Add one to each; Redis does it in one step whoever else counts, files are of one machine's few processes."""
    for key in keys:
        if settings.CACHE_URL:
            cache.add(key, 0, settings.TRACKING_SECONDS)
            cache.incr(key)
            continue
        cache.set(key, int(cache.get(key, 0)) + 1, settings.TRACKING_SECONDS)


def limits(request: HttpRequest, code: str, at: dt.datetime) -> dict[str, int]:
    """Return the keys under which a try is counted now, with how many are allowed."""
    window = int(at.timestamp()) // settings.TRACKING_SECONDS
    return {
        key_of("address", reader_of(request), window): settings.TRACKING_TRIES_ADDRESS,
        key_of("code", code, window): settings.TRACKING_TRIES_CODE,
    }


def key_of(kind: str, value: str, window: int) -> str:
    """Return the key of a counter."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"{kind} {value}".encode(), "sha256").hex()
    return f"tracking:{digest[:32]}:{window}"


def reader_of(request: HttpRequest) -> str:
    """Return the reader's address, an IPv6 one as its network; behind own proxies as the outermost of them saw it."""
    address = request.META.get("REMOTE_ADDR", "")
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.PROXIES and len(told) >= settings.PROXIES:
        address = told[-settings.PROXIES]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6 and found.ipv4_mapped:
        # How a server that listens on IPv6 sees an IPv4 address: as a network it would be all of IPv4.
        found = found.ipv4_mapped
    if found.version == 6:
        return str(ipaddress.ip_network((found, NETWORK), strict=False))
    return str(found)
