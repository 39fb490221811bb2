"""The officers' lists on PostgreSQL: 16 users on databases of 10,000 to a million dossiers, beside the bare queries."""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import quantiles
from typing import Any

from bench.desk_data import UNTIL, environment, filled
from bench.site import ROOT, say

SIZES = (10_000, 100_000, 1_000_000)
USERS, ROUNDS = 16, 5
MOST = 50.0
"""Milliseconds in which 95 of 100 must be answered."""
ALONE, CROWDED, RATE = "alone: ", "without a pause, ", "requests a second without a pause"
PHASES: tuple[tuple[str, ...], ...] = (("agency", "province", "totals"), ("plain",), ("other", "detail"))
"""Kinds that are asked for at the same time: lists of an office day, then what is compared with them, then the rest."""
TURNS, LONG = 12, 200
"""Pages of so many rows that are turned before a deep page is asked for."""


def measure(arguments: Sequence[str] = ()) -> bool:
    """Fill what isn't filled, ask, and print p50, p95 and p99 of every kind."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk_queues")
    parser.add_argument("--dossiers", type=int, action="append", help="sizes (default: 10,000, 100,000, 1,000,000)")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each user asks for each kind")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two requests of a user")
    options = parser.parse_args(arguments)
    holds = True
    for size in options.dossiers or SIZES:
        # Django is set up once a process, so each database has one of its own.
        command = [sys.executable, "-m", "bench.desk_queues", "--ask", str(size), str(options.users)]
        command += [str(options.rounds), str(options.pause)]
        url = filled(size)
        holds &= subprocess.run(command, cwd=ROOT, env=environment(url)).returncode == 0
        holds &= verified(url, size)
    return holds


def verified(url: str, size: int) -> bool:
    """Print how long verify_desk takes: it recounts what the lists are counted by."""
    began = time.monotonic()
    command = [sys.executable, "manage.py", "verify_desk"]
    done = subprocess.run(command, cwd=ROOT, env=environment(url), capture_output=True, text=True)
    seconds = time.monotonic() - began
    told = (done.stdout.strip().splitlines() or [done.stderr.strip()[-300:]])[-1]
    return say(f"{size:,} · verify_desk", f"{seconds:.0f} s: {told}", holds=done.returncode == 0)


@dataclass(frozen=True)
class Task:
    """One request, by the name under which it is counted."""

    name: str
    ask: Callable[[], Any]


def ask(size: int, users: int, rounds: int, pause: float) -> bool:
    """Let all users ask at once, and print what they waited."""
    import django

    django.setup()
    from catalogue.opening import ZONE
    from desk.models import DossierEvent

    at = dt.datetime.combine(dt.date.fromisoformat(UNTIL) + dt.timedelta(1), dt.time(10), ZONE)
    print(
        f"desk_queues: {size:,} dossiers, {DossierEvent.objects.count():,} events; {users} users, {pause} s from an "
        f"answer to the next request; {os.cpu_count()} cores, load of the machine before: {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    times = together(at, users, rounds, pause)
    holds = say(f"{size:,} · {RATE}", f"{times.pop(RATE)[0]:,.0f} pages, each with its count", holds=True)
    for name in sorted(times):
        if not name.startswith(ALONE):
            limited = name.startswith((*PHASES[0], "other page"))
            holds &= tell(f"{size:,} · {name}", times[name], times.get(f"{ALONE}{name}", []), limited=limited)
    told_of_fold(size)
    return holds


def tell(name: str, waited: list[float], alone: list[float], *, limited: bool) -> bool:
    """Print a kind's times in milliseconds: with all users at once, and with one alone."""
    p50, p95, p99 = percentiles(waited)
    one, _p95, _p99 = percentiles(alone)
    asked = f" (asked: ≤ {MOST:.0f})" if limited else ""
    text = f"p50 {p50:.1f}, p95 {p95:.1f}{asked}, p99 {p99:.1f} ms of {len(waited)}; one user alone p50 {one:.1f}"
    return say(name, text, holds=not limited or p95 <= MOST)


def percentiles(waited: list[float]) -> tuple[float, float, float]:
    """Return the 50th, 95th and 99th."""
    cuts = quantiles(waited * 2, n=100, method="inclusive") if waited else [0.0] * 99
    return cuts[49], cuts[94], cuts[98]


def together(at: dt.datetime, users: int, rounds: int, pause: float) -> dict[str, list[float]]:
    """Return the milliseconds of every request by kind, all users asking at once."""
    from django.db import connections

    from bench.desk_lists import officers
    from catalogue.models import Agency
    from desk.filters import MANY

    people = officers(at, users)
    everywhere = frozenset(Agency.objects.values_list("pk", flat=True))
    assert len(everywhere) > MANY
    connections.close_all()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(users)
    answers: Any = context.Queue()
    processes = [
        context.Process(target=one_user, args=(number, who, everywhere, at, rounds, pause, start, answers))
        for number, who in enumerate(people)
    ]
    for process in processes:
        process.start()
    found: dict[str, list[float]] = defaultdict(list)
    for _process in processes:
        for name, waited in answers.get():
            found[name].append(waited)
    for process in processes:
        process.join()
    return dict(sorted(found.items()))


def one_user(
    number: int,
    who: Any,
    everywhere: frozenset[int],
    at: dt.datetime,
    rounds: int,
    pause: float,
    start: Any,
    answers: Any,
) -> None:
    """Ask for everything some times, in an order of one's own, and hand over what one waited."""
    tasks = tasks_of(who, everywhere, at)
    for task in tasks:
        task.ask()
    order = [task for task in tasks for _round in range(rounds)]
    random.Random(number).shuffle(order)
    found = []
    for chosen in PHASES:
        run = [task for task in order if task.name.startswith(chosen)]
        start.wait()
        if number == 0:
            found += [(f"{ALONE}{name}", waited) for name, waited in timed(run, 0)]
        start.wait()
        time.sleep(random.Random(number).random() * pause)
        found += timed(run, pause)
    start.wait()
    began = time.perf_counter()
    run = [task for task in order if task.name.startswith(PHASES[0])]
    found += [(f"{CROWDED}{name.partition(':')[0]}, page and count", waited) for name, waited in timed(run, 0)]
    start.wait()
    if number == 0:
        found.append((RATE, len(run) * start.parties / (time.perf_counter() - began)))
    answers.put(found)


def timed(order: list[Task], pause: float) -> list[tuple[str, float]]:
    """Return the milliseconds of each request."""
    found = []
    for task in order:
        began = time.perf_counter()
        task.ask()
        found.append((task.name, (time.perf_counter() - began) * 1000))
        time.sleep(pause)
    return found


def tasks_of(who: Any, everywhere: frozenset[int], at: dt.datetime) -> list[Task]:
    """Return what a user asks for."""
    from bench.desk_lists import TOTALS, kinds, of_the_province, others
    from desk.counters import totals
    from desk.filters import Filter
    from desk.models import Measure
    from desk.queues import count, page

    found = []
    for whose, scope, of in (("agency", who.scope, kinds(at)), ("province", everywhere, of_the_province(at))):
        for name, narrowed in of.items():
            chosen = Filter(scope, at, **narrowed(who))
            deep = deep_cursor(chosen, at)
            first, later = partial(both, chosen), partial(both, chosen, deep)
            found.append(Task(f"{whose}: {name}, first page and count", first))
            if deep:
                found.append(Task(f"{whose}: {name}, deep page and count", later))
            if name in ("open", "everything"):
                found.append(Task(f"plain SQL, {whose}: {name}, first page and count", bare(first)))
    for name, narrowed in others(at).items():
        chosen = Filter(who.scope, at, **narrowed(who))
        found.append(Task(f"other page, agency: {name}", partial(page, chosen)))
        found.append(Task(f"other count, agency: {name}", partial(count, chosen)))
    for name, (by, only) in TOTALS.items():
        kind = "detail" if len(by) > 2 else "totals"
        found.append(Task(f"{kind}: {name}", partial(totals, Measure.DECIDED, *by, **only)))
    return found


def both(chosen: Any, after: str = "") -> Any:
    """Return a page with its exact count, as a screen shows them."""
    from desk.queues import count, page

    return page(chosen, after), count(chosen)


def deep_cursor(chosen: Any, at: dt.datetime) -> str:
    """Return a cursor far down a list: a year back in what came, some thousand rows down in what is due."""
    from desk.cursors import Spot, written
    from desk.queues import page

    if not chosen.is_queue:
        return "" if chosen.is_text else written(Spot("came", at - dt.timedelta(365), 0))
    cursor = ""
    for _turn in range(TURNS):
        cursor, before = page(chosen, cursor, LONG).next_cursor, cursor
        if not cursor:
            return before
    return cursor


def bare(work: Callable[[], Any]) -> Callable[[], Any]:
    """Return the same statements as psycopg alone runs them, without Django."""
    import psycopg
    from django.db import connection

    statements: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    parts = connection.get_connection_params()
    own = {name: parts[name] for name in ("host", "port", "user", "password", "dbname") if name in parts}
    plain = psycopg.connect(**own, autocommit=True, cursor_factory=psycopg.ClientCursor)

    def run() -> None:
        with plain.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params).fetchall()

    return run


def told_of_fold(size: int) -> None:
    """Print how long a fold of ten thousand deltas takes: they are taken back by a second one."""
    from collections import Counter

    from desk import counters, folding
    from desk.models import Count

    folding.fold_deltas()
    rows = Count.objects.order_by("pk").values_list("measure", "agency_id", "procedure_id", "state", "month")[:10_000]
    for change in (1, -1):
        counters.write(Counter(dict.fromkeys(rows, change)))
        began = time.perf_counter()
        number = folding.fold_deltas()
    say(f"{size:,} · fold", f"{number:,} deltas in {time.perf_counter() - began:.2f} s", holds=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        sys.exit(not ask(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
    sys.exit(not measure(sys.argv[1:]))
