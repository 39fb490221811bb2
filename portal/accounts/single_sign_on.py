"""Who may come in by the single sign-on: accounts that are tied to it, by the administrator's rule and no other.

Tied are those in the table (`manage.py link_account`), and those whose address, told as verified by the provider, in a
domain that the administrator named, is that of exactly one open account. Nobody signs up, nobody ties an account alone.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.accounts.audit import note
from portal.models import User


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def get_requests_session(self) -> Any:
        """Return what speaks with the provider: it follows no address that it is led to."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return that nobody signs up."""
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Return that allauth itself finds nobody by address: `pre_social_login` does, by our rule."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whoever is tied, tie whoever may be; raise ImmediateHttpResponse with a page that says what to do."""
        claims = sociallogin.account.extra_data
        sociallogin.account.extra_data = {}  # What the provider knows of somebody isn't ours to keep.
        if sociallogin.state.get("process") not in (None, "login"):
            self.refuse(request, "tying", _("Accounts are tied to the single sign-on by the administrator alone."))
        if not is_one_person(claims):
            self.refuse(request, "two_subjects", _("The single sign-on told of two different people."))
        if sociallogin.is_existing:
            SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
            return
        user = user_of(claims)
        if user is None:
            self.refuse(request, "not_tied", _("No account here is tied to your single sign-on."))
        sociallogin.connect(request, user)
        note("tied", user=user, request=request, by="verified address")

    def on_authentication_error(self, request: HttpRequest, provider: Any, **more: Any) -> None:
        """Note that the provider sent somebody back without an answer that can be used."""
        note("single_sign_on_failed", request=request)

    def refuse(self, request: HttpRequest, why: str, said: str) -> None:
        """Raise the page that says why somebody can't come in."""
        note("single_sign_on_refused", request=request, why=why)
        raise ImmediateHttpResponse(render(request, "accounts/refused.html", {"said": said}, status=403))


def user_of(claims: dict[str, Any]) -> User | None:
    """Return the account of a verified address in an allowed domain, None where there is none, or more than one.

    An administrator's account is tied by the table alone: the provider shouldn't be able to make one up.
    """
    told = part(claims, "userinfo") or part(claims, "id_token") or claims
    address = str(told.get("email") or "").strip()
    if told.get("email_verified") is not True or address.rpartition("@")[2].lower() not in settings.OIDC_LINK_DOMAINS:
        return None
    found = list(User.objects.filter(email__iexact=address, is_active=True)[:2])
    if len(found) != 1 or found[0].is_superuser or SocialAccount.objects.filter(user=found[0]).exists():
        return None
    return found[0]


def is_one_person(claims: dict[str, Any]) -> bool:
    """Return whether the token and the answer about the person name the same subject (OpenID Connect Core 5.3.2)."""
    subjects = {data["sub"] for name in ("userinfo", "id_token") if (data := part(claims, name)) and "sub" in data}
    return len(subjects) <= 1


def part(claims: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what was told by one of the two ways."""
    found = claims.get(name)
    return found if isinstance(found, dict) else {}
