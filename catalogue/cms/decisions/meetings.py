"""Where a decision met another change of the same place: what was kept, what it says, and that it is put right."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from catalogue.cms.decisions.access import visible
from catalogue.cms.marked_text import marked_pair
from catalogue.editing.reach import editing_reach, today
from catalogue.models import ChangeLine, Procedure

PER_PAGE = 30


def clashing(request: HttpRequest) -> QuerySet[ChangeLine]:
    """Return the lines in force of which a value couldn't be merged, about procedures that the person may edit."""
    mine = editing_reach(request.user, today()).within(Procedure.objects.all()).values("pk")
    lines = ChangeLine.objects.filter(status=ChangeLine.Status.APPLIED).exclude(clashes=[])
    return (lines.filter(procedure__in=mine) | lines.filter(change_set__in=visible(request))).order_by(
        "-applied_at", "pk"
    )


@require_GET
def clashes(request: HttpRequest) -> HttpResponse:
    """List the places where an editor must look."""
    lines = Paginator(clashing(request).select_related("procedure", "change_set"), PER_PAGE)
    page = lines.get_page(request.GET.get("p"))
    context = {
        "header_icon": "warning",
        "page_title": _("Where two changes met"),
        "page": page,
        "rows": [_row(line) for line in page],
    }
    return TemplateResponse(request, "catalogue/decisions/clashes.html", context)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line from the list: what it says is put right. The log keeps what met."""
    line = get_object_or_404(clashing(request), pk=pk)
    if line.procedure is not None:
        data = {"fields": [".".join(clash["path"]) for clash in line.clashes]}
        log(instance=line.procedure, action="wagtail.edit", user=request.user, data=data, content_changed=False)
    line.clashes = []
    line.save(update_fields=["clashes"])
    messages.success(request, _("Taken from the list: %(line)s.") % {"line": line})
    return redirect("catalogue_sets:clashes")


def _row(line: ChangeLine) -> dict[str, Any]:
    viewset = Procedure.snippet_viewset  # type: ignore[attr-defined]
    key = line.procedure_id
    return {
        "line": line,
        "clashes": [_clash(clash) for clash in line.clashes],
        "edit_url": reverse(viewset.get_url_name("edit"), args=[key]) if key else "",
    }


def _clash(clash: dict[str, Any]) -> dict[str, Any]:
    pair = marked_pair(_text(clash.get("mine")), _text(clash.get("theirs")))
    name = clash.get("reason") or " › ".join(_word(part) for part in clash.get("path", ()))
    return {"name": name, "pair": pair, "is_draft": clash.get("where") == "draft"}


def _word(part: str) -> str:
    """Return the name of a column or relation as the forms have it, a key as it is."""
    stem = part.removesuffix("_vi")
    names = {field.name: str(getattr(field, "verbose_name", field.name)) for field in Procedure._meta.get_fields()}
    return capfirst(names.get(stem, stem))


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
