"""Pages of errors: what to do, in the reader's language, and a number for who asks for help. Nothing of what happened.

None needs the database but the page of an unknown address, which does without where there is none. The API's are JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from catalogue.audit import note, number
from portal.accounts import language as chosen_language
from portal.frame import frame

MACHINES = "/api/"
OWN_LANGUAGE = ("/accounts/", "/cms/", "/desk/")
"""Where the language is the one that the person has chosen."""
PLACES = {
    "/desk/": gettext_noop("Dossier desk"),
    "/cms/": gettext_noop("Editing"),
    "/accounts/": gettext_noop("Log in"),
}
MISSING = "access.missing"
REFUSED = {403: "access.refused", 404: MISSING}
"""What the audit calls an answer that shows nothing."""
AGAIN_IN = 60
"""Seconds after which to try again what doesn't answer now."""


@dataclass(frozen=True)
class Words:
    """What an error page says, before it is translated."""

    title: str
    advice: str


TRY_AGAIN = gettext_noop("Go back, load the page again and try once more.")
WORDS = {
    400: Words(gettext_noop("This can't be read"), TRY_AGAIN),
    403: Words(
        gettext_noop("This isn't open to you"),
        gettext_noop("Log in with the right account, or ask who looks after your office's accounts."),
    ),
    405: Words(
        gettext_noop("This address can't do that"), gettext_noop("Go back and use the buttons of the page itself.")
    ),
    413: Words(
        gettext_noop("This is too large"), gettext_noop("Send less at once: a smaller file, or fewer rows at a time.")
    ),
    429: Words(
        gettext_noop("Too much at once from your network"),
        gettext_noop("Wait a minute, then try again. Pages that many people read stay open to you meanwhile."),
    ),
    500: Words(
        gettext_noop("Something went wrong here"),
        gettext_noop("The fault is ours, not yours. Try again in a few minutes, or call or visit your centre."),
    ),
    503: Words(
        gettext_noop("This doesn't work just now"),
        gettext_noop("The fault is ours, not yours. Try again in a few minutes, or call or visit your centre."),
    ),
}
FORGED = Words(
    gettext_noop("This form is too old"),
    gettext_noop(
        "It lay open too long, or the browser keeps no cookies. Go back, load the page again and send it once more."
    ),
)
FOR_MACHINES = {
    400: "This request can't be read.",
    403: "This isn't open to you.",
    404: "There is nothing at this address.",
    405: "This address can't do that.",
    413: "This is too large.",
    429: "Too many requests from your network in this minute. Whole tables: /api/v1/downloads/datapackage.json.",
    500: "Something went wrong here. It has been recorded.",
    503: "This doesn't work just now. Try again in a minute.",
}


def told(request: HttpRequest, status: int, words: Words | None = None) -> HttpResponse:
    """Return the answer of an error: JSON to machines, else a page that needs nothing but itself."""
    if request.path_info.startswith(MACHINES):
        response: HttpResponse = JsonResponse({"detail": FOR_MACHINES[status], "number": number()}, status=status)
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        with translation.override(language_of(request)):
            response = HttpResponse(_drawn(request, words or WORDS[status]), status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _drawn(request: HttpRequest, words: Words) -> str:
    place = next((start for start in PLACES if request.path_info.startswith(start)), "")
    language = get_language()
    try:
        style = static("portal/portal.css")
    except ValueError:  # Nobody has collected the assets: it is told without looks.
        style = ""
    context = {
        "language": language,
        "title": _(words.title),
        "advice": _(words.advice),
        "number": number(),
        "style": style,
        "way": place or f"/{language}/",
        "way_name": _(PLACES[place]) if place else _("Front page"),
    }
    return render_to_string("error.html", context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what can't be read; what is larger than Django reads is told as that."""
    return told(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer who may not."""
    return told(request, 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its mark against forgery, most often an old one; the reason is in the log alone."""
    return told(request, 403, FORGED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, in the reader's language, with ways on."""
    if request.path_info.startswith(MACHINES):
        return told(request, 404)
    with translation.override(language_of(request)):
        response = render(request, "404.html", _frame(request, _("There is no such page")), status=404)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong; 503 where it is the database that doesn't answer."""
    if isinstance(sys.exc_info()[1], InterfaceError | OperationalError):
        response = told(request, 503)
        response.headers["Retry-After"] = str(AGAIN_IN)
        return response
    return told(request, 500)


def language_of(request: HttpRequest) -> str:
    """Return the language of the address, or the one that was chosen, or the browser's; reads no database."""
    path = request.path_info
    first = path.strip("/").split("/", 1)[0]
    if first in dict(settings.LANGUAGES):
        return first
    if path.startswith(OWN_LANGUAGE):
        # Only what was read of the session before the error: what failed may be the database.
        known = getattr(getattr(request, "session", None), "_session_cache", {})
        chosen = known.get(chosen_language.KEPT_AS)
        return chosen if chosen in chosen_language.LANGUAGES else settings.LANGUAGE_CODE
    asked = request.headers.get("Accept-Language", "")
    return translation.get_language_from_request(request) if asked else settings.LANGUAGE_CODE


def _frame(request: HttpRequest, title: str) -> dict[str, object]:
    """Return the frame of the page of an unknown address, which repeats nothing of the address."""
    urls = {code: f"/{code}/" for code, _name in settings.LANGUAGES}
    try:
        found = frame(request, title=title, urls=urls)
    except DatabaseError:
        found = {"site_title": title, "language": get_language()}
    return {**found, "canonical": "", "is_secret": True, "number": number()}


class ErrorPages:
    """Draw what Django answers without a page, and write down who was refused what."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; a wrong method gets a page of its own, with the methods that are right."""
        response = self.get_response(request)
        if response.status_code in REFUSED:
            note_refusal(request, REFUSED[response.status_code])
        if response.status_code != 405 or not isinstance(response, HttpResponse) or response.content:
            return response
        page = told(request, 405)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page


def note_refusal(request: HttpRequest, event: str) -> None:
    """Write down a refusal: whose, and of which route; what isn't there only where officers ask for dossiers.

    The code of a dossier is told where there is one: of a 404 it would be what somebody typed.
    """
    match, user = request.resolver_match, getattr(request, "user", None)
    code = match.kwargs.get("code", "") if match and match.namespace == "desk" else ""
    if event == MISSING and not code:
        return
    ids = {"dossier": code} if code and event != MISSING else {}
    route = match.view_name if match else ""
    note("portal", event, user=getattr(user, "pk", None), route=route, method=request.method, **ids)
