"""Unclassified papers: marked by one person, a key each, and approved by another, many at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from catalogue.editing import paper_kinds
from catalogue.editing.paper_kinds import Outcome, unclassified
from catalogue.models import PaperMarking, RequiredPaper
from portal.publication.doors import draw, for_editors, now, page_of
from portal.publication.narrowing import Narrowing

ORDER = ("-case__procedure__importance", "case__procedure__code", "case__sort_order", "case__pk", "sort_order", "pk")
Kind = PaperMarking.Kind
KEYS = {Kind.PAPER: "1", Kind.NOTE: "2", Kind.HEADING: "3"}


@require_safe
@for_editors
def to_mark(request: HttpRequest, day: dt.date) -> HttpResponse:
    """List the unclassified papers that nobody marked yet, to be marked by buttons or keys."""
    narrowing = Narrowing(request.GET, request.user, day)
    found = _unclassified(narrowing, day)
    waiting = PaperMarking.objects.open().filter(paper__in=found.order_by().values("pk"))
    left = found.exclude(pk__in=waiting.values("paper"))
    page = page_of(request, left.select_related("case__procedure").order_by(*ORDER))
    return draw(
        request,
        "papers",
        title=_("Unclassified papers"),
        here="papers",
        form=narrowing,
        page=page,
        kinds=_choices(),
        waiting=waiting.count(),
    )


def _choices() -> list[dict[str, str]]:
    return [{"value": kind.value, "label": str(kind.label), "key": KEYS[kind]} for kind in Kind]


def _unclassified(narrowing: Narrowing, day: dt.date) -> QuerySet[RequiredPaper]:
    mine = narrowing.procedures().order_by().values("pk")
    return unclassified(narrowing.user, day).filter(case__procedure__in=mine)


@require_POST
@for_editors
def mark(request: HttpRequest, day: dt.date) -> HttpResponse:
    """Propose the kinds that were chosen (`paper-<id>=kind`), or take them back (`none`); scripts get JSON."""
    chosen = _chosen(request)
    mine = set(PaperMarking.objects.open().filter(paper__in=chosen, by=request.user.pk).values_list("paper", flat=True))
    mine |= set(unclassified(request.user, day).filter(pk__in=chosen).values_list("pk", flat=True))
    if chosen.keys() - mine:
        raise Http404
    kinds = {pk: kind for pk, kind in chosen.items() if kind}
    at = now()
    written = paper_kinds.mark(kinds, by=request.user, at=at, day=day) if kinds else 0
    withdrawn = paper_kinds.unmark([pk for pk, kind in chosen.items() if not kind], by=request.user, at=at)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"written": written, "withdrawn": withdrawn})
    if written:
        text = ngettext(
            "%(count)d paper is marked: somebody else approves.",
            "%(count)d papers are marked: somebody else approves.",
            written,
        )
        messages.success(request, text % {"count": written})
    if withdrawn:
        messages.success(request, _("%(count)d markings were taken back.") % {"count": withdrawn})
    if not chosen:
        messages.warning(request, _("Choose a kind for at least one paper, then save."))
    return redirect(_back(request, "publication:papers"))


def _chosen(request: HttpRequest) -> dict[int, str]:
    """Return the kind chosen for each paper, empty to take it back; raises Http404 for what no form sends."""
    chosen = {}
    for name, value in request.POST.items():
        prefix, _dash, key = name.partition("-")
        if prefix != "paper":
            continue
        if not (key.isascii() and key.isdigit() and len(key) < 19) or value not in {*Kind.values, "none"}:
            raise Http404
        chosen[int(key)] = "" if value == "none" else str(value)
    return chosen


@require_safe
@for_editors
def waiting(request: HttpRequest, day: dt.date) -> HttpResponse:
    """List the markings that wait: whoever may approve ticks them, their writers can take them back."""
    narrowing = Narrowing(request.GET, request.user, day)
    found = PaperMarking.objects.open().filter(paper__in=_unclassified(narrowing, day).order_by().values("pk"))
    papers = RequiredPaper.objects.select_related("case__procedure")
    order = [f"{'-' * name.startswith('-')}paper__{name.removeprefix('-')}" for name in ORDER]
    rows = found.select_related("by").prefetch_related(Prefetch("paper", papers)).order_by(*order)
    page = page_of(request, rows)
    keys = [row.pk for row in page.object_list]
    may = set(PaperMarking.objects.approvable_by(request.user, day).filter(pk__in=keys).values_list("pk", flat=True))
    lines: list[dict[str, Any]] = [
        {"row": row, "may_decide": row.pk in may, "is_mine": row.by_id == request.user.pk} for row in page.object_list
    ]
    return draw(
        request,
        "papers_waiting",
        title=_("Unclassified papers"),
        subtitle=_("waiting for approval"),
        here="papers",
        form=narrowing,
        page=page,
        lines=lines,
        may_decide=bool(may),
        total=found.count(),
    )


@require_POST
@for_editors
def decide(request: HttpRequest, day: dt.date) -> HttpResponse:
    """Approve the ticked markings or send them back, and say what was left out and why."""
    pks = [int(key) for key in request.POST.getlist("marking") if key.isascii() and key.isdigit() and len(key) < 19]
    if PaperMarking.objects.visible_to(request.user, day).filter(pk__in=pks).count() != len(set(pks)):
        raise Http404
    at = now()
    if not pks:
        messages.warning(request, _("Tick at least one marking."))
    elif request.POST.get("act") == "approve":
        _tell(request, paper_kinds.approve(pks, by=request.user, at=at, day=day), approved=True)
    elif request.POST.get("act") == "refuse":
        _tell(request, paper_kinds.send_back(pks, by=request.user, at=at, day=day), approved=False)
    else:
        raise Http404
    return redirect(_back(request, "publication:papers_waiting"))


def _tell(request: HttpRequest, outcome: Outcome, *, approved: bool) -> None:
    if outcome.done and approved:
        text = ngettext(
            "%(count)d paper is classified: readers and the desk see it now.",
            "%(count)d papers are classified: readers and the desk see it now.",
            outcome.done,
        )
        messages.success(request, text % {"count": outcome.done})
    elif outcome.done:
        messages.success(request, _("%(count)d markings were sent back.") % {"count": outcome.done})
    for why, count in outcome.left.items():
        if count:
            messages.warning(request, _("%(count)d were left out. %(why)s") % {"count": count, "why": why})


def _back(request: HttpRequest, name: str) -> str:
    asked = request.GET.urlencode()
    return f"{reverse(name)}?{asked}" if asked else reverse(name)
