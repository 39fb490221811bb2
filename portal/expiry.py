"""When what public pages say changes by the clock alone."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db.models import Q
from django.http import HttpResponse

from catalogue.models import Notice
from catalogue.opening import ZONE
from portal.centres.hours import changing_times
from portal.models import NoticePage

ResponseT = TypeVar("ResponseT", bound=HttpResponse)


def next_change(now: dt.datetime) -> dt.datetime:
    """Return the first moment after `now` at which any public page may read otherwise (two queries).

    Midnight, when dated rows, versions and closures change; else an opening or closing of today, of any
    centre, or the start or end of a notice. A day off makes one too many, which does no harm.
    """
    local = now.astimezone(ZONE)
    doors = [dt.datetime.combine(local.date(), moment, ZONE) for moment in changing_times(local.date())]
    return min(moment for moment in (midnight(now), *doors, *_notices(now)) if moment > now)


def midnight(now: dt.datetime) -> dt.datetime:
    """Return the end of the day."""
    return dt.datetime.combine(now.astimezone(ZONE).date() + dt.timedelta(days=1), dt.time.min, ZONE)


def changes_at_midnight(response: ResponseT, *, now: dt.datetime) -> ResponseT:
    """Say of a page, drawn for `now`, that it changes with the day and its notices only: the cache need not ask when.

    The notices were read for its frame, so this costs no query.
    """
    context = getattr(response, "context_data", None) or {}
    told = context["notices"].changes_at if "notices" in context else None
    response.expires_at = min(midnight(now), told or midnight(now))  # type: ignore[attr-defined]
    return response


def _notices(now: dt.datetime) -> list[dt.datetime]:
    """Return when notices begin and end (one query): pages of notices, and the rows that stand on every page."""
    to_come = Q(starts_at__gt=now) | Q(ends_at__gt=now)
    pages = NoticePage.objects.live().filter(to_come, is_urgent=True).order_by().values_list("starts_at", "ends_at")
    rows = Notice.objects.live().filter(to_come).order_by().values_list("starts_at", "ends_at")
    return [moment for row in pages.union(rows) for moment in row if moment is not None]
