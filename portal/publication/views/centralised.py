"""«Already / not yet centralised»: which procedures are on a ministry's system on a day, by ministry."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from catalogue.editing.reach import editing_reach
from catalogue.models import Procedure, ProcedureRoute
from desk.public import MOST, sent_as
from portal.publication.centralised import NOBODY, by_ministry, moved, routes_on
from portal.publication.doors import draw, for_editors, page_of
from portal.publication.kinds import edit_url, name_of
from portal.publication.narrowing import Narrowing

SIDES = {"already": True, "not-yet": False}


class DayForm(forms.Form):
    """The day of which the list is."""

    on = forms.DateField(
        label=gettext_lazy("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: QueryDict, day: dt.date) -> None:
        asked = {"on": data.get("on") or day.isoformat()}
        super().__init__(asked, auto_id="narrow_%s")
        self.day = day
        if self.is_valid():
            self.day = self.cleaned_data["on"]


@require_safe
@for_editors
def board(request: HttpRequest, day: dt.date) -> HttpResponse:
    """Show how many procedures of each ministry are on a ministry's system on a day."""
    narrowing, on = Narrowing(request.GET, request.user, day), DayForm(request.GET, day)
    ministries = by_ministry(_rows(narrowing), on.day)
    if request.GET.get("export"):
        columns = [_("Ministry"), _("Procedures"), _("Already centralised"), _("Not yet centralised")]
        table = ([each.name, each.total, each.already, each.not_yet] for each in ministries)
        return sent_as(request.GET["export"], f"tap-trung-theo-bo-{on.day:%Y%m%d}", columns, table)
    return draw(
        request,
        "centralised",
        title=_("On ministries' systems"),
        subtitle=_("as of %(day)s") % {"day": date_format(on.day, "d/m/Y")},
        here="centralised",
        form=narrowing,
        day_form=on,
        ministries=ministries,
        total=sum(each.total for each in ministries),
        already=sum(each.already for each in ministries),
        not_yet=sum(each.not_yet for each in ministries),
        may_propose=editing_reach(request.user, day).is_whole,
    )


def _rows(narrowing: Narrowing) -> QuerySet[Procedure]:
    return narrowing.procedures().filter(live=True)


@require_safe
@for_editors
def listing(request: HttpRequest, day: dt.date) -> HttpResponse:
    """List the procedures behind a figure (`?issuer=…&side=already|not-yet`), with system, day and announcement."""
    narrowing, on = Narrowing(request.GET, request.user, day), DayForm(request.GET, day)
    rows = _rows(narrowing)
    issuer, side = request.GET.get("issuer", ""), request.GET.get("side", "")
    if side and side not in SIDES:
        raise Http404
    if issuer:
        rows = rows.filter(issuer="" if issuer == NOBODY else issuer)
    if side:
        rows = rows.filter(moved(on.day)) if SIDES[side] else rows.exclude(moved(on.day))
    rows = rows.select_related("field").order_by("issuer", "-importance", "code")
    if request.GET.get("export"):
        found = list(rows[:MOST])
        table = (_cells(line) for line in _lines(found, on.day))
        return sent_as(request.GET["export"], f"tap-trung-{on.day:%Y%m%d}", _columns(), table)
    page = page_of(request, rows)
    titles = {
        "already": _("Already centralised, as of %(day)s"),
        "not-yet": _("Not yet centralised, as of %(day)s"),
        "": _("Already and not yet centralised, as of %(day)s"),
    }
    return draw(
        request,
        "centralised_list",
        title=titles[side] % {"day": date_format(on.day, "d/m/Y")},
        subtitle=_("not named") if issuer == NOBODY else issuer,
        here="centralised",
        form=narrowing,
        day_form=on,
        page=page,
        lines=_lines(list(page.object_list), on.day),
        issuer=issuer,
        side=side,
    )


def _lines(rows: list[Any], day: dt.date) -> list[dict[str, Any]]:
    routes = routes_on([row.pk for row in rows], day)
    return [{"row": row, "name": name_of(row), "url": edit_url(row), "routes": routes.get(row.pk, [])} for row in rows]


def _columns() -> list[str]:
    names = [_("Code"), _("Name"), _("Field"), _("Ministry"), _("Centralised"), _("System"), _("Level")]
    return [*names, _("From"), _("Until"), _("Announced by")]


def _cells(line: dict[str, Any]) -> list[Any]:
    row, routes = line["row"], line["routes"]
    told = [row.code, row.name_vi, row.field.name_vi, row.issuer, _("already") if routes else _("not yet")]
    return [*told, *_route_cells(routes)]


def _route_cells(routes: list[ProcedureRoute]) -> list[str]:
    def joined(*values: str) -> str:
        return "; ".join(dict.fromkeys(value for value in values if value))

    def days(*found: dt.date | None) -> str:
        return joined(*[date_format(day, "d/m/Y") for day in found if day])

    return [
        joined(*[route.system for route in routes]),
        joined(*[str(route.get_level_display()) for route in routes]),
        days(*[route.valid_from for route in routes]),
        days(*[route.valid_to for route in routes]),
        joined(*[route.announced_by for route in routes]),
    ]
