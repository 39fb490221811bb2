"""A reorganisation while officers act, killed in the middle, and timed: jobs of a process, on a database of its own.

`python -m tests.desk.movers JOB DOSSIERS` with DATABASE_URL in the environment prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django

from tests.desk.writers import look, now, outcome, ready

KILLS = 12
"""Times the process is killed; it goes on with what is left each time."""


def main(job: str, number: int) -> None:
    """Do a job on the database of DATABASE_URL, then look at everything that is there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import logging

    logging.disable(logging.INFO)
    found = {"race": race, "kill": kill, "move": move}[job](number)
    sys.stdout.write(json.dumps(found | left() | look()) + "\n")


def left() -> dict[str, Any]:
    """Return how many dossiers lie where nobody works any more, and how many were moved, how often."""
    from desk.heirs import NEEDS_HOLDER
    from desk.models import Dossier, DossierEvent

    moved = DossierEvent.objects.filter(act="move_to_heir")
    return {
        "left": Dossier.objects.filter(NEEDS_HOLDER, holder_agency__valid_to__isnull=False).count(),
        "moved": moved.count(),
        "moved_once": moved.values("dossier").distinct().count(),
    }


def merged(number: int) -> Any:
    """Return a cast with so many dossiers, of which the commune holds a half, and its merger of today."""
    from catalogue.opening import ZONE
    from desk import actions
    from tests.desk.cast import make_cast
    from tests.desk.merging import merge

    cast = make_cast()
    ids = [cast.received(now()).pk for _each in range(number)]
    by = {name: cast.actor(name, now()) for name in ("clerk", "handler")}
    actions.forward.bulk(ids[::2], by=by["clerk"], at=now(), to_agency=cast.department)
    actions.take_over.bulk(ids[::4], by=by["handler"], at=now())
    return cast, ids, merge(cast, now().astimezone(ZONE).date())


def race(number: int) -> dict[str, Any]:
    """Let officers of the heir and the department act while dossiers follow, in portions of a few."""
    from django.db import connection

    from catalogue.opening import ZONE
    from desk import actions
    from desk.actors import officer
    from desk.reorganising import dossiers, ended
    from tests.desk.merging import follow

    ended.PORTION = 5
    cast, ids, merger = merged(number)
    new, approver = officer(merger.people["clerk"], now()), cast.actor("approver", now())
    told: Counter[str] = Counter()
    barrier = threading.Barrier(2)

    def act() -> None:
        barrier.wait()
        signed = {
            "outcome": "granted",
            "number": "1",
            "signed_on": now().astimezone(ZONE).date(),
            "signatory": "Lê Minh",
        }
        for place, pk in enumerate(ids):
            if place % 2:
                told[outcome(lambda: actions.forward(pk, by=new, at=now(), to_agency=cast.department))] += 1  # noqa: B023
            elif place % 4 == 0:
                told[outcome(lambda: actions.finish(pk, by=approver, at=now(), **signed))] += 1  # noqa: B023
            else:
                told[outcome(lambda: actions.recall(pk, by=new, at=now(), reason="Nhầm."))] += 1  # noqa: B023
        connection.close()

    def move() -> None:
        barrier.wait()
        dossiers.follow(merger.reorganisation, now())
        connection.close()

    with ThreadPoolExecutor(2, initializer=ready) as pool:
        for each in [pool.submit(act), pool.submit(move)]:
            each.result()
    follow(merger.reorganisation, now())
    return {"told": dict(told)}


def kill(number: int) -> dict[str, Any]:
    """Kill the process that moves, again and again; then let it end."""
    from django.db import connection

    from desk.reorganising import ended
    from tests.desk.merging import follow

    ended.PORTION = 5
    _cast, _ids, merger = merged(number)
    connection.close()
    chance = random.Random(3)
    for _each in range(KILLS):
        child = os.fork()
        if child == 0:
            follow(merger.reorganisation, now())
            os._exit(0)
        time.sleep(chance.uniform(0.02, 0.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    at_the_kill = left()["moved"]
    follow(merger.reorganisation, now())
    return {"killed_at": at_the_kill}


def move(number: int) -> dict[str, Any]:
    """Time the look and the move of so many dossiers."""
    from desk.reorganising import dossiers
    from tests.desk.merging import follow

    _cast, _ids, merger = merged(number)
    began = time.perf_counter()
    looked = dossiers.look(merger.reorganisation, now())
    seen = time.perf_counter() - began
    began = time.perf_counter()
    follow(merger.reorganisation, now())
    return {"looked": looked.count, "look_seconds": seen, "move_seconds": time.perf_counter() - began}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
