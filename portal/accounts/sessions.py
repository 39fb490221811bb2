"""Sessions that have ended: their rows hold addresses and browsers, so they don't stay."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache

from catalogue.opening import ZONE

KEPT = 2 * 24 * 3600
"""Seconds for which it is known that a day's were cleared; forgotten earlier, they are cleared once more."""


def clear_if_due(at: dt.datetime) -> str:
    """Delete, once a day, the sessions that have expired and what is known of their devices."""
    if not cache.add(f"sessions_cleared:{at.astimezone(ZONE):%Y-%m-%d}", True, KEPT):
        return "cleared today"
    expired, _by_model = Session.objects.filter(expire_date__lt=at).delete()
    # A session that is being begun has its device's row first.
    old = at - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    left = UserSession.objects.filter(last_seen_at__lt=old, created_at__lt=old)
    devices, _by_model = left.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return f"{expired} expired, {devices} devices forgotten"
