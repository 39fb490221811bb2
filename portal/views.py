"""Views that are no page: the front door, previews, reports of mistakes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.models import Centre, Notice, Procedure
from portal.frame import frame
from portal.reports import PageReportForm


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Send the reader to the front page in the language that the browser asks for, else in Vietnamese."""
    asked = request.headers.get("Accept-Language", "")
    language = translation.get_language_from_request(request) if asked else settings.LANGUAGE_CODE
    response = HttpResponseRedirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where the sitemap is and what isn't for them."""
    lines = [
        "User-agent: *",
        "Disallow: /cms/",
        "Disallow: /desk/",
        "Disallow: /*/report/",
        "Disallow: /t/",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def preview(request: HttpRequest, row: object, language: str) -> HttpResponse:
    """Draw the public page of a draft in one language; the settings name this view for the catalogue."""
    from portal import notice_preview
    from portal.centres import views as centres
    from portal.procedures import views as procedures

    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        if isinstance(row, Procedure):
            response = procedures.draft(request, row)
        elif isinstance(row, Centre):
            response = centres.draft(request, row)
        elif isinstance(row, Notice):
            response = notice_preview.draft(request, row)
        else:
            raise TypeError(f"There is no public page for a {type(row).__name__}.")
        return response.render() if hasattr(response, "render") else response


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Take a report of a mistake on a page; nothing about the reader is kept but what he writes."""
    language = get_language() or settings.LANGUAGE_CODE
    urls = {code: f"/{code}/report/" for code, _name in settings.LANGUAGES}
    form = PageReportForm(request.POST or None, initial={"address": request.GET.get("page", "")[:500]})
    sent = request.GET.get("sent") == "1"
    if request.method == "POST" and form.is_valid():
        form.instance.language = language
        form.save()
        return HttpResponseRedirect(f"{urls[language]}?sent=1")
    context = {"form": form, "sent": sent, **frame(request, title=_("Report a mistake"), urls=urls)}
    return render(request, "portal/report.html", context, status=400 if form.errors else 200)
