"""All dossiers checked in batches, over one snapshot of the database, by as many processes as there are cores."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from catalogue.opening import ZONE
from desk import anchors
from desk.models import Dossier, DossierEvent
from desk.verifying import totals
from desk.verifying.checking import check
from desk.verifying.faults import Fault
from desk.verifying.folding import Row
from desk.verifying.heads import Heads, heads_between
from desk.verifying.plan import Batch, Checked, Plan
from desk.verifying.planning import make_plan
from desk.verifying.worker import CAREFUL, SNAPSHOT, check_there, connect

SIZE = 2_000
"""Dossiers a batch: what a process holds in memory at a time."""
MOST_FAULTS = 1_000
"""Faults that are told; the others are counted."""
LOWEST, HIGHEST = -(2**63), 2**63 - 1
BORDERS = "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM desk_dossier) AS numbered WHERE"
Progress = Callable[[int, int], None]
"""Told how many batches are done, of how many."""


@dataclass
class Report:
    """What was checked, and what is wrong: the first faults, and how many there are."""

    dossiers: int = 0
    events: int = 0
    files: int = 0
    count: int = 0
    faults: list[Fault] = field(default_factory=list)

    def take(self, faults: Iterable[Fault]) -> None:
        """Note faults."""
        for fault in faults:
            self.count += 1
            if len(self.faults) < MOST_FAULTS:
                self.faults.append(fault)

    def add(self, checked: Checked) -> None:
        """Note what was found in a batch."""
        self.dossiers += checked.dossiers
        self.events += checked.events
        self.take(checked.faults)


def verify(
    at: dt.datetime, *, since: dt.date | None = None, jobs: int = 1, progress: Progress = lambda done, of: None
) -> Report:
    """Check everything, or of dossiers only those that were touched since a day; return what is wrong.

    It sees the database as it was when it began, whatever acts go on. On SQLite, and inside somebody's transaction,
    one process does it.
    """
    report = Report()
    with snapshot() as name:
        heads, faults = totals.head_faults(at)
        report.files = len(heads)
        report.take(faults)
        if since is not None:
            heads = [each for each in heads if each.day >= since.isoformat()]
        plan, batches = make_plan(tuple(heads)), list(batches_since(since, heads) if since else all_batches())

        def meanwhile() -> None:
            report.take(totals.all_faults(heads))

        if jobs > 1 and name:
            checked = together(plan, batches, meanwhile, name=name, jobs=jobs)
        else:
            checked = alone(plan, batches, meanwhile)
        for done, each in enumerate(checked, 1):
            report.add(each)
            progress(done, len(batches))
    return report


@contextmanager
def snapshot() -> Iterator[str]:
    """See one state of the database; yield the name by which other connections see the same, empty where none can."""
    if connection.in_atomic_block:
        yield ""
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # Not atomic(): that would lock out every act until the end.
            try:
                yield ""
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def all_batches() -> Iterator[Batch]:
    """Yield batches that hold every key that there can be."""
    with connection.cursor() as cursor:
        cursor.execute(f"{BORDERS} place % {SIZE} = 0 ORDER BY id")
        borders = [pk for (pk,) in cursor.fetchall()]
    for low, high in pairwise([LOWEST - 1, *borders, HIGHEST]):
        yield Batch(low + 1, high)


def batches_since(since: dt.date, heads: Sequence[Heads]) -> Iterator[Batch]:
    """Yield batches of what was touched since a day by the events, by the rows, or by what was anchored."""
    begins = anchors.bounds(since)[0].astimezone(ZONE)
    keys = set(DossierEvent.objects.filter(at__gte=begins).values_list("dossier_id", flat=True).distinct().iterator())
    keys.update(Dossier.objects.filter(last_at__gte=begins).values_list("pk", flat=True).iterator())
    keys.update(line["id"] for each in heads for line in heads_between(each, LOWEST, HIGHEST))
    ordered = sorted(keys)
    for start in range(0, len(ordered), SIZE):
        some = tuple(ordered[start : start + SIZE])
        yield Batch(some[0], some[-1], some)


def alone(plan: Plan, batches: Iterable[Batch], first: Callable[[], None]) -> Iterator[Checked]:
    """Check one batch after the other on the connection at hand."""
    first()
    with connection.cursor() as cursor:
        for statement in CAREFUL if connection.vendor == "postgresql" else ():
            cursor.execute(statement)

    def run(sql: str, values: Sequence[Any]) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    for batch in batches:
        yield check(run, plan, batch)


def together(
    plan: Plan, batches: Sequence[Batch], meanwhile: Callable[[], None], *, name: str, jobs: int
) -> Iterator[Checked]:
    """Check batches in processes of their own, each with a connection that sees the same snapshot."""
    context = multiprocessing.get_context("spawn")
    known = connection.get_connection_params()
    where = {key: value for key, value in known.items() if isinstance(value, str | int) and key != "prepare_threshold"}
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=connect, initargs=(plan, where, name)) as pool:
        futures = [pool.submit(check_there, batch) for batch in batches]
        meanwhile()
        for future in as_completed(futures):
            yield future.result()
