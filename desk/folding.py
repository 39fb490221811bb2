"""Fold the counters' deltas into the counts, and into the sums over agencies, procedures and months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction

from desk.counters import AGENCY, MONTH, PROCEDURE, WHOLE, Key
from desk.models import Count, CountDelta, CountSum, Measure

SUMS = CountSum._meta.db_table
BATCH = 5_000
ROWS = 500
"""Rows of one statement."""
KEY = ("measure", "agency_id", "procedure_id", "state", "month")
SUM_KEY = ("level", "measure", "month", "agency_id", "procedure_id", "state")
RAISE = """
INSERT INTO {table} ({columns}, count) VALUES {rows}
ON CONFLICT ({columns}) DO UPDATE SET count = {table}.count + EXCLUDED.count
"""
ADDED_UP = """
SELECT {level}, measure, {month}, {agency}, {procedure}, state, SUM(count) FROM {counts} WHERE measure <> '{without}'
GROUP BY measure, {by} state HAVING SUM(count) <> 0
"""
STORED = "SELECT {columns}, count FROM {sums} WHERE level = {level}"


def fold_deltas() -> int:
    """Merge every delta that is committed into the counts and their sums; return how many there were.

    Acts go on meanwhile: theirs are either in this fold or left for the next. Another fold waits, then finds nothing.
    A fold that is cut off leaves what its last whole batch had folded; run it again.
    """
    folded = 0
    while done := fold_batch():
        folded += done
    return folded


def fold_batch() -> int:
    """Merge some thousand deltas in one transaction; return how many."""
    with transaction.atomic():
        lock()
        rows = list(CountDelta.objects.order_by("pk").values_list("pk", *KEY, "change")[:BATCH])
        if not rows:
            return 0
        merged: Counter[Key] = Counter()
        for _pk, measure, agency, procedure, state, month, change in rows:
            merged[measure, agency, procedure, state, month] += change
        raise_by(Count, KEY, merged)
        raise_by(CountSum, SUM_KEY, sums_of(merged))
        for model in (Count, CountSum):
            model._default_manager.filter(count=0).delete()
        # By their keys, not «all up to the last»: one with a lower key may be committed since it was looked for.
        CountDelta.objects.filter(pk__in=[row[0] for row in rows]).delete()
    return len(rows)


def lock() -> None:
    """Let only one transaction at a time change the counts; reading them goes on. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Count._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def levels(measure: str) -> Iterator[int]:
    """Return the levels at which a measure is added up: over agencies only where each dossier stands at one."""
    return (level for level in range(WHOLE) if level & AGENCY or measure != Measure.CONCERNS)


def sums_of(merged: Counter[Key]) -> Counter[tuple[Any, ...]]:
    """Return what changed counts change in the sums."""
    found: Counter[tuple[Any, ...]] = Counter()
    for (measure, agency, procedure, state, month), change in merged.items():
        for level in levels(measure):
            found[
                level,
                measure,
                month if level & MONTH else CountSum.ALL_MONTHS,
                agency if level & AGENCY else CountSum.ALL,
                procedure if level & PROCEDURE else CountSum.ALL,
                state,
            ] += change
    return found


def raise_by(model: type[models.Model], columns: tuple[str, ...], total: Counter[Any]) -> None:
    """Add to the rows of these keys; those that aren't there are made."""
    rows = [(*key, change) for key, change in sorted(total.items()) if change]
    table, names = model._meta.db_table, ", ".join(columns)
    one = f"({', '.join(['%s'] * (len(columns) + 1))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            statement = RAISE.format(table=table, columns=names, rows=", ".join([one] * len(part)))
            cursor.execute(statement, [adapted(value) for row in part for value in row])


def adapted(value: Any) -> Any:
    """Return a value as the database takes it."""
    return value if isinstance(value, int | str) else connection.ops.adapt_datefield_value(value)


def rebuild_sums() -> None:
    """Make all sums anew from the counts, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock()
        CountSum.objects.all().delete()
        for level in range(WHOLE):
            cursor.execute(f"INSERT INTO {SUMS} ({', '.join(SUM_KEY)}, count) {added_up(level)}")


def added_up(level: int) -> str:
    """Return the query of the sums of a level, from the counts."""
    kept = {
        "month": ("month", level & MONTH, f"'{CountSum.ALL_MONTHS}'"),
        "agency": ("agency_id", level & AGENCY, str(CountSum.ALL)),
        "procedure": ("procedure_id", level & PROCEDURE, str(CountSum.ALL)),
    }
    chosen = {name: column if keeps else instead for name, (column, keeps, instead) in kept.items()}
    if connection.vendor == "postgresql" and not level & MONTH:
        chosen["month"] += "::date"
    by = "".join(f"{column}, " for column, keeps, _instead in kept.values() if keeps)
    without = "" if level & AGENCY else Measure.CONCERNS.value
    return ADDED_UP.format(level=level, without=without, counts=Count._meta.db_table, by=by, **chosen)


def wrong_sums() -> Iterator[tuple[Any, ...]]:
    """Yield the sums that aren't what the counts add up to, and those that should stand there: key, then count."""
    with connection.cursor() as cursor:
        for level in range(WHOLE):
            stored = STORED.format(columns=", ".join(SUM_KEY), sums=SUMS, level=level)
            for one, other in ((stored, added_up(level)), (added_up(level), stored)):
                cursor.execute(f"{one} EXCEPT {other}")
                yield from cursor.fetchall()
