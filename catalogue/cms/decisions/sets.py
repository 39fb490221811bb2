"""The list of decisions, the page of one, and its head."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalogue.changesets.approving import may_decide, refusal_of
from catalogue.changesets.impact import child_names, impact_of
from catalogue.changesets.writing import ChangeSetError, change_head, line_stamp, make_set, unfinished_whys
from catalogue.cms.decisions.access import visible
from catalogue.cms.decisions.forms import AddForm, HeadForm
from catalogue.cms.decisions.line_differences import line_differences
from catalogue.cms.decisions.meetings import clashing
from catalogue.editing.reach import today
from catalogue.models import ChangeLine, ChangeSet

PER_PAGE, LINES_PER_PAGE = 30, 20


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """List the sets: those being written, waiting, or coming first; with `?done` those in force or withdrawn."""
    closed = Q(status__in=(ChangeSet.Status.APPLIED, ChangeSet.Status.WITHDRAWN))
    is_done = "done" in request.GET
    rows = (
        visible(request)
        .filter(closed if is_done else ~closed)
        .annotate(count=Count("lines"))
        .order_by("-written_at", "-pk")
    )
    page = Paginator(rows.select_related("agency").prefetch_related("writers"), PER_PAGE)
    context = {
        "header_icon": "clipboard-list",
        "page_title": _("Decisions"),
        "rows": page.get_page(request.GET.get("p")),
        "is_done": is_done,
        "late": set(visible(request).due(today()).values_list("pk", flat=True)),
        "clashes": clashing(request).count(),
    }
    return TemplateResponse(request, "catalogue/decisions/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a decision."""
    form = HeadForm(request.POST or None, user=request.user, day=today())
    if request.method == "POST" and form.is_valid():
        change_set = make_set(form.head, by=request.user, at=timezone.now())
        messages.success(request, _("Now add what it changes."))
        return redirect("catalogue_sets:set", change_set.pk)
    return _head_page(request, form, _("New decision"))


@require_http_methods(["GET", "POST"])
def head(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the head of a decision that isn't decided."""
    change_set = get_object_or_404(visible(request), pk=pk)
    form = HeadForm(request.POST or None, instance=change_set, user=request.user, day=today())
    if request.method == "POST" and form.is_valid():
        try:
            change_head(pk, form.head, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"])
        except ChangeSetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("catalogue_sets:set", pk)
    return _head_page(request, form, str(change_set))


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a set: what it does in numbers, its lines before and after, and what the person can do with it."""
    sets = visible(request).select_related("agency", "decision", "file_import")
    change_set = get_object_or_404(sets.defer("file_import__content", "file_import__report"), pk=pk)
    lines = change_set.lines.select_related("procedure", "decided_by").prefetch_related("writers")
    statuses = Counter(change_set.lines.order_by().values_list("status", flat=True))
    paginator = Paginator(lines, LINES_PER_PAGE)
    paginator.count = statuses.total()  # Counted already.
    shown = paginator.get_page(request.GET.get("p"))
    for line in shown:
        line.change_set = change_set
    people = list(change_set.writers.all())
    writers = {user.pk for user in people}
    is_writable = change_set.status in ChangeSet.WRITABLE
    is_waiting = change_set.status == ChangeSet.Status.SUBMITTED
    day = today()
    impact = impact_of(change_set)
    unfinished = unfinished_whys(list(shown)) if is_waiting else {}
    context = {
        "header_icon": "clipboard-list",
        "page_title": str(change_set),
        "change_set": change_set,
        "impact": impact,
        "children": [(name, impact.children[key]) for key, name in child_names().items()],
        "lines": shown,
        "rows": [_line(line, request.user, day, writers, unfinished, is_waiting=is_waiting) for line in shown],
        "is_writable": is_writable,
        "is_waiting": is_waiting,
        "is_decision": change_set.source == ChangeSet.Source.DECISION,
        "is_coming": statuses[ChangeLine.Status.APPROVED] > 0,
        "may_decide": may_decide(change_set, request.user, day),
        "is_writer": request.user.pk in writers,
        "writers": [user.get_full_name() or user.get_username() for user in people],
        "add_form": AddForm(user=request.user, day=day),
        "languages": settings.LANGUAGES,
        "now": timezone.now().isoformat(),
        "open_count": statuses[ChangeLine.Status.OPEN],
    }
    template = "decisions/set.html" if context["is_decision"] else "file_set.html"
    return TemplateResponse(request, f"catalogue/{template}", context)


def _line(
    line: ChangeLine, user: Any, day: dt.date, writers: set[int], unfinished: dict[int, str], *, is_waiting: bool
) -> dict[str, Any]:
    is_open = line.status == ChangeLine.Status.OPEN
    return {
        "line": line,
        "differences": line_differences(line),
        "stamp": line_stamp(line),
        "is_open": is_open,
        "refusal": refusal_of(line, user, day, writers, unfinished) if is_waiting and is_open else "",
    }


def _head_page(request: HttpRequest, form: HeadForm, title: str) -> HttpResponse:
    context = {
        "header_icon": "clipboard-list",
        "page_title": title,
        "form": form,
        "media": form.media,
        "action_url": request.path,
        "submit_button_label": _("Save"),
        "submit_button_active_label": _("Saving…"),
    }
    return TemplateResponse(request, "catalogue/decisions/head.html", context)
