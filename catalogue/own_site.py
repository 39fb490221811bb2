"""Which addresses are ours: forms that lead back must not lead elsewhere."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_own(request: HttpRequest, address: str | None) -> bool:
    """Return whether an address lies on the very host that was asked, and as safely."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
