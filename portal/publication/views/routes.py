"""Many routes at once: looked over, proposed as one batch, and decided by a second person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.cms.refusals import told
from catalogue.editing.batches import (
    approve_batch,
    open_of,
    propose_batch,
    refuse_batch,
    seen_of_batch,
    withdraw_batch,
)
from catalogue.editing.proposals import StaleProposalError, may_decide
from catalogue.models import Proposal, ProposalBatch
from portal.publication.centralised import Plan, plan
from portal.publication.doors import draw, for_editors, now, page_of
from portal.publication.routes_form import RoutesForm

LONGEST_NOTE = 2000


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def add(request: HttpRequest, day: dt.date) -> HttpResponse:
    """Ask which procedures move where; show what it would do, and propose it once that was seen."""
    form = RoutesForm(request.POST if request.method == "POST" else None, request.user, day)
    found: Plan | None = None
    if request.method == "POST" and form.is_valid():
        found = plan(form.procedures, form.shown)
        if request.POST.get("act") == "propose" and found.new:
            return _propose(request, form, found)
    return draw(request, "routes", title=_("Move procedures"), here="centralised", form=form, plan=found)


def _propose(request: HttpRequest, form: RoutesForm, found: Plan) -> HttpResponse:
    start = date_format(form.cleaned_data["valid_from"], "d/m/Y")
    label = _("%(count)d procedures to %(system)s from %(day)s") % {
        "count": len(found.new),
        "system": form.cleaned_data["system"],
        "day": start,
    }
    try:
        batch = propose_batch(label, found.new, found.ended, by=request.user, at=now())
    except StaleProposalError as error:
        form.add_error(None, str(error))
        return draw(request, "routes", title=_("Move procedures"), here="centralised", form=form, plan=found)
    messages.success(request, _("It is proposed; nothing has changed yet. Somebody else approves."))
    return redirect("publication:batch", batch.pk)


@require_safe
@for_editors
def batches(request: HttpRequest, day: dt.date) -> HttpResponse:
    """List the batches, the newest first, with how much of each waits."""
    rows = ProposalBatch.objects.visible_to(request.user, day).select_related("written_by")
    page = page_of(request, rows)
    waiting = Proposal.objects.open().filter(batch__in=list(page.object_list)).values_list("batch", flat=True)
    counts: dict[int | None, int] = {}
    for pk in waiting.order_by():
        counts[pk] = counts.get(pk, 0) + 1
    lines = [{"row": row, "waiting": counts.get(row.pk, 0)} for row in page.object_list]
    return draw(request, "batches", title=_("Batches of proposals"), here="batches", page=page, lines=lines)


@require_safe
@for_editors
def batch(request: HttpRequest, day: dt.date, pk: int) -> HttpResponse:
    """Show every row of a batch, and what the person can do with what waits of it."""
    row = _batch(request, day, pk)
    waiting = open_of(row)
    first = waiting.first()
    proposals = Proposal.objects.filter(batch=row).order_by("pk")
    return draw(
        request,
        "batch",
        title=_("Batch of proposals"),
        subtitle=row.label,
        here="batches",
        batch=row,
        page=page_of(request, proposals),
        waiting=waiting.count(),
        seen=seen_of_batch(row),
        is_writer=bool(first and first.writers.filter(pk__in=[request.user.pk]).exists()),
        refusal=may_decide(request.user, first, day) if first else "",
    )


@require_POST
@for_editors
def decide(request: HttpRequest, day: dt.date, pk: int, act: str) -> HttpResponse:
    """Approve all that waits of a batch, send it back or withdraw it: all of it, or nothing."""
    row, note = _batch(request, day, pk), request.POST.get("note", "").strip()[:LONGEST_NOTE]
    at = now()
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "approve": (lambda: approve_batch(row, by=request.user, at=at, day=day), _("Approved and carried out.")),
        "refuse": (
            lambda: refuse_batch(row, by=request.user, at=at, day=day, note=note),
            _("Sent back to its writers."),
        ),
        "withdraw": (lambda: withdraw_batch(row, by=request.user, at=at), _("Withdrawn.")),
    }
    if act not in acts:
        raise Http404
    if act == "refuse" and not note:
        messages.error(request, _("Write what is wrong with it, so that its writers know."))
        return redirect("publication:batch", pk)
    if request.POST.get("seen") != seen_of_batch(row):
        messages.error(request, _("The proposal changed or was decided meanwhile: look at it again."))
        return redirect("publication:batch", pk)
    run, said = acts[act]
    with told(request):
        run()
        messages.success(request, said)
    return redirect("publication:batch", pk)


def _batch(request: HttpRequest, day: dt.date, pk: int) -> ProposalBatch:
    return get_object_or_404(ProposalBatch.objects.visible_to(request.user, day).select_related("written_by"), pk=pk)
