"""When what public pages say changes by the clock alone."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db.models import Q
from django.http import HttpResponse

from catalogue.models import OpeningHours
from catalogue.opening import ZONE
from portal.models import NoticePage

ResponseT = TypeVar("ResponseT", bound=HttpResponse)


def next_change(now: dt.datetime) -> dt.datetime:
    """Return the first moment after `now` at which any public page may read otherwise (two queries).

    Midnight, when dated rows, versions and closures change; else an opening or closing of today, of any
    centre, or the start or end of an urgent notice. A day off makes one too many, which does no harm.
    """
    local = now.astimezone(ZONE)
    spans = OpeningHours.objects.filter(weekday=local.weekday()).order_by().values_list("opens", "closes").distinct()
    doors = [dt.datetime.combine(local.date(), moment, ZONE) for span in spans for moment in span]
    return min(moment for moment in (midnight(now), *doors, *_notices(now)) if moment > now)


def midnight(now: dt.datetime) -> dt.datetime:
    """Return the end of the day."""
    return dt.datetime.combine(now.astimezone(ZONE).date() + dt.timedelta(days=1), dt.time.min, ZONE)


def changes_at_midnight(response: ResponseT, *, now: dt.datetime) -> ResponseT:
    """Say of a page, drawn for `now`, that it changes with the day only: the cache need not ask when."""
    response.expires_at = midnight(now)  # type: ignore[attr-defined]
    return response


def _notices(now: dt.datetime) -> list[dt.datetime]:
    rows = NoticePage.objects.live().filter(is_urgent=True).filter(Q(starts_at__gt=now) | Q(ends_at__gt=now))
    return [moment for row in rows.values_list("starts_at", "ends_at") for moment in row if moment is not None]
