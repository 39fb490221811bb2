"""A process that only checks: its own connection to PostgreSQL, the snapshot of the others. Needs no Django."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import Any

import psycopg

from desk.verifying.checking import check
from desk.verifying.folding import Row
from desk.verifying.plan import Batch, Checked, Plan

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
CAREFUL = (
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL enable_hashjoin = off",
    "SET LOCAL enable_mergejoin = off",
    "SET LOCAL max_parallel_workers_per_gather = 0",
    "SET LOCAL jit = off",
)
"""A batch is a small part of each table, found by its index, whatever the planner knows of a table that just grew."""
_here: dict[str, Any] = {}


def connect(plan: Plan, where: dict[str, Any], snapshot: str) -> None:
    """Open this process's connection, on the snapshot of who started it."""
    gc.disable()  # Rows hold no cycles: to look for some takes a sixth of the time.
    connection = psycopg.connect(**where, prepare_threshold=None)
    connection.execute(SNAPSHOT)
    connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
    for statement in CAREFUL:
        connection.execute(statement)
    _here.update(plan=plan, connection=connection)


def check_there(batch: Batch) -> Checked:
    """Check a batch in this process."""
    return check(_run, _here["plan"], batch)


def _run(sql: str, values: Sequence[Any]) -> list[Row]:
    rows: list[Row] = _here["connection"].execute(sql, values).fetchall()
    return rows
