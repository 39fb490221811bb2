"""A database filled with a million dossiers or ten, for benchmarks: all in one transaction, or nothing."""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, models, transaction

from desk import folding
from desk.models import CodeCounter, Count, CountSum, Dossier, DossierEvent
from desk.simulation import store
from desk.simulation.hours import EPOCH, spread
from desk.simulation.ledger import MODELS
from desk.simulation.pile import make_day
from desk.simulation.plan import NothingToSimulateError, Plan, days_of, make_plan
from desk.states import OPEN

Key = tuple[str, int, int, int, str]
"""A counter's key without objects: what goes from process to process in millions."""
Packed = tuple[dict[type[models.Model], Any], Counter[Key], Counter[str], int, int]
COUNT = ("measure", "agency_id", "procedure_id", "state", "month", "count")
_plan: Plan | None = None


@dataclass(frozen=True)
class Filled:
    """What was written, and in how many seconds."""

    dossiers: int
    events: int
    open: int
    late: int
    settled: int
    seconds: float


def fill(
    number: int, *, first: dt.date, last: dt.date, seed: int, processes: int = 0, say: Callable[[str], None] = print
) -> Filled:
    """Fill a database that holds no dossier yet. `processes`: how many make rows, 0 for one a core, 1 for this one.

    Raises NothingToSimulateError where there are dossiers, or no catalogue or officers.
    """
    if Dossier.objects.exists() or CodeCounter.objects.exists():
        raise NothingToSimulateError("There are dossiers already: a pile is made in an empty database only.")
    began = time.monotonic()
    plan = make_plan(seed=seed, first=first, last=last)
    days = [day.toordinal() - EPOCH for day in days_of(first, last)]
    numbers = spread(number, days, plan.provincial.hours)
    jobs, key = [], 1
    for day, many in zip(days, numbers, strict=True):
        jobs.append((day, many, key))
        key += many
    tally, counts, series = Counter[str](), Counter[Key](), Counter[str]()
    made = made_by_many(plan, jobs, processes or os.cpu_count() or 1) if processes != 1 else made_here(plan, jobs)
    with transaction.atomic(durable=True), store.without_keys(model._meta.db_table for model in MODELS) as again:
        told = began
        for packed, counted, codes, dossiers, events in made:
            for model in MODELS:
                store.write(model, packed[model])
            counts.update(counted)
            series.update(codes)
            tally.update(dossiers=dossiers, events=events)
            if time.monotonic() - told > 5:
                told = time.monotonic()
                say(f"  {tally['dossiers']:,} of {number:,}, {tally['dossiers'] / (told - began):,.0f} a second")
        write_counts(counts)
        CodeCounter.objects.bulk_create(
            [CodeCounter(series=name, last=last) for name, last in series.items()], batch_size=5_000
        )
        store.move_sequences(MODELS)
        say(f"  {time.monotonic() - began:.0f} s: rows written; {len(again)} indexes and keys are made")
    say(f"  {time.monotonic() - began:.0f} s: the database looks through its tables")
    store.tidy([*MODELS, Count, CountSum, CodeCounter])
    return filled(tally, counts, time.monotonic() - began)


def filled(tally: Counter[str], counts: Counter[Key], seconds: float) -> Filled:
    """Return the figures, from the counters."""
    by_measure = Counter[str]()
    for (measure, _agency, _procedure, state, _month), count in counts.items():
        by_measure[measure] += count
        if measure == "decided" and state in OPEN:
            by_measure["open"] += count
    settled = by_measure["early"] + by_measure["on_time"] + by_measure["late"]
    return Filled(tally["dossiers"], tally["events"], by_measure["open"], by_measure["late"], settled, seconds)


def write_counts(counts: Counter[Key]) -> None:
    """Write the counters, folded, and their sums."""
    rows = [(*key, count) for key, count in sorted(counts.items())]
    data: Any = rows
    if connection.vendor == "postgresql":
        data = "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()
    store.write(Count, data, COUNT)
    store.move_sequences([Count])
    folding.rebuild_sums()


def made_here(plan: Plan, jobs: list[tuple[int, int, int]]) -> Iterator[Packed]:
    """Make the days one after the other in this process."""
    for job in jobs:
        yield packed_day(plan, job, connection.vendor)


def made_by_many(plan: Plan, jobs: list[tuple[int, int, int]], processes: int) -> Iterator[Packed]:
    """Make the days in processes of their own, in order, never more than a few ahead of what is written."""
    global _plan
    _plan, vendor = plan, connection.vendor
    # A forked process must not hold this one's connection. It needs no collector: rows hold no cycles.
    connections.close_all()
    pool = multiprocessing.get_context("fork").Pool(processes, initializer=gc.disable)
    return _in_order(pool, jobs, vendor, processes + 1)


def _in_order(pool: Any, jobs: list[tuple[int, int, int]], vendor: str, ahead: int) -> Iterator[Packed]:
    with pool:
        waiting: deque[Any] = deque()
        for job in jobs:
            waiting.append(pool.apply_async(_packed_here, (job, vendor)))
            if len(waiting) > ahead:
                yield waiting.popleft().get()
        while waiting:
            yield waiting.popleft().get()


def _packed_here(job: tuple[int, int, int], vendor: str) -> Packed:
    assert _plan is not None
    return packed_day(_plan, job, vendor)


def packed_day(plan: Plan, job: tuple[int, int, int], vendor: str) -> Packed:
    """Return a day's rows ready to be written, what the counters say of them, and its series of codes."""
    day, number, first = job
    ledger, series = make_day(plan, day, number, first)
    packed = {model: store.packed(model, rows, vendor) for model, rows in ledger.rows.items()}
    counts = Counter[Key]()
    for (measure, agency, procedure, state, month), count in ledger.counts.items():
        counts[str(measure), agency, procedure, state, month.isoformat()] = count
    return packed, counts, series, len(ledger.rows[Dossier]), len(ledger.rows[DossierEvent])
