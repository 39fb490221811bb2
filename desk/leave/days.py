"""Which colleagues are away on a day, and how it is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from desk.actors import name_of
from desk.models import Leave


def away_at(agency_ids: Iterable[int], day: dt.date) -> dict[int, Leave]:
    """Return who is away from agencies on a day, by person (one query)."""
    rows = Leave.objects.on(day).filter(agency__in=list(agency_ids)).select_related("absent", "substitute")
    return {row.absent_id: row for row in rows}


def said_of(leave: Leave) -> str:
    """Return until when somebody is away and who stands in."""
    return _("away until %(day)s, %(name)s stands in") % {
        "day": f"{leave.last_day:%d/%m/%Y}",
        "name": name_of(leave.substitute),
    }
