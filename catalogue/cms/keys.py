"""Keys of the rows that an editor adds: they tell a case or paper through all versions of a procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from catalogue.loading.keys import text_key
from catalogue.models import Procedure


def give_keys(procedure: Procedure) -> None:
    """Give a key to each new result, channel, term, fee, case and paper; a key once given stays."""
    _fill(procedure.results.all(), "r", lambda row: row.name_vi)  # type: ignore[attr-defined]
    for channel in procedure.channels.all():  # type: ignore[attr-defined]
        channel.key = channel.key or channel.kind
        _fill(channel.terms.all(), "t", lambda row: f"{row.label_vi} {row.number} {row.unit} {row.text_vi}")
        _fill(channel.fees.all(), "f", lambda row: f"{row.label_vi} {row.kind} {row.amount} {row.text_vi}")
    for case in _fill(procedure.cases.all(), "c", lambda row: row.label_vi):  # type: ignore[attr-defined]
        _fill(case.papers.all(), "p", lambda row: row.name_vi)


def _fill(rows: Iterable[Any], prefix: str, text_of: Callable[[Any], str | None]) -> list[Any]:
    kept = list(rows)
    taken = [row.key for row in kept if row.key]
    for row in kept:
        if not row.key:
            row.key = text_key(prefix, text_of(row) or "", taken)
            taken.append(row.key)
    return kept
