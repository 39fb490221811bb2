"""Leaves that last across the day: they go on at the heir where both people work there."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from catalogue.models import Reorganisation
from catalogue.reorganising.followers import Conflict, Follower, Moves
from desk.models import Leave
from desk.reorganising.ended import Ended, tell

WHY = "The two people aren't posted to one and the same heir: let somebody there say anew who stands in."


def lasting(ended: Ended) -> QuerySet[Leave]:
    """Return the leaves at agencies that have ended of which a day lies on the day or later."""
    rows = Leave.objects.filter(agency__in=sorted(ended.agencies), last_day__gte=ended.day, ended_at=None)
    return rows.order_by("pk")


def heir_of(leave: Leave, ended: Ended) -> int | None:
    """Return the heir at which both people work on the day."""
    heirs = ended.inheritance.heirs.all_of(leave.agency_id) - ended.agencies
    both = [heir for heir in heirs if {(heir, leave.absent_id), (heir, leave.substitute_id)} <= ended.posted]
    return both[0] if len(both) == 1 else None


def look(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Return how many go on, and those that can't."""
    ended = Ended.by(reorganisation.effective_on)
    rows = list(lasting(ended))
    stuck = [row for row in rows if heir_of(row, ended) is None]
    moved = (f"{row} → {ended.name(heir)}" for row in rows if (heir := heir_of(row, ended)) is not None)
    conflicts = (Conflict(f"{row} ({ended.name(row.agency_id)}, № {row.pk})", WHY) for row in stuck)
    return tell(Moves(len(rows) - len(stuck)), moved, conflicts)


def follow(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let them go on: what was until the day before stays written at the agency of then."""
    ended = Ended.by(reorganisation.effective_on)
    moves = look(reorganisation, at)
    for row in lasting(ended):
        heir = heir_of(row, ended)
        if heir is not None:
            go_on(row, heir, ended.day)
    return moves


def go_on(leave: Leave, heir: int, day: dt.date) -> None:
    """Let a leave go on at an heir from a day on; one that hasn't begun yet moves whole."""
    with transaction.atomic():
        row = Leave.objects.select_for_update(of=("self",)).get(pk=leave.pk)
        if row.agency_id != leave.agency_id or row.ended_at is not None:
            return
        if row.first_day >= day:
            row.agency_id = heir
            row.save(update_fields=["agency"])
            return
        last, row.last_day = row.last_day, day - dt.timedelta(1)
        if last < day:
            return
        row.save(update_fields=["last_day"])
        kept = {name: getattr(row, name) for name in ("absent_id", "substitute_id", "made_by_id", "made_at")}
        Leave.objects.create(agency_id=heir, first_day=day, last_day=last, **kept)


FOLLOWER = Follower("leaves", look, follow)
