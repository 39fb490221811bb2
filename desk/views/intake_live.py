"""What the intake page asks for while it is filled in: parts of itself, made here as the whole page is."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from desk.actors import Actor
from desk.counter.traced import trace_known
from desk.forms.filling import offered, refilled
from desk.forms.guiding import guide
from desk.forms.intake import IntakeForm
from desk.refusals import Invalid
from desk.views.doors import desk_view
from desk.views.intake import procedure_with, promise

PARTS = ("summary", "matter", "people")


@require_POST
@desk_view
def live(request: HttpRequest, by: Actor, at: dt.datetime, procedure: str) -> HttpResponse:
    """Return parts of the page for what stands in the form now; 204 where nothing can be said of it.

    `part`: «summary» the promise and the offer to fill in; «matter» what hangs on case and channel too; «people» the
    people, filled in as the button says.
    """
    row = procedure_with(procedure)
    data: QueryDict = request.POST
    part, filled = data.get("part", ""), None
    if part not in PARTS:
        return HttpResponse(status=400)
    try:
        if part == "people":
            data, filled = refilled(IntakeForm(row, by, at, data), data)
        form = IntakeForm(row, by, at, data)
    except Invalid:
        return HttpResponse(status=204)
    form.is_right_so_far()
    promised = promise(form, at)
    form.warn()
    offers = [filled] if filled else offered(form, request.POST)
    trace_known(offers, None, by, at)
    context = {"form": form, "procedure": row, "promise": promised, "part": part, "offers": offers}
    context |= guide(form, promised)
    return render(request, "desk/intake_live.html", context)
