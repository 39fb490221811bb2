"""Many who write at once, and some who are killed: jobs of a process of its own, on a database of its own.

`python -m tests.desk.writers JOB ROUNDS` with DATABASE_URL in the environment prints one line of JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import django

NUMBERING_WRITERS = 64


def main(job: str, rounds: int) -> None:
    """Do a job on the database of DATABASE_URL, then look at everything that is there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import logging

    logging.disable(logging.INFO)
    start = time.monotonic()
    found = {"race": race, "number": number, "kill": kill}[job](rounds)
    found["seconds"] = round(time.monotonic() - start, 2)
    found |= look()
    sys.stdout.write(json.dumps(found) + "\n")


def now() -> dt.datetime:
    """Return the moment."""
    return dt.datetime.now(dt.UTC)


def race(rounds: int) -> dict[str, Any]:
    """Let two officers do different acts to one dossier at once, both having seen the same."""
    from desk import actions
    from desk.models import Dossier
    from desk.states import State
    from tests.desk.cast import make_cast

    cast = make_cast()
    told: Counter[str] = Counter()
    barrier = threading.Barrier(2)

    def attempt(call: Callable[[], Dossier]) -> str:
        barrier.wait()
        return outcome(call)

    with ThreadPoolExecutor(2, initializer=ready) as pool:
        for each in range(rounds):
            if each % 20 == 0:
                dossier = cast.processing(now())
            dossier, at = Dossier.objects.get(pk=dossier.pk), now()
            seen = dossier.last_number if each % 4 else None
            handler, approver = cast.actor("handler", at), cast.actor("approver", at)
            both = [
                lambda d=dossier, s=seen, t=at, by=handler: actions.request_payment(
                    d.pk, by=by, at=t, seen=s, amount=Decimal(1), purpose="Phí"
                ),
                lambda d=dossier, s=seen, t=at, by=approver: actions.forward(
                    d.pk, by=by, at=t, seen=s, to_agency=cast.department
                ),
            ]
            said = sorted(pool.map(attempt, both))
            after = Dossier.objects.get(pk=dossier.pk)
            written = after.last_number - dossier.last_number
            if seen is None:  # Paying and passing on one after the other is lawful in one order only.
                told["unseen"] += 1
                told["wrong"] += written != said.count("done") or said[0] == "other"
            else:
                told["faster"] += said == ["SomebodyWasFaster", "done"]
                told["wrong"] += said != ["SomebodyWasFaster", "done"] or written != 1
            if after.state == State.PAYMENT:
                after = actions.confirm_payment(after.pk, by=cast.actor("clerk", at), at=now())
            if after.hand_overs.filter(taken_at=None).exists():
                actions.take_over(after.pk, by=cast.actor("handler", at), at=now())
    return {"rounds": rounds, **told}


def outcome(call: Callable[[], Any]) -> str:
    """Return what became of an act."""
    from desk.refusals import ActRefused

    try:
        call()
    except ActRefused as refusal:
        return type(refusal).__name__
    except Exception as error:
        sys.stderr.write(f"{error!r}\n")
        return "other"
    return "done"


def ready() -> None:
    """Open a thread's own connection."""
    from django.db import connection

    connection.ensure_connection()


def number(rounds: int) -> dict[str, Any]:
    """Let 64 writers take codes of one agency and day, a fifth of them rolling back."""
    from django.db import connection, transaction

    from desk.models import CodeCounter
    from desk.numbering import dossier_codes
    from tests.desk.cast import make_cast

    agency, at = make_cast().commune, now()
    taken: list[str] = []

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for _each in range(rounds):
            try:
                with transaction.atomic(durable=True):
                    codes = dossier_codes(agency, at, count=chance.choice((1, 1, 1, 3)))
                    if chance.random() < 0.2:
                        raise InterruptedError
            except InterruptedError:
                continue
            taken.extend(codes)
        connection.close()

    with ThreadPoolExecutor(NUMBERING_WRITERS) as pool:
        list(pool.map(write, range(NUMBERING_WRITERS)))
    numbers = sorted(int(code.rsplit("-", 1)[1]) for code in taken)
    whole = numbers == list(range(1, len(numbers) + 1))
    CodeCounter.objects.all().delete()  # No dossier bears them: a look at the codes would miss them.
    return {"codes": len(taken), "gaps_or_doubles": not whole}


def kill(rounds: int) -> dict[str, Any]:
    """Kill a process in the middle of its acts, again and again."""
    from django.db import connection

    from desk.models import DossierEvent
    from tests.desk.cast import make_cast

    cast = make_cast()
    live(cast, 0)
    whole = DossierEvent.objects.count()
    connection.close()
    chance = random.Random(5)
    for each in range(rounds):
        child = os.fork()
        if child == 0:
            while True:
                live(cast, each)
        time.sleep(chance.uniform(0.05, 0.4))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return {"killed": rounds, "events": DossierEvent.objects.count() - whole}


def live(cast: Any, seed: int) -> None:
    """Act whole lives, one by one and in bulk."""
    from desk import actions
    from desk.states import Outcome
    from tests.desk.cast import FORM

    chance = random.Random(seed)
    at = now()
    by = {name: cast.actor(name, at) for name in ("clerk", "handler", "approver")}
    ids = [cast.received(at).pk for _each in range(3)]
    actions.forward.bulk(ids, by=by["clerk"], at=now(), to_agency=cast.department)
    actions.take_over.bulk(ids, by=by["handler"], at=now())
    actions.request_supplement(ids[0], by=by["handler"], at=now(), demands=[FORM])
    actions.accept_supplement(ids[0], by=by["clerk"], at=now())
    actions.stop(ids[1], by=by["approver"], at=now(), kind="end", reason="Chờ tòa.", ground="Điều 18")
    result = {"outcome": chance.choice(Outcome.values), "number": "1", "signatory": "Lê Minh", "reason": "Đủ."}
    actions.finish.bulk(ids, by=by["approver"], at=now(), signed_on=dt.date.today(), **result)
    actions.return_result.bulk(ids, by=by["clerk"], at=now())


def look() -> dict[str, Any]:
    """Check chains, folds, rows, counters and codes of everything; return what is wrong."""
    from desk.models import CodeCounter, Dossier
    from desk.verifying.running import verify
    from tests.desk.life import counters_hold, events_hold, rows_hold

    faults = []
    for dossier in Dossier.objects.select_related("centre").iterator():
        for check in (events_hold, rows_hold):
            try:
                check(dossier)
            except AssertionError as error:
                faults.append(f"{dossier.code}: {check.__name__} {error}")
    try:
        counters_hold()
    except AssertionError as error:
        faults.append(f"counters: {error}")
    codes = set(Dossier.objects.values_list("code", flat=True))
    for counter in CodeCounter.objects.all():
        given = {f"{counter.series}-{number:04d}" for number in range(1, counter.last + 1)}
        if given - codes:
            faults.append(f"{counter.series}: {len(given - codes)} numbers are missing")
    faults += map(str, verify(now()).faults)
    return {"dossiers": len(codes), "faults": faults[:10]}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
