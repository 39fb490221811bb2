"""Which notices stand on a public page, and when the clock changes that."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from catalogue.models import Centre, Notice


@dataclass(frozen=True)
class Shown:
    """The notices in force for one page, the urgent ones first, and when the next of any begins or ends."""

    rows: tuple[Notice, ...]
    changes_at: dt.datetime | None

    def __bool__(self) -> bool:
        return bool(self.rows)


def read(at: dt.datetime) -> list[Notice]:
    """Return the published notices that are in force at an aware time or will be, of published centres (one query)."""
    public = Q(centre=None) | Q(centre__live=True, centre__province__code=settings.PROVINCE_CODE)
    return list(Notice.objects.not_over(at).filter(public).select_related("centre", "point"))


def shown(rows: Iterable[Notice], at: dt.datetime, centre: Centre | None = None) -> Shown:
    """Return the notices of the whole province and of a page's centre, the urgent and the newest first."""
    known = list(rows)
    places = {None, centre.pk if centre is not None else None}
    mine = [row for row in known if row.is_in_force(at) and row.centre_id in places]
    # Of two alike that of the centre is nearer to who reads its page.
    mine.sort(key=lambda row: (not row.is_urgent, row.centre_id is None, -row.starts_at.timestamp()))
    moments = [moment for row in known for moment in (row.starts_at, row.ends_at) if moment > at]
    return Shown(tuple(mine), min(moments, default=None))


def by_centre(rows: Iterable[Notice], at: dt.datetime) -> dict[int, list[Notice]]:
    """Return the notices in force that are of one centre, by its key."""
    found: dict[int, list[Notice]] = defaultdict(list)
    for row in rows:
        if row.centre_id is not None and row.is_in_force(at):
            found[row.centre_id].append(row)
    return found
