"""Who must prove more than a password, by role, and whether this session has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Posting
from catalogue.opening import ZONE

EDITOR, ADMINISTRATOR = "editor", "administrator"
"""Roles that are no postings: whoever may enter /cms/, and whoever may do everything."""
PROVED_BY = "second_factor_of"
"""Where a session keeps whose second factor it has seen."""
PROVING = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
GUARDED = ("/desk/", "/cms/", "/documents/")
LEFT_OPEN = ("/desk/log-out/", "/desk/language/", "/cms/logout/", "/cms/login/", "/cms/password_reset/")


def check_roles() -> None:
    """Refuse to start with a role that isn't one: it would protect nobody."""
    known = {*Posting.Role.values, EDITOR, ADMINISTRATOR}
    if unknown := set(settings.MFA_ROLES) - known:
        raise ImproperlyConfigured(
            f"MFA_ROLES: {', '.join(sorted(unknown))}. Write some of {', '.join(sorted(known))}."
        )


def is_required(user: Any, at: dt.datetime) -> bool:
    """Return whether a person's posts of the day, or rights, demand a second factor (a query at most, or two)."""
    roles = set(settings.MFA_ROLES)
    if not roles or not user.is_authenticated:
        return False
    if ADMINISTRATOR in roles and user.is_superuser:
        return True
    day = at.astimezone(ZONE).date()
    if Posting.objects.of(user, day).filter(role__in=roles).exists():
        return True
    return EDITOR in roles and user.has_perm("wagtailadmin.access_admin")


def is_proved(request: HttpRequest) -> bool:
    """Return whether this session has seen the person's second factor."""
    return request.session.get(PROVED_BY) == request.user.pk


def factors_of(user: Any) -> set[str]:
    """Return the kinds of second factors that somebody has, recovery codes left out (a query)."""
    return set(Authenticator.objects.filter(user_id=user.pk, type__in=PROVING).values_list("type", flat=True))


def is_last(authenticator: Authenticator) -> bool:
    """Return whether nothing else would prove the person."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=PROVING)
    return not others.exclude(pk=authenticator.pk).exists()


class RequireSecondFactor:
    """Lead whoever needs a second factor, and hasn't shown one, to it, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let through what isn't guarded, and who has proved enough (no query for either)."""
        path = request.path_info
        if not settings.MFA_ROLES or not path.startswith(GUARDED) or path.startswith(LEFT_OPEN):
            return self.get_response(request)
        if not request.user.is_authenticated or is_proved(request) or not is_required(request.user, timezone.now()):
            return self.get_response(request)
        return lead(request)


def lead(request: HttpRequest) -> HttpResponse:
    """Lead to where a second factor is shown, or set up where there is none."""
    found = factors_of(request.user)
    if not found:
        return HttpResponseRedirect(reverse("mfa_index"))  # The page says why.
    by_code = Authenticator.Type.TOTP in found
    back = request.get_full_path() if request.method == "GET" else "/desk/"
    address = reverse("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn")
    return HttpResponseRedirect(f"{address}?{urlencode({'next': back})}")


def connect() -> None:
    """Listen to what allauth tells of factors."""
    signals.authenticator_used.connect(_proved, dispatch_uid="portal.accounts.proved")
    signals.authenticator_added.connect(_added, dispatch_uid="portal.accounts.added")
    signals.authenticator_removed.connect(_removed, dispatch_uid="portal.accounts.removed")


def _proved(request: HttpRequest, user: Any, **more: Any) -> None:
    request.session[PROVED_BY] = user.pk


def _added(request: HttpRequest, user: Any, authenticator: Authenticator, **more: Any) -> None:
    if authenticator.type in PROVING:
        request.session[PROVED_BY] = user.pk


def _removed(request: HttpRequest, user: Any, **more: Any) -> None:
    if not factors_of(user):
        request.session.pop(PROVED_BY, None)
