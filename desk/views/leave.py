"""Who is away and who stands in: seen and said by the head of the agency."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalogue.models import Agency
from desk.actors import Actor, name_of
from desk.forms.leave import LeaveForm
from desk.leave.arranging import arranged_at, day_of, end, head_alone
from desk.models import Leave
from desk.permissions import agencies_of
from desk.refusals import ActRefused
from desk.views.doors import desk_view, draw


@desk_view
def leave(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Show who is away now or will be; whoever says so writes another one down."""
    seen = agencies_of("leave", by)
    agencies = list(Agency.objects.filter(pk__in=arranged_at(by, day_of(at))).order_by("name_vi"))
    if request.method == "POST" and not agencies:
        messages.warning(request, head_alone())
        return redirect("desk:leave")
    form = LeaveForm(agencies, by, at, request.POST if request.method == "POST" else None) if agencies else None
    if form and form.is_bound and form.is_valid():
        made = form.arrange()
        if made is not None:
            said = {"name": name_of(made.absent), "substitute": name_of(made.substitute)}
            messages.success(request, _("Written down: %(name)s is away, %(substitute)s stands in.") % said)
            return redirect("desk:leave")
    rows = Leave.objects.filter(agency__in=seen, ended_at=None, last_day__gte=day_of(at))
    rows = rows.select_related("agency", "absent", "substitute").order_by("first_day", "pk")
    more: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "today": day_of(at),
        "has_many": len(seen) > 1,
        "here": "workload",
    }
    more["arranged"] = {each.pk for each in agencies}
    return draw(
        request, by, "leave", title=_("Away and standing in"), status=400 if form and form.errors else 200, **more
    )


@require_POST
@desk_view
def end_leave(request: HttpRequest, by: Actor, at: dt.datetime, pk: int) -> HttpResponse:
    """End a leave now."""
    agencies = arranged_at(by, day_of(at))
    row = Leave.objects.filter(pk=pk, agency__in=agencies).select_related("absent").first()
    if row is None:
        raise Http404(_("There is no such leave"))
    try:
        end(row, by=by, at=at)
    except ActRefused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("%(name)s is back: nobody stands in any more.") % {"name": name_of(row.absent)})
    return redirect("desk:leave")
