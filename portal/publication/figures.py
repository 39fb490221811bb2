"""Shares: how many rows meet a check, of how many that it concerns; and the rows behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from portal.publication.checks import Check

CONCERNS, MET = "concerns_{}", "met_{}"


@dataclass(frozen=True)
class Share:
    """A check's figure: `met` rows of the `total` that it concerns."""

    key: str
    label: str
    met: int
    total: int

    @property
    def missing(self) -> int:
        """Return how many rows lack it."""
        return self.total - self.met

    @property
    def percent(self) -> int | None:
        """Return the share, rounded down but for the first row: 100 means all, 0 means none; None of nothing."""
        if not self.total:
            return None
        return max(self.met * 100 // self.total, 1) if self.met else 0


def shares(rows: QuerySet[Any], checks: Sequence[Check]) -> tuple[int, list[Share]]:
    """Return how many rows there are, and each check's share of them (one query)."""
    counted = rows.order_by().aggregate(total=Count("pk"), **_counts(checks))
    return counted["total"], _shares(counted, checks)


def shares_by(rows: QuerySet[Any], checks: Sequence[Check], column: str) -> dict[Any, tuple[int, list[Share]]]:
    """Return the same for each value of a column (one query)."""
    counted = rows.order_by().values(column).annotate(total=Count("pk"), **_counts(checks))
    return {row[column]: (row["total"], _shares(row, checks)) for row in counted}


def behind(rows: QuerySet[Any], check: Check, *, met: bool) -> QuerySet[Any]:
    """Return the rows behind one side of a share."""
    return rows.filter(check.concerns, check.met if met else ~check.met)


def answers(rows: QuerySet[Any], pks: Collection[Any], checks: Sequence[Check]) -> dict[Any, dict[str, bool | None]]:
    """Return what each named row answers to each check; None where it doesn't concern the row (one query)."""
    columns: dict[str, Any] = {}
    for check in checks:
        columns[MET.format(check.key)] = _truth(check.met)
        columns[CONCERNS.format(check.key)] = _truth(check.concerns)
    found = rows.filter(pk__in=pks).order_by().annotate(**columns).values("pk", *columns)
    return {row["pk"]: {check.key: _answer(row, check.key) for check in checks} for row in found}


def _answer(row: dict[str, Any], key: str) -> bool | None:
    return row[MET.format(key)] if row[CONCERNS.format(key)] else None


def _truth(condition: Q) -> Any:
    if not condition:
        return Value(True, output_field=BooleanField())
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def _counts(checks: Iterable[Check]) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for check in checks:
        counts[MET.format(check.key)] = Count("pk", filter=check.concerns & check.met)
        counts[CONCERNS.format(check.key)] = Count("pk", filter=check.concerns) if check.concerns else Count("pk")
    return counts


def _shares(counted: dict[str, Any], checks: Iterable[Check]) -> list[Share]:
    return [
        Share(check.key, str(check.label), counted[MET.format(check.key)], counted[CONCERNS.format(check.key)])
        for check in checks
    ]
