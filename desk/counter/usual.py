"""Which procedures are at hand: those that come often to one's agencies, and those that one took in last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, MutableMapping
from typing import Any

from catalogue.models import Procedure, ProcedureRoute
from catalogue.opening import ZONE
from desk import counters
from desk.actors import Actor
from desk.models import Measure
from desk.permissions import AT_THE_COUNTER

OFTEN, LATELY = 8, 6
KEPT_AS = "desk_intake_lately"


def often(by: Actor, at: dt.datetime) -> list[Procedure]:
    """Return the procedures most submitted in this month and the last, of the agencies where one takes in.

    Two queries, both of counters and catalogue: no dossier is read.
    """
    own = [post.own_agencies for post in by.posts if post.role in AT_THE_COUNTER]
    agencies = sorted(frozenset().union(*own))
    month = counters.month_of(at)
    since = (month - dt.timedelta(1)).replace(day=1)
    found = counters.totals(Measure.CONCERNS, "procedure_id", agency__in=agencies, month__gte=since)
    keys = [key for (key,), _number in found.most_common(OFTEN * 2)]
    rows = Procedure.objects.live().in_bulk(keys)
    return [rows[key] for key in keys if key in rows][:OFTEN]


def remember(session: MutableMapping[str, Any], procedure: Procedure) -> None:
    """Keep that a procedure was taken in last: its code only, in one's own session."""
    codes = [procedure.code, *(code for code in session.get(KEPT_AS, []) if code != procedure.code)]
    session[KEPT_AS] = codes[:LATELY]


def lately(session: MutableMapping[str, Any]) -> list[Procedure]:
    """Return the procedures that one took in last, the latest first (one query)."""
    codes = session.get(KEPT_AS, [])
    rows = {row.code: row for row in Procedure.objects.live().filter(code__in=codes)} if codes else {}
    return [rows[code] for code in codes if code in rows]


def moved(procedures: Iterable[Procedure], at: dt.datetime) -> dict[int, ProcedureRoute]:
    """Return, by procedure, the ministry's system on which it is submitted today (one query)."""
    rows = ProcedureRoute.objects.on(at.astimezone(ZONE).date()).filter(procedure__in=list(procedures))
    return {row.procedure_id: row for row in rows.filter(is_provincial=False).exclude(system="")}
