"""Exact totals: what each act changes in them is written in its transaction, and folded later."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from catalogue.opening import ZONE
from desk.models import Count, CountDelta, CountSum, Dossier, Measure

Key = tuple[str, int, int, int, dt.date]
"""Measure, agency, procedure, state, first day of the month."""
AGENCY, PROCEDURE, MONTH = 1, 2, 4
DIMENSIONS = {"agency": AGENCY, "agency_id": AGENCY, "procedure": PROCEDURE, "procedure_id": PROCEDURE, "month": MONTH}
WHOLE = AGENCY | PROCEDURE | MONTH
"""The level of Count itself: nothing is added up."""


COMPARED = {"": "=", "exact": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
TOTALS = """
SELECT {columns}, SUM(count) FROM {folded} WHERE {level} {where} GROUP BY {columns} UNION ALL
SELECT {columns}, SUM(change) FROM {deltas} WHERE {where} GROUP BY {columns}
"""
"""What is folded and what isn't yet. Written out: each list asks for it, and the ORM takes longer than the answer."""


def month_of(moment: dt.datetime) -> dt.date:
    """Return the first day of a moment's local month."""
    return moment.astimezone(ZONE).date().replace(day=1)


def next_month(day: dt.date) -> dt.date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=1) + dt.timedelta(31)).replace(day=1)


def counted_in(dossier: Any) -> list[Key]:
    """Return the counters in which a dossier stands. A shadow stands there once, like any other.

    Received = it was received; settled = finished, withdrawn, or ended with the papers handed back; pending = received
    and not settled. It concerns each agency that helps with, receives, decides or holds it, once.
    """
    month, procedure, state = month_of(dossier.submitted_at), dossier.procedure_id, int(dossier.state)
    sides = {dossier.received_by_id, dossier.decided_by_id, dossier.holder_agency_id, dossier.helped_by_id} - {None}
    keys: list[Key] = [
        (Measure.HELD, dossier.holder_agency_id, procedure, state, month),
        (Measure.DECIDED, dossier.decided_by_id, procedure, state, month),
        *((Measure.CONCERNS, agency, procedure, state, month) for agency in sorted(sides)),
    ]
    if dossier.received_at:
        received_in = month_of(dossier.received_at)
        keys.append((Measure.RECEIVED, dossier.decided_by_id, procedure, 0, received_in))
        if dossier.settled_at:
            keys.append((dossier.settlement, dossier.decided_by_id, procedure, 0, month_of(dossier.settled_at)))
        else:
            keys.append((Measure.PENDING, dossier.decided_by_id, procedure, 0, received_in))
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
        ],
        batch_size=2_000,
    )


def total(measure: str, **filters: Any) -> int:
    """Return an exact total: `agency`, `procedure`, `state`, `month` (or lookups on them) narrow it (one query)."""
    return sum(totals(measure, **filters).values())


def totals(measure: str | Sequence[str], *by: str, **filters: Any) -> Counter[tuple[Any, ...]]:
    """Return exact totals by some of measure, agency_id, procedure_id, state, month; by measure if none is named.

    One statement reads what is folded and what isn't: a fold that ends meanwhile is seen whole or not at all.
    """
    measures = [measure] if isinstance(measure, str) else list(measure)
    narrowed = {by_key(name): getattr(value, "pk", value) for name, value in filters.items()}
    by = tuple(map(by_key, by))
    level = level_of(measures, by, narrowed)
    folded = Count if level == WHOLE else CountSum
    where, params = lookups({"measure__in": measures, **narrowed})
    columns = ", ".join(by or ("measure",))
    statement = TOTALS.format(
        columns=columns, where=where, deltas=CountDelta._meta.db_table, folded=folded._meta.db_table,
        level=f"level = {level} AND" if folded is CountSum else "",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *params])
        rows = cursor.fetchall()
    found: Counter[tuple[Any, ...]] = Counter()
    for *values, number in rows:
        found[tuple(map(plain_day, values))] += int(number)
    return Counter({key: number for key, number in found.items() if number})


def plain_day(value: Any) -> Any:
    """Return a value of a key; SQLite keeps days as text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) and value[:1].isdigit() else value


def by_key(name: str) -> str:
    """Return the name of a dimension, or of a lookup on it, by the column of its key."""
    first, *lookup = name.split("__", 1)
    return "__".join([f"{first}_id" if first in ("agency", "procedure") else first, *lookup])


def level_of(measures: Sequence[str], by: Iterable[str], narrowed: Iterable[str]) -> int:
    """Return the coarsest level that still has every dimension that is asked for."""
    level = AGENCY if Measure.CONCERNS in measures else 0
    for name in (*by, *narrowed):
        level |= DIMENSIONS.get(name.split("__")[0], 0)
    return level


def lookups(narrowed: dict[str, Any]) -> tuple[str, list[Any]]:
    """Return lookups on the counters' columns as SQL: exact, in, lt, lte, gt, gte."""
    found, params = [], []
    for name, value in narrowed.items():
        column, _parted, lookup = name.partition("__")
        assert column in (*DIMENSIONS, "measure", "state"), name
        values = list(value) if lookup == "in" else [value]
        marks = ", ".join(["%s"] * len(values)) or "NULL"
        found.append(f"{column} IN ({marks})" if lookup == "in" else f"{column} {COMPARED[lookup]} %s")
        params += [connection.ops.adapt_datefield_value(each) if column == "month" else each for each in values]
    return " AND ".join(found), params


def recount(dossiers: Iterable[Dossier]) -> Counter[Key]:
    """Return the counters as these dossiers' fields would have them."""
    found: Counter[Key] = Counter()
    for dossier in dossiers:
        found.update(counted_in(dossier))
    return found
