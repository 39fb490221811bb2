"""The first page of the day, and the list of keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.opening import ZONE
from desk.actors import Actor
from desk.columns import columns_of
from desk.explaining import day_text
from desk.today import today as read
from desk.views.doors import desk_view, draw


@require_safe
@desk_view
def today(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Show what waits for somebody, and what to begin with."""
    more: dict[str, Any] = {"page": read(by, at), "columns": columns_of(()), "here": "today"}
    return draw(request, by, "today", title=_("Today"), day=day_text(at.astimezone(ZONE).date()), **more)


@require_safe
@desk_view
def keys(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """List the keys."""
    return draw(request, by, "keys", title=_("Keys"), here="keys")
