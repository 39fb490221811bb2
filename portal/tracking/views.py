"""The pages on which a citizen follows a dossier: by code and number, or by the token of a slip's QR code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from catalogue import closing, opening
from catalogue.audit import note
from catalogue.models import OpeningHours
from catalogue.text import display_name
from desk import public
from portal.centres.hours import times
from portal.frame import frame
from portal.texts import Text
from portal.tracking import tries
from portal.tracking.around import around
from portal.tracking.forms import TrackingForm

View = Callable[..., HttpResponse]


def secret(view: View) -> View:
    """Let nobody keep, find or pass on what a view shows."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return answered


def form_urls() -> dict[str, str]:
    """Return the address of the form in each language."""
    return {code: f"/{code}/tracking/" for code, _name in settings.LANGUAGES}


# Nothing is changed and nobody is logged in, so a forged request gains nothing; the check would cost a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Ask for code and ending (a page for everybody), or show the dossier."""
    if request.method == "POST":
        return answer(request)
    return draw_form(request, TrackingForm())


@secret
def answer(request: HttpRequest) -> HttpResponse:
    """Show the dossier, or why it isn't shown: in the same words whether or not there is such a code."""
    at = timezone.now()
    form = TrackingForm(request.POST)
    if not form.is_valid():
        return draw_form(request, form, status=400)
    code, ending = form.cleaned_data["code"], form.cleaned_data["ending"]
    if tries.are_used_up(request, public.plain_code(code), at):
        note("portal", "limit.reached", limit="tracking")
        response = draw_form(request, form, status=429, are_used_up=True)
        response.headers["Retry-After"] = str(settings.TRACKING_SECONDS)
        return response
    found = public.track(code, ending, at)
    if found is None:
        tries.count_wrong(request, public.plain_code(code), at)
        note("portal", "tracking.wrong_try")
        return draw_form(request, form, status=400, is_wrong=True)
    return draw(request, found, form_urls())


@require_safe
@secret
def by_token(request: HttpRequest, token: str) -> HttpResponse:
    """Show the dossier of a QR code, in the language that is asked for, else the browser's."""
    with translation.override(language_of(request)):
        found = public.track_token(token, timezone.now())
        if found is None:
            return draw_form(request, TrackingForm(), status=404, is_unknown=True)
        return draw(request, found, {code: f"/t/{token}?lang={code}" for code, _name in settings.LANGUAGES})


@require_safe
@secret
def slip(request: HttpRequest, token: str, number: int, form: str) -> HttpResponse:
    """Send a slip that is meant for the applicant, as PDF."""
    pdf = public.slip_pdf(token, number, form, timezone.now())
    if pdf is None:
        raise Http404
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, f"mot-cua-{form}.pdf") or "inline"
    return response


def language_of(request: HttpRequest) -> str:
    """Return the language that the address or the browser asks for, else Vietnamese."""
    asked = request.GET.get("lang", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    told = request.headers.get("Accept-Language", "")
    return translation.get_language_from_request(request) if told else settings.LANGUAGE_CODE


def draw_form(request: HttpRequest, form: TrackingForm, *, status: int = 200, **more: bool) -> HttpResponse:
    """Draw the form, with what is wrong; a page that nobody may find again says so."""
    is_secret = request.method == "POST" or status != 200
    context = {
        **frame(
            request,
            title=_("Follow my dossier"),
            urls=form_urls(),
            summary=_("Where it is, and until when."),
            **around(),
        ),
        "form": form,
        "action": form_urls()[get_language() or settings.LANGUAGE_CODE],
        "minutes": settings.TRACKING_SECONDS // 60,
        "is_secret": is_secret,
        **more,
    }
    if is_secret:
        context["canonical"] = ""
    return render(request, "portal/tracking/form.html", context, status=status)


def draw(request: HttpRequest, found: public.Tracked, urls: dict[str, str]) -> HttpResponse:
    """Draw a dossier (three queries more for the centre's hours, where the reader has to go there)."""
    context = {
        **frame(request, title=_("Your dossier"), urls=urls, centre=found.centre, **around()),
        "canonical": "",
        "is_secret": True,
        "found": found,
        "procedure": Text(display_name(found.procedure.text), found.procedure.lang),
        "agency": Text(*found.agency),
        "agency_now": Text(*found.agency_now) if found.agency_now else None,
        "came_to": Text(*found.came_to) if found.came_to else None,
        "papers": [Text(*paper) for paper in found.papers],
        "opened": [(Text(*each.agency), each) for each in found.opened],
        "lines": [(Text(*line.label), line) for line in found.lines],
        "centre": found.centre,
        **hours(found),
    }
    return render(request, "portal/tracking/dossier.html", context)


def hours(found: public.Tracked) -> dict[str, object]:
    """Return when the centre is open, where that matters now."""
    if not found.is_at_centre or found.centre is None:
        return {}
    now = timezone.now()
    spans = list(OpeningHours.objects.filter(centre=found.centre, point=None))
    if not spans:
        return times(now, [], [])
    closures = closing.closures_of(found.centre, now.astimezone(opening.ZONE).date())
    return times(now, spans, closing.at_point(closures, None))
