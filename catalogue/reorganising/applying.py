"""The day of a reorganisation: what has no dates follows, and what could not follow is tried again until it can."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalogue.models import Reorganisation
from catalogue.reorganising.followers import Moves, followers
from catalogue.signals import catalogue_changed, reorganised

logger = logging.getLogger(__name__)
RETRY = dt.timedelta(minutes=10)
"""How long the clock waits before it looks at conflicts again."""
MOST_KEPT = 500
"""Conflicts of one follower that the report keeps in words; it counts them all."""
State = Reorganisation.State


def apply_due(at: dt.datetime) -> str:
    """Let all follow what came into force, and try again what couldn't; say how much."""
    day, moved, left = timezone.localdate(at), 0, 0
    rows = Reorganisation.objects.filter(effective_on__lte=day).exclude(state=State.WITHDRAWN)
    for row in rows.order_by("effective_on", "pk"):
        if is_due(row, at):
            done = apply(row, at)
            moved += sum(moves.count for moves in done.values())
            left += sum(len(moves.conflicts) for moves in done.values())
    return f"{moved} rows followed, {left} can't yet"


def is_due(row: Reorganisation, at: dt.datetime) -> bool:
    """Return whether there is something to do: it is planned, or something was left a while ago."""
    if row.state == State.PLANNED:
        return True
    tried = parse_datetime(row.report.get("tried_at", ""))
    return bool(row.report.get("left")) and (tried is None or at - tried >= RETRY)


def apply(row: Reorganisation, at: dt.datetime) -> dict[str, Moves]:
    """Let everything follow one reorganisation whose day has come, each kind by itself; return what each did.

    Opens no transaction: each follower has its own, and may be cut off. A kind that fails is logged and tried again.
    """
    done: dict[str, Moves] = {}
    failed = []
    for follower in followers():
        try:
            done[follower.name] = follower.follow(row, at)
        except Exception:
            logger.exception("«%s» couldn't follow the reorganisation %s.", follower.name, row.pk)
            failed.append(follower.name)
    _keep(row, done, failed, at)
    catalogue_changed.send(sender=Reorganisation)
    reorganised.send(sender=Reorganisation, reorganisation=row, act="applied")
    return done


def _keep(row: Reorganisation, done: dict[str, Moves], failed: list[str], at: dt.datetime) -> None:
    """Write the report: how many followed in all, what is left now, in words."""
    kept: dict[str, Any] = dict(row.report.get("followers", {}))
    for name, moves in done.items():
        before = kept.get(name, {}).get("moved", 0)
        words = [[conflict.what, conflict.why] for conflict in moves.conflicts[:MOST_KEPT]]
        kept[name] = {"moved": before + moves.count, "left": len(moves.conflicts), "conflicts": words}
    left = bool(failed) or any(each["left"] for each in kept.values())
    row.report = {**row.report, "followers": kept, "failed": failed, "left": left, "tried_at": at.isoformat()}
    if not failed and row.state == State.PLANNED:
        row.state, row.applied_at = State.APPLIED, at
    row.save(update_fields=["report", "state", "applied_at"])


def look(row: Reorganisation, at: dt.datetime) -> dict[str, Moves]:
    """Return what would follow on the day, by kind; nothing is written."""
    return {follower.name: follower.look(row, at) for follower in followers()}
