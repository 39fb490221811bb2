"""What shuts a centre: its own closures and the notices that close it, read together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from catalogue.models import Centre, Closure, Notice


def closures_of(centre: Centre, day: dt.date, *, draft: Notice | None = None) -> list[Closure]:
    """Return the closures of a centre and its points: those that rows hold, and of notices for a day or later.

    One query, and one where the closures aren't prefetched. What a notice shuts isn't saved as a row. `draft` is a
    notice that is previewed: it counts as it stands in memory.
    """
    notices = list(Notice.objects.closing(centre, day))
    if draft is not None:
        notices = [notice for notice in notices if notice.pk != draft.pk]
        notices += [draft] if draft.closes_on and draft.closes_on >= day else []
    return [*centre.closures.all(), *(notice.closure() for notice in notices)]


def at_point(closures: Iterable[Closure], point: int | None) -> list[Closure]:
    """Return those that concern a point, which its centre's do too; without a point those of the centre itself."""
    return [closure for closure in closures if closure.point_id is None or closure.point_id == point]
