"""Publication decisions: which came into the national database in time, and which wait to be recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.public import WorkCalendar, sent_as, work_calendar
from portal.publication.doors import draw, for_editors, page_of
from portal.publication.kinds import edit_url
from portal.publication.narrowing import Narrowing
from portal.publication.sending import Issuer, Sent, days_allowed, issuer_of, sending


@require_safe
@for_editors
def listing(request: HttpRequest, day: dt.date) -> HttpResponse:
    """List decisions by state (`?state=`) and by whose they are (`?whose=`), those that are late longest first."""
    narrowing = Narrowing(request.GET, request.user, day, but=("agency", "field", "level"))
    state, whose = request.GET.get("state", ""), request.GET.get("whose", "")
    if (state and state not in Sent.values) or (whose and whose not in Issuer.values):
        raise Http404
    lines = _lines(narrowing, day, state, whose)
    if request.GET.get("export"):
        return sent_as(request.GET["export"], "cap-nhat-co-so-du-lieu-quoc-gia", _columns(), map(_cells, lines))
    return draw(
        request,
        "decisions",
        title=_("Decisions in the national database"),
        subtitle=str(Sent(state).label) if state else "",
        here="decisions",
        form=narrowing,
        page=page_of(request, lines),
        states=Sent.choices,
        whose_choices=Issuer.choices,
        state=state,
        whose=whose,
    )


def _lines(narrowing: Narrowing, day: dt.date, state: str, whose: str) -> list[dict[str, Any]]:
    calendar: WorkCalendar = work_calendar()
    lines: list[dict[str, Any]] = []
    for row in narrowing.decisions().order_by("number"):
        stands, issuer = sending(row, calendar, day), issuer_of(row)
        if (state and stands.state != state) or (whose and issuer != whose):
            continue
        allowed = days_allowed(row)
        lines.append({"row": row, "stands": stands, "issuer": issuer, "allowed": allowed, "url": edit_url(row)})
    order = list(Sent)
    lines.sort(key=lambda line: (order.index(line["stands"].state), -line["stands"].days, line["row"].number))
    return lines


def _columns() -> list[str]:
    return [
        _("Decision number"),
        _("Issued by"),
        _("Signed on"),
        _("Working days allowed"),
        _("Last day in time"),
        _("In the national base since"),
        _("State"),
        _("Working days late or left"),
    ]


def _cells(line: dict[str, Any]) -> list[Any]:
    row, stands = line["row"], line["stands"]
    return [
        row.number,
        row.issuer,
        _day(row.signed_on),
        line["allowed"],
        _day(stands.due_on),
        _day(row.sent_on),
        str(stands.state.label),
        stands.days,
    ]


def _day(day: dt.date | None) -> str:
    return date_format(day, "d/m/Y") if day else ""
