"""The life of dossiers in many thousand random steps: any acts by anybody at any time, what must hold after each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter

from bench.site import BENCH_DIR, ROOT, fresh, say

ASKED_STEPS = 50_000
PROCESSES = 2


def measure() -> bool:
    """Take the steps in two processes, each on a database of its own, and print how many and what broke."""
    from tests.desk import databases

    start = time.monotonic()
    running = []
    for each in range(PROCESSES):
        folder = fresh(f"desk_life_{each}")
        environment = {
            **os.environ,
            "TESTING": "1",
            "VAR_DIR": str(folder),
            "DATABASE_URL": databases.sqlite(folder, BENCH_DIR),
        }
        command = [sys.executable, "-m", "bench.desk_life", str(ASKED_STEPS // PROCESSES)]
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True))
    steps: Counter[str] = Counter()
    faults = 0
    for process in running:
        printed, _none = process.communicate()
        if process.returncode:
            faults += 1
            print(printed)
        else:
            steps.update(json.loads(printed.splitlines()[-1]))
    return say(
        "desk_life",
        f"{steps.total():,} steps ({', '.join(f'{number:,} {name}' for name, number in steps.most_common())}) "
        f"in {time.monotonic() - start:,.0f} s; {faults} faults (asked: {ASKED_STEPS:,} steps, no fault)",
        holds=not faults and steps.total() >= ASKED_STEPS,
    )


def walk(wanted: int) -> None:
    """Take steps until there are enough; a fault ends it with the shortest way to it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import logging

    from django.db import transaction
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.desk.life import Life, make_world

    logging.disable(logging.INFO)
    some = settings(
        max_examples=100,
        stateful_step_count=60,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    outer = transaction.atomic()
    outer._from_testcase = True
    with outer:
        Life.world = make_world()
        while Life.steps.total() < wanted:
            run_state_machine_as_test(Life, settings=some)
            print(f"desk_life: {Life.steps.total():,} of {wanted:,}", file=sys.stderr, flush=True)
        transaction.set_rollback(True)
    print(json.dumps(Life.steps))


if __name__ == "__main__":
    walk(int(sys.argv[1]))
