"""Who asks: the reader's address, as far as it may be counted or written down."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

NETWORK = 64
"""Bits of an IPv6 address that one household or company has."""


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
