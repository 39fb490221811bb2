"""How long a session lasts, and when its person is asked once more (`docs/security-decisions.md`, «Sessions»)."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout, signals
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from portal.accounts.audit import note

BEGAN, SEEN = "began", "seen"
"""Where a session keeps the moments of its log-in and of what was done last, in seconds."""
EVERY = 60
"""Seconds between two notes of what was done last: a write a request would be too many."""
LASTING = ("/desk/", "/cms/", "/documents/", "/accounts/")
BY_ITSELF = ("/cms/editing-sessions/", "/looking/")
"""What an open page asks without anybody at it: it keeps no session alive."""
DELICATE = ("/cms/users/", "/cms/groups/")
"""Where other people's addresses, passwords and rights are changed."""
FRESH = 900
"""Seconds after a proof in which that needs no other."""


class Lifetimes:
    """End a session that is too old, or at which nobody was for too long; ask again before what is delicate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at the session where somebody is logged in (no query more; a write a minute at most)."""
        path = request.path_info
        if not path.startswith(LASTING) or not is_somebodys(request):
            return self.get_response(request)
        now, proved = time.time(), last_proof(request)
        if is_over(request, now):
            note("session_expired", user=request.user, request=request)
            logout(request)
        elif path.startswith(DELICATE) and is_stale(request, now):
            return ask_again(request)
        elif not any(part in path for part in BY_ITSELF) and now - request.session[SEEN] > EVERY:
            request.session[SEEN] = now
        response = self.get_response(request)
        if not is_somebodys(request):
            response.headers["Clear-Site-Data"] = '"cache"'
        elif last_proof(request) > proved:
            renew(request)
        return response


def is_somebodys(request: HttpRequest) -> bool:
    """Return whether somebody is logged in, without asking who."""
    return bool(request.session.session_key) and SESSION_KEY in request.session


def last_proof(request: HttpRequest) -> float:
    """Return when somebody last proved in this session who they are, 0 if never."""
    records = get_authentication_records(request, request.user)
    return max((record.get("at", 0.0) for record in records), default=0.0)


def renew(request: HttpRequest) -> None:
    """Give the session another key after a proof: the one before opens nothing any more."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def is_over(request: HttpRequest, now: float) -> bool:
    """Return whether a session has lasted, or stood unused, for too long; one without a beginning begins now."""
    session = request.session
    if BEGAN not in session:
        session[BEGAN] = session[SEEN] = now
    return bool(
        now - session[BEGAN] > settings.SESSION_COOKIE_AGE or now - session[SEEN] > settings.SESSION_IDLE_SECONDS
    )


def is_stale(request: HttpRequest, now: float) -> bool:
    """Return whether the person's last proof is long ago; not where there is nothing to prove it by again."""
    return now - last_proof(request) > FRESH and bool(get_adapter().get_reauthentication_methods(request.user))


def ask_again(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to where the person proves who it is; what was sent isn't kept, it may hold a password."""
    address = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    return HttpResponseRedirect(f"{address}?{urlencode({'next': request.get_full_path()})}")


def connect() -> None:
    """Listen to log-ins."""
    signals.user_logged_in.connect(_begin, dispatch_uid="portal.accounts.lifetimes")


def _begin(request: HttpRequest, **more: object) -> None:
    request.session[BEGAN] = request.session[SEEN] = time.time()
