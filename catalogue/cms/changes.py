"""The screen of proposals: what waits for approval, before and after side by side, and the decision on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.menu import MenuItem

from catalogue.cms.differences import differences
from catalogue.cms.doors import behind_doors
from catalogue.cms.menu import ScreenItem
from catalogue.cms.refusals import told
from catalogue.editing.proposals import Act, Status, approve, may_decide, refuse, stamp_of, withdraw
from catalogue.editing.reach import today
from catalogue.models import Proposal

PER_PAGE = 30
LONGEST_NOTE = 2000


def menu_item() -> MenuItem:
    """Return the entry of the menu."""
    return ScreenItem(gettext_lazy("Waiting for approval"), "catalogue_changes:changes", icon_name="tasks", order=140)


def urls() -> list[URLPattern | URLResolver]:
    """Give the screen its addresses."""
    patterns = [
        path("", changes, name="changes"),
        path("<int:pk>/", change, name="change"),
        path("<int:pk>/<slug:act>/", act_on, name="act"),
    ]
    return [path("catalogue-changes/", include((behind_doors(patterns), "catalogue_changes")))]


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """List the proposals that the person may see, the open ones first or, on request, the decided ones."""
    decided = "decided" in request.GET
    rows = _visible(request).exclude(status=Status.OPEN) if decided else _visible(request).filter(status=Status.OPEN)
    # Hundreds of one act are read together, on the page of their batch.
    in_batches = rows.exclude(batch=None).count()
    rows = rows.filter(batch=None)
    page = Paginator(rows.select_related("kind", "agency", "decided_by").prefetch_related("writers"), PER_PAGE)
    context = {
        "header_icon": "tasks",
        "page_title": _("Waiting for approval"),
        "rows": page.get_page(request.GET.get("p")),
        "is_decided": decided,
        "in_batches": in_batches,
    }
    return TemplateResponse(request, "catalogue/changes.html", context)


@require_GET
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one proposal, what it changes, and what the person can do with it."""
    proposal = get_object_or_404(_visible(request), pk=pk)
    is_writer = request.user in proposal.writers.all()
    context = {
        "header_icon": "tasks",
        "page_title": f"{capfirst(proposal.get_act_display())}:",
        "page_subtitle": proposal.label,
        "proposal": proposal,
        "kind": proposal.kind.name,
        "writers": [user.get_full_name() or user.get_username() for user in proposal.writers.all()],
        "lines": differences(proposal),
        "stamp": stamp_of(proposal),
        "is_open": proposal.status == Status.OPEN,
        "is_writer": is_writer,
        "refusal": may_decide(request.user, proposal, today()),
        "edit_url": _edit_url(proposal),
    }
    return TemplateResponse(request, "catalogue/change.html", context)


@require_POST
def act_on(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Approve, send back or withdraw, and say what came of it."""
    get_object_or_404(_visible(request), pk=pk)
    stamp, note = request.POST.get("stamp", ""), request.POST.get("note", "").strip()[:LONGEST_NOTE]
    asked: dict[str, Any] = {"by": request.user, "at": timezone.now(), "stamp": stamp}
    with told(request):
        if act == "approve":
            approve(pk, day=today(), note=note, **asked)
            messages.success(request, _("Approved and carried out."))
        elif act == "refuse" and not note:
            messages.error(request, _("Write what is wrong with it, so that its writers know."))
            return redirect("catalogue_changes:change", pk)
        elif act == "refuse":
            refuse(pk, day=today(), note=note, **asked)
            messages.success(request, _("Sent back to its writers."))
        elif act == "withdraw":
            withdraw(pk, **asked)
            messages.success(request, _("Withdrawn."))
        else:
            raise Http404
    return redirect("catalogue_changes:change", pk)


def _visible(request: HttpRequest) -> QuerySet[Proposal]:
    return Proposal.objects.visible_to(request.user, today())


def _edit_url(proposal: Proposal) -> str:
    """Return where its writers go on with an open proposal."""
    model = proposal.kind.model_class()
    if proposal.status != Status.OPEN or proposal.act not in (Act.ADD, Act.CHANGE):
        return ""
    names = model.snippet_viewset  # type: ignore[union-attr]
    if proposal.act == Act.ADD:
        return f"{reverse(names.get_url_name('add'))}?proposal={proposal.pk}"
    return reverse(names.get_url_name("edit"), args=[proposal.row])
