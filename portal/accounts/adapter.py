"""What allauth asks of us: nobody signs up, who may try, where to go, in which words."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from catalogue.models import Posting
from catalogue.own_site import is_own
from portal import tasks
from portal.accounts import known, tries
from portal.accounts.audit import note
from portal.accounts.words import ERRORS, TOLD, TOLD_BY_MAIL
from portal.models import User
from portal.readers import reader_of

FRESH = 300
"""Seconds after a log-in in which what is delicate needs no second proof."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {**DefaultAccountAdapter.error_messages, **ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that nobody signs up: accounts are made by the administrator."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the reader's address as the outermost of our own proxies saw it, an IPv6 one as its network's."""
        address = reader_of(request).partition("/")[0]
        return "0.0.0.0" if address == "unknown" else address  # noqa: S104 (nobody listens there)

    def is_safe_url(self, url: str) -> bool:
        """Return whether an address lies on this very host; not on any other that is ours."""
        return is_own(self.request, url)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody begins who came for nothing in particular: editors at /cms/, officers at the desk."""
        has_post = Posting.objects.at_the_desk().filter(user=request.user.pk).exists()
        return "/cms/" if not has_post and request.user.has_perm("wagtailadmin.access_admin") else "/desk/"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try before the password is looked at; raise ValidationError where none is left."""
        try:
            self.taken = tries.take(request, credentials.get("username") or "")
        except tries.UsedUpError as used_up:
            note("no_try_left", request=request)
            raise self.validation_error("too_many_login_attempts") from used_up

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return who it is, and give the try back; None, with a line in the audit, where it is nobody."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            self.taken.give_back()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note whose account it was, if it is one; never the name or the password that was typed."""
        note(
            "log_in_failed",
            user=User.objects.filter(username__iexact=credentials.get("username") or "").first(),
            request=request,
        )

    def pre_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse | None:
        """Note who is kept out since the account is closed."""
        if not user.is_active:
            note("closed_account", user=user, request=request)
        return super().pre_login(request, user, **how)

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """Let the browser remember that the account has logged in here."""
        response = super().post_login(request, user, **how)
        known.remember(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Return whether to ask once more: not within five minutes after a log-in in this session."""
        request = self.request
        records = get_authentication_records(request, request.user) if request else []
        last = max((record.get("at", 0) for record in records), default=0)
        if time.time() - last < FRESH:
            return False
        return super().is_reauthentication_required(app=app, **more)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what was done in our words; what we have no words for isn't said."""
        text = message or TOLD.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody by mail that the log-in was changed; a mail server that is down changes nothing."""
        what = template_prefix.rpartition("/")[2]
        if what in TOLD_BY_MAIL and user.email:
            tasks.tell_of_change.delay_on_commit(user.pk, what, translation.get_language() or "vi")
