"""Whoever opens a dossier that isn't their own work says why first, once a day."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.own_site import is_own
from desk.access import get_shut_dossier
from desk.actors import Actor
from desk.forms.why import WhyForm
from desk.own import own_post
from desk.tracing import give_reason, has_reason
from desk.views.doors import desk_view, draw


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def why(request: HttpRequest, by: Actor, at: dt.datetime, code: str) -> HttpResponse:
    """Ask for the reason, keep it for the day, and go on to what was asked for; nothing of its people is shown here."""
    row = get_shut_dossier(by, code)
    page = row.get_absolute_url()
    asked = request.POST.get("next", request.GET.get("next", ""))
    # Only what belongs to this very dossier: the reason is given for it alone.
    back = asked if asked.startswith(page) and is_own(request, asked) else page
    if own_post(row, by, at) is not None or has_reason(row, by, at):
        return redirect(back)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        give_reason(row, by, at, why=form.cleaned_data["why"], text=form.cleaned_data["text"])
        return redirect(back)
    more = {"form": form, "dossier": row, "back": back}
    return draw(
        request, by, "why", title=_("Why do you open this dossier?"), status=400 if form.errors else 200, **more
    )
