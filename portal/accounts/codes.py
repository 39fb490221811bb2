"""Codes of a telephone (RFC 6238): each counts once, on every machine, whatever the cache remembers."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa import app_settings, signals
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.crypto import constant_time_compare

LAST = "last_counter"
"""Where a factor keeps the number of the half minute whose code was used last."""


def use_once(authenticator: Authenticator, code: str) -> bool:
    """Spend a code that is right; return False where this one or a later one was used before (RFC 6238 §5.2).

    Recovery codes are spent by allauth itself.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return True
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        counter = _counter_of(decrypt(row.data["secret"]), code)
        if counter is None or counter <= row.data.get(LAST, 0):
            return False
        row.data[LAST] = counter
        row.save(update_fields=["data"])
    authenticator.data = row.data
    return True


def connect() -> None:
    """Spend also the code that set a telephone up."""
    signals.authenticator_added.connect(_spend_first, dispatch_uid="portal.accounts.codes")


def _spend_first(authenticator: Authenticator, **more: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        authenticator.data[LAST] = _now()
        authenticator.save(update_fields=["data"])


def _counter_of(secret: str, code: str) -> int | None:
    """Return the half minute that a code is of."""
    typed = "".join(filter(str.isdigit, code))  # People type «123 456» and «123-456» too.
    around = app_settings.TOTP_TOLERANCE
    for counter in range(_now() - around, _now() + around + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), typed):
            return counter
    return None


def _now() -> int:
    return int(time.time()) // app_settings.TOTP_PERIOD
