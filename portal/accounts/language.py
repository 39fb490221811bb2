"""The language of the pages of log-in: what somebody chose there or at the desk, else Vietnamese."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST

from catalogue.own_site import is_own

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
KEPT_AS = "desk_language"
"""The desk keeps its language under this name in the session: chosen once, for both."""
PAGES = "/accounts/"


def language_of(request: HttpRequest) -> str:
    """Return the language that the person has chosen, else Vietnamese."""
    chosen = request.session.get(KEPT_AS, "vi")
    return chosen if chosen in LANGUAGES else "vi"


class AccountPages:
    """Answer the pages of log-in in the person's language; no cache keeps them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Wrap the pages under /accounts/, let others through."""
        if not request.path_info.startswith(PAGES):
            return self.get_response(request)
        with translation.override(language_of(request)):
            response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        return response


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language that somebody wants to read, logged in or not."""
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        request.session[KEPT_AS] = chosen
    back = request.POST.get("next", "")
    # As an address, never as the name of a view, which `redirect` would look for.
    return HttpResponseRedirect(back if is_own(request, back) else reverse("account_login"))
