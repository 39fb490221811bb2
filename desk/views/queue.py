"""The list of dossiers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.actors import Actor
from desk.cursors import CursorError
from desk.exporting import MOST
from desk.forms.queue import UNDER_THE_FOLD, QueueForm
from desk.forms.saved import SavedViewForm
from desk.forms.table import BULK_ACTS
from desk.listing import listing
from desk.models import SavedView
from desk.next_acts import LABELS
from desk.permissions import may_ever
from desk.saved_views import kept
from desk.views.doors import desk_view, draw


@require_safe
@desk_view
def queue(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Show what somebody may see, most pressing first."""
    return show(request, by, at, request.GET)


def show(
    request: HttpRequest, by: Actor, at: dt.datetime, asked: QueryDict, saving: SavedViewForm | None = None
) -> HttpResponse:
    """Show the list that is asked for; `saving`: the form of a view that couldn't be kept, with what was typed."""
    form = QueueForm(asked, by)
    address = asked.copy()
    address.pop("after", None)
    try:
        page = listing(form.chosen(at), asked.get("after", ""))
    except CursorError as error:
        messages.warning(request, str(error))
        return redirect(f"{reverse('desk:queue')}?{address.urlencode()}")
    views = list(SavedView.objects.visible_to(by).select_related("owner"))
    opened = next((view for view in views if str(view.pk) == asked.get("view")), None)
    more: dict[str, Any] = {
        "form": form,
        "page": page,
        "columns": form.shown_columns,
        "acts": [(name, LABELS[name]) for name in BULK_ACTS if may_ever(name, by)],
        "asked": address.urlencode(),
        "views": views,
        "opened": opened,
        "saving": saving or SavedViewForm(by, at, {"query": kept(asked)}),
        "is_narrowed": bool(kept(asked)),
        "is_arranged": "cols" in kept(asked) or not form.errors.keys().isdisjoint(UNDER_THE_FOLD),
        "most": MOST,
        "is_first": "after" not in asked,
        "here": "queue",
    }
    return draw(request, by, "queue", title=_("Dossiers"), status=400 if saving else 200, **more)
