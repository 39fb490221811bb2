"""Who comes in to the desk, at what moment and in which language; what every page has around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalogue.own_site import is_own
from desk.actors import Actor, officer
from desk.permissions import opened_by, opens
from desk.tracing import NotTracedError, ReasonNeededError

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
"""The languages of the desk; people outside are served in more."""
KEPT_AS = "desk_language"

View = Callable[..., HttpResponseBase]


def desk_view(view: View) -> View:
    """Open a view to whom its row of `desk/permissions.py` names: it gets the actor `by` and one moment `at`.

    A stranger is sent to log in; whoever has no post reads what to do (403), and so does whose post isn't in the row of
    the address. No cache keeps what it shows.
    """

    @login_required
    @wraps(view)
    def opened(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        at = timezone.now()
        with translation.override(language_of(request)):
            by = officer(request.user, at)
            response = _answer(view, request, by=by, at=at, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return opened


def spoken(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view that reads the person itself answer in the language that the person chose; no cache keeps it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(language_of(request)):
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answered


def _answer(view: View, request: HttpRequest, *, by: Actor, **kwargs: Any) -> HttpResponseBase:
    if not by.posts:
        return draw(request, by, "no_post", title=_("You have no post at the desk"), status=403)
    try:
        if not opens(name_of(request), by):
            raise PermissionDenied
        return traced(view)(request, by=by, **kwargs)
    except Http404 as missing:
        title = str(missing) or _("There is no such dossier")
        return draw(request, by, "refused", title=title, is_missing=True, status=404)
    except PermissionDenied:
        return draw(request, by, "refused", title=_("Your post doesn't allow this"), status=403)


def name_of(request: HttpRequest) -> str:
    """Return the name of the address in `desk/urls.py`: that of its row."""
    assert request.resolver_match is not None
    return request.resolver_match.url_name or ""


def traced(view: View) -> View:
    """Ask why first where a dossier isn't the reader's own, and keep it shut where the reading can't be noted (503)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ReasonNeededError as asked:
            address = reverse("desk:why", kwargs={"code": asked.dossier.code})
            return redirect(f"{address}?{urlencode({'next': way_back(request, asked.dossier.get_absolute_url())})}")
        except NotTracedError:
            by = kwargs.get("by") or officer(request.user, timezone.now())
            title = _("It can't be noted now who opens this dossier, so it stays shut")
            return draw(request, by, "refused", title=title, is_untraced=True, status=503)

    return answered


def way_back(request: HttpRequest, page: str) -> str:
    """Return where to go on after the reason: what was asked for, or the page whose form was sent."""
    if request.method != "POST":
        return request.get_full_path()
    match = request.resolver_match
    return request.path if match is not None and match.url_name in ("act", "files") else page


def language_of(request: HttpRequest) -> str:
    """Return the language that the person has chosen, else Vietnamese."""
    chosen = request.session.get(KEPT_AS, "vi")
    return chosen if chosen in LANGUAGES else "vi"


def draw(request: HttpRequest, by: Actor, name: str, *, title: str, status: int = 200, **more: Any) -> HttpResponse:
    """Draw a page of the desk inside its frame."""
    context: dict[str, Any] = {
        "title": title,
        "by": by,
        "post": by.posts[0] if by.posts else None,
        "opens": opened_by(by),
        "languages": LANGUAGES,
        "language": translation.get_language(),
        **more,
    }
    return render(request, f"desk/{name}.html", context, status=status)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session, whoever it is of, and lead to where one logs in."""
    logout(request)
    return redirect_to_login(reverse("desk:today"))


@login_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language that somebody wants to read the desk in."""
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        request.session[KEPT_AS] = chosen
    back = request.POST.get("next", "")
    # As an address, never as the name of a view, which `redirect` would look for.
    return HttpResponseRedirect(back if is_own(request, back) else reverse("desk:today"))
