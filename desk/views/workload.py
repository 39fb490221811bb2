"""What lies on whose desk, for heads and supervisors; much of it given to another at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk import queues
from desk.actors import Actor
from desk.explaining import day_text
from desk.forms.queue import QueueForm
from desk.forms.table import BULK_FORMS
from desk.leave.arranging import day_of
from desk.views.bulk import ask, readable
from desk.views.doors import desk_view, draw
from desk.workload import charts
from desk.workload.reading import workload as read

ACT = "reassign"


@require_safe
@desk_view
def workload(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Show the figures of one agency, or of all that somebody is over."""
    asked = request.GET.get("agency", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise Http404(_("There is no such agency"))
    page = read(by, at, int(asked) if asked else None)
    if page is None:
        raise Http404(_("There is no such agency"))
    more: dict[str, Any] = {
        "page": page,
        "bars": charts.bars(page.who.lines),
        "days": charts.columns(page.days.lines),
        "day": day_text(day_of(at)),
        "here": "workload",
    }
    return draw(request, by, "workload", title=_("Workload"), **more)


@require_safe
@desk_view
def hand_out(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Ask to whom the most pressing dossiers of a list go; the bulk act then does it, a result a row."""
    page = queues.page(QueueForm(request.GET, by).chosen(at), size=queues.MOST)
    if not page.rows:
        messages.warning(request, _("There is nothing to give to somebody else."))
        return redirect("desk:workload")
    if page.next_cursor:
        text = _("These are the %(most)d most pressing ones: come back for the rest when they are given.")
        messages.info(request, text % {"most": queues.MOST})
    found = readable(by).in_bulk([row.pk for row in page.rows])
    dossiers = [found[row.pk] for row in page.rows if row.pk in found]
    form = BULK_FORMS[ACT](dossiers, by, at, act=ACT)
    agency = request.GET.get("agency", "")
    back = reverse("desk:workload") + (f"?agency={agency}" if agency.isascii() and agency.isdigit() else "")
    return ask(request, by, ACT, form, dossiers, back=back, here="workload")
