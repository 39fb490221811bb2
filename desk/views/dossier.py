"""A dossier's page, and its acts as forms."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from desk.access import get_dossier, get_shut_dossier
from desk.actors import Actor
from desk.forms.base import ActForm
from desk.forms.table import ACT_FORMS
from desk.history import Told, told
from desk.looking import in_words, look
from desk.models import Dossier, DossierEvent, What
from desk.next_acts import LABELS, refusal_of
from desk.permissions import is_allowed
from desk.reading import page_of
from desk.slips.from_dossier import forms_of, make_slip
from desk.undoing import last_event
from desk.views.doors import desk_view, draw


@require_safe
@desk_view
def dossier(request: HttpRequest, by: Actor, at: dt.datetime, code: str) -> HttpResponse:
    """Show a dossier: what to do next, why it is due then, who and what belongs to it, what happened."""
    row = get_dossier(by, code, at, what=What.PAGE)
    others = in_words(look(row, by, at))
    return draw(request, by, "dossier", title=row.code, page=page_of(row, by, at), dossier=row, others=others)


@require_safe
@desk_view
def looking(request: HttpRequest, by: Actor, at: dt.datetime, code: str) -> HttpResponse:
    """Tell a page that stands open who else has the dossier open; `acting`: the form of an act."""
    row = get_shut_dossier(by, code)
    return JsonResponse({"text": in_words(look(row, by, at, is_acting="acting" in request.GET))})


@require_safe
@desk_view
def slip(request: HttpRequest, by: Actor, at: dt.datetime, code: str, number: int, form: str) -> HttpResponse:
    """Print a form from an event; the first time it is opened it gets its number, which stays."""
    event = event_of(code, number)
    if event is None or event.dossier.is_shadow or form not in forms_of(event):
        raise Http404  # Before it is noted that somebody opened it.
    row = get_dossier(by, code, at, what=What.SLIP)
    if row.anonymised_at is not None:
        return draw(request, by, "refused", title=_("This slip can't be printed any more"), is_erased=True, status=410)
    _slip, pdf = make_slip(event, form, at=at)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = content_disposition_header(False, f"{code}-{form}.pdf")
    response.headers["Content-Disposition"] = name or "inline"
    return response


def event_of(code: str, number: int) -> DossierEvent | None:
    """Return an event of a dossier, whoever asks (one query)."""
    rows = DossierEvent.objects.select_related("dossier")
    return None if "\0" in code else rows.filter(dossier__code=code, number=number).first()


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def act(request: HttpRequest, by: Actor, at: dt.datetime, code: str, name: str) -> HttpResponse:
    """Ask what an act needs and do it; what was typed stays where it is refused."""
    if name not in ACT_FORMS:
        raise Http404
    row = get_dossier(by, code, at, what=What.PAGE)
    if not is_allowed(name, row, by):
        if is_outdated(request, row):
            messages.warning(request, _("The dossier has moved on since you opened that page: nothing was done."))
            return redirect(row)
        raise PermissionDenied
    form = ACT_FORMS[name]([row], by, at, request.POST if request.method == "POST" else None, act=name)
    if form.is_bound and form.is_valid() and (after := form.perform()):
        messages.success(request, said(name, after))
        return redirect(after)
    if form.was_faster:
        row = get_dossier(by, code, at, what=What.PAGE)
    form.point()
    more = {
        "form": form,
        "act": name,
        "dossier": row,
        "why_not": refusal_of(name, row, by, at),
        "others": in_words(look(row, by, at, is_acting=True)),
        "is_wrong": form.is_bound,
        "meanwhile": meanwhile(form, row),
        "undoing": undoing(row, by) if name == "undo" else "",
    }
    return draw(request, by, template_of(name), title=str(LABELS[name]), status=400 if form.is_bound else 200, **more)


def is_outdated(request: HttpRequest, row: Dossier) -> bool:
    """Return whether a form was opened before the last thing that happened."""
    seen = request.POST.get("seen", "")
    return seen.isascii() and seen.isdigit() and len(seen) < 10 and int(seen) < row.last_number


def meanwhile(form: ActForm, row: Dossier) -> list[Told]:
    """Return what happened since the person opened the form, where somebody was faster (two queries)."""
    if not form.was_faster:
        return []
    events = row.events.filter(number__gt=form.cleaned_data["seen"]).prefetch_related("texts").order_by("number")
    return told(row, events, form.by)


def undoing(row: Dossier, by: Actor) -> str:
    """Return what was done last, which an undoing would take back (three queries)."""
    last = last_event(row)
    return told(row, [last], by)[0].sentence if last else ""


def template_of(name: str) -> str:
    """Return the template of an act's form: of those that need more than a list of fields, one of their own."""
    return name if name in ("request_supplement", "accept_supplement", "correct_data") else "act"


def said(name: str, row: Dossier) -> str:
    """Return what to tell after an act."""
    return _("Done: %(act)s. %(code)s is now «%(state)s».") % {
        "act": LABELS[name],
        "code": row.code,
        "state": row.get_state_display(),
    }
