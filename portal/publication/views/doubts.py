"""Flagged rows: what to look at, the way to the form, and «I looked, it is right»."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalogue.editing.doubts import Doubt, say_right, seen, take_back, with_parts
from catalogue.models import RowCheck
from portal.publication import rows
from portal.publication.doors import draw, for_editors, now, page_of
from portal.publication.doubting import shown, waiting
from portal.publication.kinds import edit_url, name_of
from portal.publication.narrowing import Narrowing


@require_safe
@for_editors
def listing(request: HttpRequest, day: dt.date, key: str) -> HttpResponse:
    """List the procedures that carry a doubt, or with `?right` those that somebody found right."""
    doubt, is_right = _doubt(key), "right" in request.GET
    narrowing = Narrowing(request.GET, request.user, day)
    found = waiting(narrowing.procedures(), doubt, is_right=is_right)
    page = page_of(request, found.order_by("-importance", "code").values_list("pk", flat=True))
    read = {row.pk: row for row in with_parts(rows.procedures(request.user, day).filter(pk__in=list(page.object_list)))}
    looks = _looks(doubt, list(read)) if is_right else {}
    lines = [_line(read[pk], doubt, looks.get(pk)) for pk in page.object_list if pk in read]
    return draw(
        request,
        "doubts",
        title=_("Rows to check"),
        subtitle=str(doubt.label),
        here=f"doubt-{doubt.value}",
        form=narrowing,
        doubt=doubt,
        is_right=is_right,
        page=page,
        lines=lines,
        doubts=list(Doubt),
    )


def _looks(doubt: Doubt, pks: list[int]) -> dict[int, RowCheck]:
    checks = RowCheck.objects.filter(procedure__in=pks, doubt=doubt).select_related("by")
    return {check.procedure_id: check for check in checks}


def _line(row: Any, doubt: Doubt, look: RowCheck | None) -> dict[str, Any]:
    return {
        "row": row,
        "name": name_of(row),
        "url": edit_url(row),
        "parts": shown(row, doubt),
        "seen": seen(row, doubt),
        "look": look,
    }


@require_POST
@for_editors
@transaction.atomic
def look(request: HttpRequest, day: dt.date, key: str, pk: int) -> HttpResponse:
    """Write down that a row was found right as it was shown, or with `again` put it back on the list."""
    doubt = _doubt(key)
    # Locked: a change that comes at the same time waits, and then finds the look at the older text.
    mine = rows.procedures(request.user, day).filter(live=True).select_for_update(of=("self",))
    row = get_object_or_404(with_parts(mine), pk=pk)
    if "again" in request.POST:
        take_back(row, doubt)
        messages.success(request, _("%(code)s stands on the list again.") % {"code": row.code})
    elif request.POST.get("seen") != seen(row, doubt):
        messages.error(request, _("%(code)s was changed since the page was drawn: look again.") % {"code": row.code})
    else:
        say_right(row, doubt, by=request.user, at=now())
        messages.success(request, _("%(code)s: written down that it is right.") % {"code": row.code})
    asked = request.GET.urlencode()
    return redirect(f"{reverse('publication:doubts', args=[doubt.value])}{'?' if asked else ''}{asked}")


def _doubt(key: str) -> Doubt:
    if key not in Doubt.values:
        raise Http404
    return Doubt(key)
