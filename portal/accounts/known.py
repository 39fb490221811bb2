"""Browsers in which somebody has logged in: a signed cookie, so that strangers' tries elsewhere don't keep them out.

After OWASP's «device cookies». It opens nothing by itself: it only counts tries of this browser apart from others'.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from portal.models import User

SALT = "known_browser"
DAYS = 180
MOST = 8
"""How many people's accounts one browser remembers: a counter's computer is shared."""
DAY = 86_400
"""Seconds."""


def remember(request: HttpRequest, response: HttpResponse, user: Any) -> None:
    """Note in the browser that this account has logged in here; a new password ends it."""
    kept = [mark for mark in marks(request) if mark != mark_of(user)][: MOST - 1]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps([mark_of(user), *kept], salt=SALT),
        max_age=DAYS * DAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_known(request: HttpRequest, name: str) -> bool:
    """Return whether somebody has logged in to the account here (a query where the browser remembers anybody)."""
    kept = marks(request)
    user = User.objects.filter(username__iexact=name).first() if kept else None
    return user is not None and any(constant_time_compare(mark, mark_of(user)) for mark in kept)


def marks(request: HttpRequest) -> list[str]:
    """Return what the browser remembers, nothing where it was forged or is old."""
    try:
        cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
        found = signing.loads(cookie, salt=SALT, max_age=DAYS * DAY)
    except signing.BadSignature:
        return []
    return [str(mark) for mark in found]


def mark_of(user: Any) -> str:
    """Return an account's mark: it tells a reader nothing and changes with the password."""
    return str(user.get_session_auth_hash())[:32]
