"""What leaves the desk as a workbook: only what its reader may see, and it is written down who took how much."""

from __future__ import annotations

import datetime as dt
import json
import logging
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.models import Agency
from catalogue.opening import ZONE
from desk.actors import Actor
from desk.exporting import MOST, export
from desk.forms.queue import QueueForm
from desk.forms.register import RegisterForm
from desk.models import What
from desk.permissions import REGISTER_READERS, agencies_of
from desk.slips.register import count_rows, received, register_rows
from desk.slips.register_xlsx import register_xlsx
from desk.tracing import leave_traces
from desk.views.doors import desk_view, draw

audit = logging.getLogger("desk.audit")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST = 100
"""Rows of a register that the page shows; the workbook has all."""


@require_safe
@desk_view
def dossiers(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponseBase:
    """Send the list that somebody sees as a workbook; where a filter can't be read, the list says which."""
    form = QueueForm(request.GET, by)
    chosen = form.chosen(at)
    if form.errors:
        return redirect(f"{reverse('desk:queue')}?{request.GET.urlencode()}")
    file, keys = export(chosen, form.shown_columns)
    leave_traces(keys, by, at, What.EXPORT)
    note("dossiers", by, at, len(keys), sorted(name for name in form.changed_data if name != "cols"))
    return FileResponse(file, as_attachment=True, filename=f"ho-so-{local_day(at)}.xlsx", content_type=XLSX)


@require_safe
@desk_view
def register(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Show the beginning of a register (Mẫu số 07) and how many rows it has."""
    form = register_form(request.GET, by, at)
    is_right = form.is_valid()
    period = (form.chosen, form.cleaned_data["first_day"], form.cleaned_data["last_day"]) if is_right else None
    named = {"agency": period[0].pk, "first_day": period[1], "last_day": period[2]} if period else {}
    if period:
        leave_traces(keys_of(*period)[:FIRST], by, at, What.REGISTER)
    return draw(
        request,
        by,
        "register",
        title=_("Register of dossiers (form 07)"),
        here="register",
        status=200 if is_right else 400,
        form=form,
        agency=period[0] if period else None,
        rows=list(islice(register_rows(*period), FIRST)) if period else [],
        count=count_rows(*period) if period else 0,
        first=FIRST,
        most=MOST,
        download=urlencode(named),
    )


@require_safe
@desk_view
def register_file(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Send a register as a workbook."""
    form = register_form(request.GET, by, at)
    if not form.is_valid():
        return redirect(f"{reverse('desk:register')}?{request.GET.urlencode()}")
    first, last = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
    number = count_rows(form.chosen, first, last)
    if number > MOST:
        return redirect(f"{reverse('desk:register')}?{request.GET.urlencode()}")
    leave_traces(keys_of(form.chosen, first, last), by, at, What.EXPORT)
    response = HttpResponse(register_xlsx(register_rows(form.chosen, first, last)), content_type=XLSX)
    name = f"so-theo-doi-{form.chosen.identifier or form.chosen.pk}-{first:%Y%m%d}-{last:%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    note("register", by, at, number, ["agency", "first_day", "last_day"], agency=form.chosen.pk)
    return response


def register_form(data: QueryDict, by: Actor, at: dt.datetime) -> RegisterForm:
    """Return the form of a register. Raises Http404 for another agency's."""
    agencies = agencies_of("register", by)
    named = data.get("agency", "")
    if named.isascii() and named.isdigit() and int(named[:19]) not in agencies:
        raise Http404(_("There is no such register"))
    own = next(post.agency_id for post in by.posts if post.role in REGISTER_READERS)
    return RegisterForm(data, agencies, own, at.astimezone(ZONE).date())


def keys_of(agency: Agency, first: dt.date, last: dt.date) -> Any:
    """Return the keys of a register's dossiers in its order."""
    return received(agency, first, last).order_by("received_at", "pk").values_list("pk", flat=True)


def note(what: str, by: Actor, at: dt.datetime, rows: int, narrowed: list[str], **more: int) -> None:
    """Write down who took how many rows, and by which filters; not what they looked for."""
    line = {"event": f"desk.exported.{what}", "user": by.user_id, "at": at.isoformat(), "rows": rows}
    audit.info(json.dumps({**line, "narrowed_by": narrowed, **more}))


def local_day(at: dt.datetime) -> str:
    """Return a local day for a file's name."""
    return f"{at.astimezone(ZONE):%Y%m%d-%H%M}"
