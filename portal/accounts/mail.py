"""Mails about a log-in: written and sent apart from the answer, so that nobody can tell by time who has an account."""

from __future__ import annotations

import hashlib

from allauth.account.forms import default_token_generator
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts.audit import note
from portal.accounts.tries import plain
from portal.accounts.words import TOLD_BY_MAIL
from portal.models import User

MOST = 3
"""Links that are sent to an address in an hour: nobody's mailbox is filled by a stranger."""
HOUR = 3600


def send_links(address: str, language: str) -> int:
    """Send a link for a new password to each open account of an address; return how many were sent."""
    users = filter_users_by_email(address, is_active=True, prefer_verified=True, for_login=True)
    if not users or _too_many(address):
        return 0
    for user in users:
        context = {"user": user, "link": link_for(user), "hours": settings.PASSWORD_RESET_TIMEOUT // HOUR}
        with override(language):
            _send(_("A new password"), "accounts/mail/link.txt", context, user.email)
        note("link_sent", user=user)
    return len(users)


def link_for(user: User) -> str:
    """Return an address at which somebody sets a new password, once, within `PASSWORD_RESET_TIMEOUT` seconds."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return f"{settings.BASE_URL}{path}"


def tell(user_pk: int, what: str, language: str) -> None:
    """Tell somebody that the log-in was changed, and what to do if it wasn't them."""
    user = User.objects.filter(pk=user_pk, is_active=True).exclude(email="").first()
    if user is None:
        return
    with override(language):
        context = {"user": user, "what": TOLD_BY_MAIL[what], "base": settings.BASE_URL}
        _send(_("Your log-in was changed"), "accounts/mail/changed.txt", context, user.email)


def _send(subject: str, template: str, context: dict[str, object], to: str) -> None:
    site = settings.WAGTAIL_SITE_NAME
    body = render_to_string(template, {**context, "site": site})
    send_mail(f"{site} · {subject}", body.strip() + "\n", None, [to])


def _too_many(address: str) -> bool:
    key = f"link:{hashlib.sha256(plain(address).encode()).hexdigest()[:32]}"
    number = int(cache.get(key, 0))
    cache.set(key, number + 1, HOUR)
    return number >= MOST
