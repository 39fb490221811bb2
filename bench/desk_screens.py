"""Today, the queue and a dossier over HTTP: 16 users, PostgreSQL, a million dossiers; milliseconds and queries."""

from __future__ import annotations

import argparse
import http.client
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench.desk_data import SERVER, address, create, environment, exists, filled, is_filled, manage
from bench.desk_queues import percentiles
from bench.site import HOST, ROOT, say, serving

SIZE, USERS, ROUNDS, PAUSE = 1_000_000, 16, 15, 0.5
ASKED = {"today": 100.0, "queue": 120.0, "dossier": 100.0}
"""Milliseconds in which 95 of 100 must be answered."""
MOST_QUERIES = 12
ROLES = ("clerk", "handler", "approver", "head")


def measure(arguments: Sequence[str] = ()) -> bool:
    """Copy the lists' database, serve it, and let all users open the screens."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk_screens")
    parser.add_argument("--dossiers", type=int, default=SIZE)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each user opens each screen")
    parser.add_argument("--pause", type=float, default=PAUSE, help="seconds between two requests of a user")
    parser.add_argument("--keep", action="store_true", help="leave the copy of the database")
    options = parser.parse_args(arguments)
    name = copied(options.dossiers)
    command = [sys.executable, "-m", "bench.desk_screens", "--ask", str(options.dossiers), str(options.users)]
    command += [str(options.rounds), str(options.pause)]
    try:
        return subprocess.run(command, cwd=ROOT, env=environment(address(name))).returncode == 0
    finally:
        if not options.keep:
            drop(name)


def copied(size: int, what: str = "screens") -> str:
    """Return a database of its own: the measure logs officers in, and the lists' database stays as it was made."""
    source, name = f"mot_cua_desk_{size}", f"mot_cua_desk_{what}_{size}"
    if is_filled(name, size):
        return name
    if not has_dossiers(source, size):
        filled(size)
    began = time.monotonic()
    create(name, source)
    manage(address(name), "migrate", "-v0")
    with psycopg.connect(address(name), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")  # As autovacuum would have it after a day.
    print(f"desk_{what}: {size:,} dossiers copied in {time.monotonic() - began:,.0f} s", flush=True)
    return name


def has_dossiers(name: str, size: int) -> bool:
    """Return whether a database has so many dossiers, whatever migrations came since."""
    if not exists(name):
        return False
    with psycopg.connect(address(name)) as connection:
        found = connection.execute("SELECT COUNT(*) FROM desk_dossier").fetchone()
    return bool(found) and found[0] == size


def drop(name: str) -> None:
    """Remove the copy."""
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')


@dataclass(frozen=True)
class User:
    """Somebody who is logged in, and the addresses that they open, by screen."""

    cookie: str
    screens: dict[str, list[str]]


def ask(size: int, users: int, rounds: int, pause: float) -> bool:
    """Count the queries of each screen, then time them with all users at once."""
    import django

    django.setup()
    people, queries = logged_in(users)
    load = os.getloadavg()[0]
    print(
        f"desk_screens: {size:,} dossiers; {users} users, {pause} s from an answer to the next request; "
        f"{os.cpu_count()} cores, load of the machine before: {load:.1f}",
        flush=True,
    )
    with serving() as base:
        port = urlsplit(base).port
        for user in people:
            run(port, user, [(name, each) for name, urls in user.screens.items() for each in urls], 0)  # Warm.
        times = together(port, people, rounds, pause)
    holds = True
    for name, waited in sorted(times.items()):
        p50, p95, p99 = percentiles(waited)
        limit = ASKED.get(name)
        asked = f" (asked: ≤ {limit:.0f})" if limit else ""
        text = (
            f"p50 {p50:.0f}, p95 {p95:.0f}{asked}, p99 {p99:.0f} ms of {len(waited)}; {queries[name]} queries at most"
        )
        is_held = limit is None or (p95 <= limit and queries[name] <= MOST_QUERIES)
        holds &= say(f"{size:,} · {name}", text, holds=is_held)
    return holds


def logged_in(users: int) -> tuple[list[User], dict[str, int]]:
    """Log officers of the busiest agencies in; return them with what they open, and the most queries a screen took."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found, most = [], defaultdict[str, int](int)
    for posting in postings(users):
        client = Client(HTTP_HOST=HOST)
        client.force_login(posting.user)
        screens = screens_of(posting)
        for name, urls in screens.items():
            for url in urls:
                client.get(url)
                with CaptureQueriesContext(connection) as queries:
                    answer = client.get(url)
                assert answer.status_code == 200, (url, answer.status_code)
                most[name] = max(most[name], len(queries))
        found.append(User(client.cookies[settings.SESSION_COOKIE_NAME].value, screens))
    return found, dict(most)


def postings(users: int) -> list[Any]:
    """Return posts of officers: a supervisor, and all roles at the agencies that hold the most open dossiers."""
    from django.db.models import Count

    from catalogue.models import Posting
    from desk.models import Dossier
    from desk.states import OPEN

    rows = Dossier.objects.filter(state__in=OPEN).values_list("holder_agency").annotate(n=Count("pk")).order_by("-n")
    rank = {agency: number for number, (agency, _n) in enumerate(rows)}
    made = Posting.objects.select_related("user").filter(user__is_active=True)
    supervisors = list(made.filter(role="supervisor").order_by("pk")[:1])
    ranked = sorted(made.filter(role__in=ROLES, agency__in=rank), key=lambda each: (rank[each.agency_id], each.pk))
    by_role = [[each for each in ranked if each.role == role] for role in ROLES]
    mixed = [each for group in zip(*by_role, strict=False) for each in group]
    assert len(mixed) >= users - 1, "simulate_desk --make-officers makes them"
    return [*supervisors, *mixed][:users]


def screens_of(posting: Any) -> dict[str, list[str]]:
    """Return the addresses that an officer opens: Today, the list in some ways, dossiers of the agency, workload."""
    from django.utils import timezone

    from desk.actors import officer
    from desk.filters import filter_for
    from desk.queues import page
    from desk.states import OPEN

    at = timezone.now()
    rows = page(filter_for(officer(posting.user, at), at, states=OPEN), size=5).rows
    over_others = {"workload": ["/desk/workload/"]} if posting.role in ("head", "supervisor") else {}
    return over_others | {
        "today": ["/desk/"],
        "queue": ["/desk/dossiers/", "/desk/dossiers/?due=overdue", "/desk/dossiers/?whose=nobody"],
        "queue, newest first": ["/desk/dossiers/?sort=newest"],
        "queue, ready to hand over": ["/desk/dossiers/?state=ready"],
        "notices": ["/desk/notices/"],
        "dossier": [f"/desk/dossiers/{row.code}/" for row in rows],
    }


def together(port: int, people: list[User], rounds: int, pause: float) -> dict[str, list[float]]:
    """Return the milliseconds of each screen, all users at once."""

    def work(number: int, user: User) -> list[tuple[str, float]]:
        rng = random.Random(number)
        order = [(name, rng.choice(urls)) for name, urls in user.screens.items() for _round in range(rounds)]
        rng.shuffle(order)
        time.sleep(rng.random() * pause)
        return run(port, user, order, pause)

    found: dict[str, list[float]] = defaultdict(list)
    with ThreadPoolExecutor(len(people)) as pool:
        for waited in pool.map(work, range(len(people)), people):
            for name, milliseconds in waited:
                found[name].append(milliseconds)
    return found


def run(port: int, user: User, order: list[tuple[str, str]], pause: float) -> list[tuple[str, float]]:
    """Open screens one after the other on one connection; an answer that isn't 200 ends the measure."""
    from django.conf import settings

    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={user.cookie}", "Accept-Encoding": "gzip"}
    found = []
    for name, url in order:
        began = time.perf_counter()
        connection.request("GET", url, headers=headers)
        answer = connection.getresponse()
        answer.read()
        found.append((name, (time.perf_counter() - began) * 1000))
        if answer.status != 200:
            raise RuntimeError(f"{url} answered {answer.status}")
        time.sleep(pause)
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        sys.exit(not ask(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
    sys.exit(not measure(sys.argv[1:]))
