"""Intake: find the procedure, then one page from which a receipt, a request for more or a refusal comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.models import AdministrativeUnit, Procedure
from catalogue.opening import ZONE
from desk.actors import Actor
from desk.deciding import centres_of
from desk.forms.base import set_date
from desk.forms.intake import DOES, IntakeForm
from desk.forms.people import country_names
from desk.forms.shadows import ShadowForm
from desk.models import Dossier
from desk.permissions import AT_THE_COUNTER
from desk.preview import Preview, preview
from desk.refusals import Invalid, RouteMoved
from desk.routes import require_provincial
from desk.slips.from_dossier import FORM_OF_ACT
from desk.states import State
from desk.views.doors import desk_view, draw
from search import public as search

FOUND = 20


@require_safe
@desk_view
def start(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Find a procedure by words or by its code."""
    require_counter(by)
    text = request.GET.get("q", "").strip()[:300]
    found = find_procedures(text) if text else []
    return draw(request, by, "intake_start", title=_("New dossier"), q=text, found=found, here="intake")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def intake(request: HttpRequest, by: Actor, at: dt.datetime, procedure: str) -> HttpResponse:
    """Take a dossier in: check, receive, register and ask for more, or refuse."""
    require_counter(by)
    row = procedure_with(procedure)
    data = request.POST if request.method == "POST" else None
    try:
        form = IntakeForm(row, by, at, data)
        require_provincial(row, form.day, form.agency) if form.agency else None
        dossier = enter(request, form) if form.do in DOES[1:] else None
        if dossier:
            return redirect(dossier)
    except RouteMoved as moved:
        return draw_moved(request, by, ShadowForm(row, moved.system, by, at, typed=data), moved.url)
    except Invalid as refusal:
        return draw(request, by, "intake_refused", title=_("New dossier"), procedure=row, refusal=refusal, status=409)
    is_right = form.is_bound and form.is_right_so_far()
    page = page_of(form, at)
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
            return None
        try:
            dossier = form.perform()
        except IntegrityError:
            # The same form was sent twice at once: the other one has entered it.
            is_again, dossier = True, form.earlier
            if dossier is None:
                raise
    if dossier and is_again:
        text = _("This form was entered already, as %(code)s: nothing was entered twice.") % {"code": dossier.code}
        messages.warning(request, text)
    elif dossier:
        messages.success(request, entered(dossier))
    return dossier


@require_POST
@desk_view
def moved(request: HttpRequest, by: Actor, at: dt.datetime, procedure: str) -> HttpResponse:
    """Keep a shadow of what was entered on the ministry's system."""
    require_counter(by)
    row = procedure_with(procedure)
    route = row.routes.on(at.astimezone(ZONE).date()).filter(is_provincial=False).first()
    if route is None or not centres_of(by):
        raise Http404
    form = ShadowForm(row, route.system, by, at, request.POST)
    if form.is_whole() and (dossier := form.perform()):
        messages.success(request, _("Noted: %(code)s. It is settled there; here it can be read.") % {"code": dossier})
        return redirect(dossier)
    return draw_moved(request, by, form, route.url, status=400)


def require_counter(by: Actor) -> None:
    """Let in whoever may take dossiers in. Raises PermissionDenied."""
    if not any(post.role in AT_THE_COUNTER for post in by.posts):
        raise PermissionDenied


def procedure_with(code: str) -> Procedure:
    """Return a procedure; one that can't be entered is refused with its reason later. Raises Http404."""
    row = Procedure.objects.select_related("replaced_by").filter(code=code).first()
    if row is None:
        raise Http404
    return row


def find_procedures(text: str) -> list[Procedure]:
    """Return the procedures that words mean, best first; one whose code this is goes before all (two queries)."""
    hits = search.find(text, language=get_language() or "vi", limit=FOUND).hits if search.is_ready() else ()
    codes = [text, *(hit.name for hit in hits)]
    rows = {row.code: row for row in Procedure.objects.live().filter(code__in=codes)}
    return [rows[code] for code in dict.fromkeys(codes) if code in rows]


def page_of(form: IntakeForm, at: dt.datetime) -> dict[str, Any]:
    """Return what the page shows beside the form: the promise, who may be the same, names of communes and countries."""
    promised = promise(form, at)
    if form.is_bound and not form.alike:
        form.warn()
    return {
        "form": form,
        "procedure": form.procedure,
        "promise": promised,
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
    rows = AdministrativeUnit.objects.filter(level="commune", province__code=settings.PROVINCE_CODE, valid_to=None)
    return list(rows.values_list("name", flat=True))


def entered(dossier: Dossier) -> str:
    """Return what to tell after an intake, with the slip to print."""
    if dossier.state == State.RECEIVED and dossier.due_at:
        due = f"{dossier.due_at.astimezone(ZONE):%H:%M %d/%m/%Y}"
        told = _("Received: %(code)s, due %(due)s.") % {"code": dossier.code, "due": due}
    else:
        told = _("Entered: %(code)s, «%(state)s».") % {"code": dossier.code, "state": dossier.get_state_display()}
    event = dossier.events.order_by("number").last()
    form = FORM_OF_ACT.get(event.act) if event else None
    if event is None or form is None:
        return told
    where = reverse("desk:slip", args=[dossier.code, event.number, form])
    label = _("Print the receipt") if dossier.state == State.RECEIVED else _("Print the slip")
    return format_html('{} <a class="btn" href="{}" accesskey="i">{} <kbd>Alt I</kbd></a>', told, where, label)


def draw_moved(request: HttpRequest, by: Actor, form: ShadowForm, url: str, status: int = 200) -> HttpResponse:
    """Explain where the procedure is submitted now, and take the code that was given there."""
    more = {"form": form, "procedure": form.procedure, "url": url, "places": places(), "here": "intake"}
    more["countries"] = country_names()
    return draw(request, by, "intake_moved", title=_("Submitted on a ministry's system"), status=status, **more)
