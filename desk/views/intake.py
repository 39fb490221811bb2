"""Intake: one page from which a receipt, a request for more or a refusal comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalogue.models import AdministrativeUnit, Procedure
from catalogue.opening import ZONE
from desk.actors import Actor
from desk.counter import scans, usual
from desk.counter.traced import trace_known
from desk.deciding import centres_of
from desk.forms.base import set_date
from desk.forms.filling import offered, refilled
from desk.forms.guiding import guide, point
from desk.forms.intake import DOES, IntakeForm
from desk.forms.people import country_names
from desk.forms.shadows import ShadowForm
from desk.models import Dossier
from desk.preview import Preview, preview
from desk.refusals import Invalid, RouteMoved
from desk.routes import require_provincial
from desk.views.doors import desk_view, draw
from desk.views.intake_start import again
from desk.views.intake_told import told_after
from desk.views_files import bounded_by

SHOWN = 5
"""How many shadows are shown of a procedure that is settled elsewhere."""


def too_much() -> str:
    """Return the refusal of files that are too large together."""
    told = _("All files together are larger than %(limit)s MB: receive the dossier, then add the others on its page.")
    return told % {"limit": scans.most_bytes() // 1_000_000}


@bounded_by(scans.most_bytes, too_much)
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def intake(request: HttpRequest, by: Actor, at: dt.datetime, procedure: str) -> HttpResponse:
    """Take a dossier in: check, receive, register and ask for more, or refuse."""
    row = procedure_with(procedure)
    data: QueryDict | None = request.POST if request.method == "POST" else None
    of = again(request, by) if data is None else None
    filled = None
    try:
        form = IntakeForm(row, by, at, data, request.FILES if data is not None else None, of=of)
        if data is not None and form.do == "check":
            data, filled = refilled(form, data)
            form = IntakeForm(row, by, at, data, request.FILES)
        require_provincial(row, form.day, form.agency) if form.agency else None
        dossier = enter(request, form) if form.do in DOES[1:] else None
        if dossier:
            usual.remember(request.session, row)
            return redirect(dossier)
    except RouteMoved as moved:
        return draw_moved(request, by, ShadowForm(row, moved.system, by, at, typed=data), moved.url)
    except Invalid as refusal:
        return draw(request, by, "intake_refused", title=_("New dossier"), procedure=row, refusal=refusal, status=409)
    is_right = form.is_bound and form.is_right_so_far()
    page = page_of(form, at) | {
        "of": of,
        "is_blank": data is None and of is None,
        "offers": [filled] if filled else offered(form, data) if data else [],
    }
    trace_known(page["offers"], of, by, at)
    point(form)
    is_right = is_right and form.is_valid() and form.do == "check"
    return draw(
        request,
        by,
        "intake",
        title=row.list_name,
        status=400 if form.is_bound and not is_right else 200,
        is_wrong=form.is_bound and not is_right,
        **page,
    )


def enter(request: HttpRequest, form: IntakeForm) -> Dossier | None:
    """Take in what is whole, once: what was sent before is led to. None where the form says why not."""
    is_again, dossier = True, form.earlier
    if dossier is None:
        is_again = False
        if not form.is_whole():
            return None
        promise(form, form.at)
        form.warn()
        if not form.is_valid():
            # What is alike may be this very form, entered meanwhile by another sending of it.
            dossier = form.earlier if form.alike else None
            if dossier is None:
                return None
            is_again = True
        try:
            dossier = dossier or form.perform()
        except IntegrityError:
            # The same form was sent twice at once: the other one has entered it.
            is_again, dossier = True, form.earlier
            if dossier is None:
                raise
    if dossier and is_again:
        text = _("This form was entered already, as %(code)s: nothing was entered twice.") % {"code": dossier.code}
        messages.warning(request, text)
    elif dossier:
        messages.success(request, told_after(dossier))
    return dossier


@require_POST
@desk_view
def moved(request: HttpRequest, by: Actor, at: dt.datetime, procedure: str) -> HttpResponse:
    """Keep a shadow of what was entered on the ministry's system."""
    row = procedure_with(procedure)
    route = row.routes.on(at.astimezone(ZONE).date()).filter(is_provincial=False).first()
    if route is None or not centres_of(by):
        raise Http404
    form = ShadowForm(row, route.system, by, at, request.POST)
    if form.is_whole() and (dossier := form.perform()):
        messages.success(request, _("Noted: %(code)s. It is settled there; here it can be read.") % {"code": dossier})
        return redirect(dossier)
    return draw_moved(request, by, form, route.url, status=400)


def procedure_with(code: str) -> Procedure:
    """Return a procedure; one that can't be entered is refused with its reason later. Raises Http404."""
    # PostgreSQL takes no NUL, not even to look for it.
    row = Procedure.objects.select_related("replaced_by").filter(code=code.replace("\0", "")).first()
    if row is None:
        raise Http404
    return row


def page_of(form: IntakeForm, at: dt.datetime) -> dict[str, Any]:
    """Return what the page shows beside the form: the promise, who may be the same, names of communes and countries."""
    promised = promise(form, at)
    if form.is_bound:
        form.warn()
    return {
        "form": form,
        "procedure": form.procedure,
        "promise": promised,
        **guide(form, promised),
        "places": places(),
        "countries": country_names(),
        "here": "intake",
    }


def promise(form: IntakeForm, at: dt.datetime) -> Preview | None:
    """Return due date and fee as far as what was entered tells; None where nobody is known who decides.

    A date that was set and can't be, or that must be set before it is received, is told at its field.
    """
    agency = form.agency
    if agency is None:
        return None
    data = getattr(form, "cleaned_data", {})
    found = preview(
        form.version,
        form.chosen_centre,
        agency,
        at,
        channel=form.value("channel"),
        day=form.day,
        term_key=data.get("term_key") or "",
        # A day without its text is told at the text; whether the day can be is told all the same.
        due=set_date(data.get("due_on"), data.get("due_text") or "…"),
    )
    is_asked = form.do == "receive" or data.get("due_on")
    if found.needs_date and found.fault and is_asked and "due_on" not in form.errors:
        form.add_error("due_on", found.fault)
    return found


def places() -> list[str]:
    """Return the names of the province's communes of today (one query)."""
    rows = AdministrativeUnit.objects.on(timezone.localdate())
    own = rows.filter(level="commune", province__code=settings.PROVINCE_CODE)
    return list(own.values_list("name", flat=True))


def draw_moved(request: HttpRequest, by: Actor, form: ShadowForm, url: str, status: int = 200) -> HttpResponse:
    """Explain where the procedure is submitted now, and take the code that was given there."""
    more = {"form": form, "procedure": form.procedure, "url": url, "places": places(), "here": "intake"}
    more["countries"] = country_names()
    more["shadows"] = Dossier.objects.visible_to(by).shadows().filter(procedure=form.procedure).order_by("-pk")[:SHOWN]
    more["route"] = usual.moved([form.procedure], form.at).get(form.procedure.pk)
    return draw(request, by, "intake_moved", title=_("Submitted on a ministry's system"), status=status, **more)
