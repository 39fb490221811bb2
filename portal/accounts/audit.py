"""Log-ins, failures, changes of factors and ends of sessions, as JSON lines: who and when, never what was typed."""

from __future__ import annotations

import json
import logging
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.http import HttpRequest
from django.utils import timezone

from portal.readers import reader_of

audit = logging.getLogger("portal.audit")


def note(event: str, *, user: Any = None, request: HttpRequest | None = None, **more: object) -> None:
    """Write a line: event, id of the account (null where there is none), moment, address."""
    line = {
        "event": f"account.{event}",
        "user": getattr(user, "pk", None),
        "at": timezone.now().isoformat(),
        "address": reader_of(request) if request is not None else None,
    }
    audit.info(json.dumps({**line, **more}, ensure_ascii=False))


def connect() -> None:
    """Listen to what Django and allauth tell."""
    for signal, listener in LISTENERS:
        signal.connect(listener, dispatch_uid=f"portal.accounts.audit.{listener.__name__}")


def _logged_in(request: HttpRequest, user: Any, **more: Any) -> None:
    ways = [record.get("method", "") for record in request.session.get("account_authentication_methods", [])]
    note("logged_in", user=user, request=request, ways=ways)


def _logged_out(request: HttpRequest, user: Any, **more: Any) -> None:
    if user is not None:
        note("logged_out", user=user, request=request)


def _factor_added(request: HttpRequest, user: Any, authenticator: Authenticator, **more: Any) -> None:
    note("factor_added", user=user, request=request, factor=authenticator.type)


def _factor_removed(request: HttpRequest, user: Any, authenticator: Authenticator, **more: Any) -> None:
    note("factor_removed", user=user, request=request, factor=authenticator.type)


def _factor_made_anew(request: HttpRequest, user: Any, authenticator: Authenticator, **more: Any) -> None:
    note("factor_made_anew", user=user, request=request, factor=authenticator.type)


def _factor_used(request: HttpRequest, user: Any, authenticator: Authenticator, **more: Any) -> None:
    note("factor_used", user=user, request=request, factor=authenticator.type)


def _factor_failed(request: HttpRequest, user: Any, authenticator: Authenticator, **more: Any) -> None:
    note("factor_failed", user=user, request=request, factor=authenticator.type)


def _password_changed(request: HttpRequest, user: Any, **more: Any) -> None:
    note("password_changed", user=user, request=request)


def _password_reset(request: HttpRequest, user: Any, **more: Any) -> None:
    note("password_reset", user=user, request=request)


LISTENERS = (
    (account_signals.user_logged_in, _logged_in),
    (auth_signals.user_logged_out, _logged_out),
    (mfa_signals.authenticator_added, _factor_added),
    (mfa_signals.authenticator_removed, _factor_removed),
    (mfa_signals.authenticator_reset, _factor_made_anew),
    (mfa_signals.authenticator_used, _factor_used),
    (mfa_signals.authentication_failed, _factor_failed),
    (account_signals.password_changed, _password_changed),
    (account_signals.password_reset, _password_reset),
)
