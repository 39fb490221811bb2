"""The doors of log-in that differ from allauth's own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_not_required
from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.adapter import get_adapter as get_sessions_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from portal.accounts import checked_provider, oidc
from portal.accounts.audit import note
from portal.accounts.second_factor import is_required
from portal.accounts.words import ERRORS

logger = logging.getLogger(__name__)


@method_decorator(login_not_required, name="dispatch")
class LogIn(LoginView):
    """The one log-in page; whoever is logged in, and may not go where they were sent from, reads so."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep somebody without rights at /cms/ from being sent to and fro for ever."""
        target = self.get_next_url() or ""
        may_edit = request.user.has_perm("wagtailadmin.access_admin")
        if request.user.is_authenticated and target.startswith("/cms/") and not may_edit:
            list(messages.get_messages(request))  # Wagtail has said the same in its own words.
            return render(request, "account/elsewhere.html", status=403)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page shows besides the form."""
        more = {"single_sign_on": settings.OIDC_NAME if settings.SOCIALACCOUNT_PROVIDERS else ""}
        return super().get_context_data(
            **kwargs, **more, provider=oidc.PROVIDER, is_demo=settings.DEMO and not settings.MFA_ROLES
        )


class ChangePassword(PasswordChangeView):
    """Change a password; whoever has none, and comes by the single sign-on, gets none here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send away whoever has no password."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.error(request, _("You have no password here. Ask for a link by mail to set one."))
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


class MyLogIn(IndexView):
    """All that belongs to somebody's log-in: password, second factors, devices."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the post needs a second factor, and whether the single sign-on is tied."""
        user = self.request.user
        return super().get_context_data(
            **kwargs,
            is_required=is_required(user, timezone.now()),
            is_tied=SocialAccount.objects.filter(user_id=user.pk).exists(),
            sessions=len(UserSession.objects.purge_and_list(user)),
        )


class RemoveKey(RemoveWebAuthnView):
    """Remove a passkey, but not the last factor of somebody whose post needs one."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Refuse, or remove."""
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(ERRORS["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        return super().form_valid(form)


@login_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """List where somebody is logged in, the present place first."""
    found = UserSession.objects.purge_and_list(request.user)
    found.sort(key=lambda session: (not session.is_current(), -session.created_at.timestamp()))
    return render(request, "usersessions/usersession_list.html", {"sessions": found})


@login_required
@require_POST
@reauthentication_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; the present one by logging out."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        logout(request)
        return redirect("account_login")
    get_sessions_adapter().end_sessions([session])
    note("session_ended", user=request.user, request=request)
    messages.success(request, _("That device is logged out."))
    return redirect("usersessions_list")


@login_required
@require_POST
@reauthentication_required
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but the present one."""
    others = [each for each in UserSession.objects.filter(user=request.user) if not each.is_current()]
    get_sessions_adapter().end_sessions(others)
    note("session_ended", user=request.user, request=request, number=len(others))
    messages.success(request, _("All other devices are logged out."))
    return redirect("usersessions_list")


@login_not_required
@require_GET
def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the single sign-on, but only from our own page: no other site starts a log-in.

    A POST can't do it: the policy for forms (`form-action`) also holds for where its answer leads.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return redirect("account_login")
    return _or_in_words(request, checked_provider.start, provider_id)


@login_not_required
@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the answer of the single sign-on."""
    return _or_in_words(request, checked_provider.finish, provider_id)


def _or_in_words(request: HttpRequest, view: Callable[..., HttpResponseBase], provider_id: str) -> HttpResponseBase:
    """Answer, or say that the provider doesn't answer, or not as OpenID Connect has it."""
    try:
        return view(request, provider_id)
    except (RequestException, KeyError, TypeError, ValueError) as error:
        logger.error("The single sign-on can't be used: %s", type(error).__name__)
        note("single_sign_on_failed", request=request)
        return render(request, "socialaccount/authentication_error.html", status=503)
