"""Acts a second on PostgreSQL, with locks, events and counters, beside bare SQL doing the same writes."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.site import ROOT, fresh, say

ACTS = ("forward", "take_over", "finish")
EACH, BULK, PROCESSES = 150, 1_000, 4
Statement = tuple[str, Any, bool]
"""SQL, parameters, and whether there are many sets of them."""


def measure() -> bool:
    """Print the rates of one process, of four, and of bulk acts, each beside bare SQL."""
    os.environ["TESTING"] = "1"
    from tests.desk import databases

    folder = fresh("desk_acts")
    with databases.postgres("mot_cua_bench_acts", folder) as url:
        environment = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": url, "CACHE_URL": ""}
        needed = 2 * EACH * (PROCESSES + 1) + 2 * BULK
        (entered,) = run(environment, ("enter", needed))
        (one,) = run(environment, ("single", 0))
        four = run(environment, *(("single", 2 * EACH * each) for each in range(1, PROCESSES + 1)))
        (bulk,) = run(environment, ("bulk", 2 * EACH * (PROCESSES + 1)))
    say("desk_acts", f"receive, with papers and people: {entered['rate']:.0f} acts/s in one process", holds=True)
    for act in ACTS:
        for name, found in (("one process", [one]), ("four processes", four)):
            ours, bare = (sum(each[kind][act] for each in found) for kind in ("desk", "bare"))
            told = f"{act}, {name}: {ours:.0f} acts/s, bare SQL {bare:.0f} (ratio {ours / bare:.2f})"
            cost = f"{one['queries'][act]} statements and {one['cpu'][act]:.2f} ms of Python an act"
            say("desk_acts", f"{told}; {cost}", holds=True)
    for act in ACTS:
        ours, bare = bulk["desk"][act], bulk["bare"][act]
        told = f"{act}, {BULK:,} in one bulk act: {ours:.0f} dossiers/s, bare SQL {bare:.0f} (ratio {ours / bare:.2f})"
        cost = f"{bulk['queries'][act]} statements, {bulk['cpu'][act]:.2f} ms of Python a dossier"
        say("desk_acts", f"{told}; {cost}", holds=True)
    return True


def run(environment: dict[str, str], *jobs: tuple[str, int]) -> list[dict[str, Any]]:
    """Run jobs at the same time, each in a process; return what they printed."""
    command = [sys.executable, "-m", "bench.desk_acts"]
    running = [
        subprocess.Popen([*command, job, str(first)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for job, first in jobs
    ]
    printed = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        sys.exit("a job of desk_acts failed")
    return [json.loads(each.splitlines()[-1]) for each in printed]


def enter(count: int) -> dict[str, Any]:
    """Make the cast, and receive so many dossiers."""
    from tests.desk.cast import MONDAY, make_cast

    cast = make_cast()
    cast.received(MONDAY)  # The first one fills what is kept.
    start = time.monotonic()
    for _each in range(count):
        cast.received(MONDAY)
    return {"rate": count / (time.monotonic() - start)}


def single(first: int) -> dict[str, Any]:
    """Do each act to one dossier after the other: by the desk, then to others by bare SQL."""
    ids = dossiers(first, 2 * EACH)
    found: dict[str, Any] = {"desk": {}, "bare": {}, "queries": {}, "cpu": {}}
    for act, call in calls().items():
        start, cpu = time.monotonic(), time.process_time()
        for pk in ids[:EACH]:
            call(act, pk)
        found["desk"][act] = EACH / (time.monotonic() - start)
        found["cpu"][act] = (time.process_time() - cpu) / EACH * 1_000
    for act, call in calls().items():
        captured = [capture(lambda pk=pk, act=act, call=call: call(act, pk)) for pk in ids[EACH:]]
        found["queries"][act] = len(captured[0])
        found["bare"][act] = EACH / replay([writes(each) for each in captured], keep=True)
    return found


def bulk(first: int) -> dict[str, Any]:
    """Do each act to a thousand in one: as bare SQL that is rolled back, then by the desk."""
    from desk import actions

    ids = dossiers(first, BULK)
    found: dict[str, Any] = {"desk": {}, "bare": {}, "queries": {}, "cpu": {}}
    for act, details in details_of().items():
        by, more = details

        def call(act: str = act, by: Any = by, more: dict[str, Any] = more) -> None:
            done = getattr(actions, act).bulk(ids, by=by, at=LATER, **more)
            assert len(done.done) == BULK, done.refused[:3]

        captured = capture(call)
        found["queries"][act] = len(captured)
        found["bare"][act] = BULK / replay([writes(captured)], keep=False)
        start, cpu = time.monotonic(), time.process_time()
        call()
        found["desk"][act] = BULK / (time.monotonic() - start)
        found["cpu"][act] = (time.process_time() - cpu) / BULK * 1_000
    return found


LATER = dt.datetime(2026, 3, 3, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def dossiers(first: int, count: int) -> list[int]:
    """Return the keys of some dossiers that were received."""
    from desk.models import Dossier

    return list(Dossier.objects.order_by("pk").values_list("pk", flat=True)[first : first + count])


def details_of() -> dict[str, tuple[Any, dict[str, Any]]]:
    """Return who does each act, and with what."""
    from catalogue.models import Agency
    from desk.actors import officer
    from portal.models import User

    by = {user.username: officer(user, LATER) for user in User.objects.all()}
    result = {"outcome": "granted", "number": "1/QĐ", "signed_on": LATER.date(), "signatory": "Lê Minh"}
    return {
        "forward": (by["clerk"], {"to_agency": Agency.objects.get(identifier="DEMO.02"), "step": "Thẩm định"}),
        "take_over": (by["handler"], {}),
        "finish": (by["approver"], result),
    }


def calls() -> dict[str, Callable[[str, int], Any]]:
    """Return each act on one dossier."""
    from desk import actions

    table = details_of()
    return dict.fromkeys(ACTS, lambda act, pk: getattr(actions, act)(pk, by=table[act][0], at=LATER, **table[act][1]))


def capture(call: Callable[[], Any]) -> list[Statement]:
    """Return the statements of an act, which is taken back."""
    from django.db import connection, transaction

    found: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            found.append((sql, params, many))
        return execute(sql, params, many, context)

    with undone(transaction), connection.execute_wrapper(note):
        call()
    return found


@contextmanager
def undone(transaction: Any) -> Iterator[None]:
    """Take back whatever a block writes; durable acts may run in it."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


def writes(statements: list[Statement]) -> list[Statement]:
    """Return what locks and writes."""
    return [
        each for each in statements if each[0].startswith(("INSERT", "UPDATE", "DELETE")) or "FOR UPDATE" in each[0]
    ]


def replay(transactions: list[list[Statement]], *, keep: bool) -> float:
    """Run statements by psycopg, a transaction each; return the seconds."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        start = time.monotonic()
        for statements in transactions:
            with connection.transaction(force_rollback=not keep), connection.cursor() as cursor:
                for sql, params, many in statements:
                    (cursor.executemany if many else cursor.execute)(sql, params)
        return time.monotonic() - start


if __name__ == "__main__":
    import logging

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    logging.disable(logging.INFO)
    print(json.dumps({"enter": enter, "single": single, "bulk": bulk}[sys.argv[1]](int(sys.argv[2]))))
