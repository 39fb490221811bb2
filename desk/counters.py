"""Exact totals: what each act changes in them is written in its transaction, and folded later."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce

from catalogue.opening import ZONE
from desk.models import Count, CountDelta, Dossier, Measure

Key = tuple[str, int, int, int, dt.date]
"""Measure, agency, procedure, state, first day of the month."""


def month_of(moment: dt.datetime) -> dt.date:
    """Return the first day of a moment's local month."""
    return moment.astimezone(ZONE).date().replace(day=1)


def counted_in(dossier: Any) -> list[Key]:
    """Return the counters in which a dossier stands. A shadow stands there once, like any other.

    Received = it was received; settled = finished, withdrawn, or ended with the papers handed back.
    """
    month, procedure = month_of(dossier.submitted_at), dossier.procedure_id
    keys: list[Key] = [
        (Measure.HELD, dossier.holder_agency_id, procedure, int(dossier.state), month),
        (Measure.DECIDED, dossier.decided_by_id, procedure, int(dossier.state), month),
    ]
    if dossier.received_at:
        keys.append((Measure.RECEIVED, dossier.decided_by_id, procedure, 0, month_of(dossier.received_at)))
        if dossier.settled_at:
            keys.append((dossier.settlement, dossier.decided_by_id, procedure, 0, month_of(dossier.settled_at)))
    return keys


def changes(before: Iterable[Key], after: Iterable[Key]) -> Counter[Key]:
    """Return by how much each counter changes."""
    total: Counter[Key] = Counter(after)
    total.subtract(Counter(before))
    return Counter({key: change for key, change in total.items() if change})


def write(total: Counter[Key]) -> None:
    """Write deltas, in the transaction of the acts that make them (no row is shared, so no act waits for another)."""
    CountDelta.objects.bulk_create(
        [
            CountDelta(
                measure=measure, agency_id=agency, procedure_id=procedure, state=state, month=month, change=change
            )
            for (measure, agency, procedure, state, month), change in total.items()
        ]
    )


def total(measure: str, **filters: Any) -> int:
    """Return an exact total: `agency`, `procedure`, `state`, `month` (or lookups on them) narrow it (two queries)."""
    folded = Count.objects.filter(measure=measure, **filters).aggregate(sum=Coalesce(Sum("count"), 0))["sum"]
    fresh = CountDelta.objects.filter(measure=measure, **filters).aggregate(sum=Coalesce(Sum("change"), 0))["sum"]
    return folded + fresh


def totals(measure: str, *by: str, **filters: Any) -> Counter[tuple[Any, ...]]:
    """Return exact totals by some of agency_id, procedure_id, state, month (two queries)."""
    found: Counter[tuple[Any, ...]] = Counter()
    for model, column in ((Count, "count"), (CountDelta, "change")):
        rows = model.objects.filter(measure=measure, **filters).values_list(*by).annotate(sum=Sum(column)).order_by()
        for *values, number in rows:
            found[tuple(values)] += number
    return Counter({key: number for key, number in found.items() if number})


def recount(dossiers: Iterable[Dossier]) -> Counter[Key]:
    """Return the counters as these dossiers' fields would have them."""
    found: Counter[Key] = Counter()
    for dossier in dossiers:
        found.update(counted_in(dossier))
    return found
