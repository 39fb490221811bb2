"""What shuts a centre: its own closures and the notices that close it, read together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from catalogue.models import Centre, Closure, Notice


def closures_of(centre: Centre, day: dt.date) -> list[Closure]:
    """Return the closures of a centre and its points: those that rows hold, and of notices for a day or later.

    One query, and one where the closures aren't prefetched. What a notice shuts isn't saved as a row.
    """
    return [*centre.closures.all(), *(notice.closure() for notice in Notice.objects.closing(centre, day))]


def at_point(closures: Iterable[Closure], point: int | None) -> list[Closure]:
    """Return those that concern a point, which its centre's do too; without a point those of the centre itself."""
    return [closure for closure in closures if closure.point_id is None or closure.point_id == point]
