"""Citizens follow their dossiers over HTTP: 16 at once, by code and by token, some of them wrong."""

from __future__ import annotations

import argparse
import http.client
import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode, urlsplit

from bench.desk_data import environment, filled
from bench.desk_queues import percentiles
from bench.site import HOST, ROOT, say, serving

CLIENTS, ROUNDS, PAUSE, PEOPLE = 16, 40, 0.5, 400
UNLIMITED = {"TRACKING_TRIES_ADDRESS": "1000000", "TRACKING_TRIES_CODE": "1000000"}
"""Tries aren't limited, since one address asks."""
MOST = 60.0
"""Milliseconds in which 95 of 100 must be answered."""
LANGUAGES = ("vi", "en", "zh-hans", "ko", "ja")
TYPED = {"Content-Type": "application/x-www-form-urlencoded"}
Request = tuple[str, str, str, str]
"""Kind, method, address, body."""


def measure(arguments: Sequence[str] = ()) -> bool:
    """Fill the database if it isn't, serve it, ask, and print p50 and p95 of every kind."""
    parser = argparse.ArgumentParser(prog="python -m bench.tracking")
    parser.add_argument("--dossiers", type=int, default=1_000_000)
    options = parser.parse_args(arguments)
    # Django is set up once a process, so the database has one of its own.
    command = [sys.executable, "-m", "bench.tracking", "--ask", str(options.dossiers)]
    return subprocess.run(command, cwd=ROOT, env=environment(filled(options.dossiers))).returncode == 0


def ask(size: int) -> bool:
    """Let all clients ask, and print what they waited."""
    import django

    django.setup()
    people = someone()
    with serving(**UNLIMITED) as base:
        port = urlsplit(base).port
        for number in range(CLIENTS):
            visit(port, requests_of(people, random.Random(number)), 3, 0, defaultdict(list))
        waited: dict[str, list[float]] = defaultdict(list)
        threads = [
            threading.Thread(target=visit, args=(port, requests_of(people, random.Random(n)), ROUNDS, PAUSE, waited))
            for n in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print(
        f"tracking: {size:,} dossiers, {CLIENTS} clients, {PAUSE} s from an answer to the next request; "
        f"{os.cpu_count()} cores, load of the machine at the end: {os.getloadavg()[0]:.1f}"
    )
    held = [tell(f"{size:,} · {kind}", waited[kind]) for kind in sorted(waited)]
    return all(held)


def tell(name: str, times: list[float]) -> bool:
    """Print a kind's times in milliseconds."""
    p50, p95, _p99 = percentiles(times)
    text = f"p50 {p50:.1f}, p95 {p95:.1f} ms (asked: ≤ {MOST:.0f}) of {len(times)}"
    return say(name, text, holds=p95 <= MOST)


def someone() -> list[tuple[str, str, str]]:
    """Return code, ending and token of dossiers picked over the whole table."""
    from django.db.models import Max

    from desk.factors import OF_PEOPLE
    from desk.models import Dossier, Party
    from desk.public import plain_factor

    last = Dossier.objects.aggregate(last=Max("pk"))["last"]
    keys = random.Random(1).sample(range(1, last + 1), min(PEOPLE, last))
    parties = Party.objects.filter(dossier__in=keys, erased_at=None).values_list(
        "dossier__code", "phone", "identifiers__kind", "identifiers__value", "dossier__tracking_token"
    )
    found = [
        (code, plain_factor(phone) or (plain_factor(number) if kind in OF_PEOPLE else ""), token)
        for code, phone, kind, number, token in parties
    ]
    return [each for each in found if each[1]]


def requests_of(people: list[tuple[str, str, str]], chance: random.Random) -> Iterator[Request]:
    """Give requests without end: four by code, four by token, one with a wrong ending, one for no dossier."""
    while True:
        for kind in chance.sample(["by code"] * 4 + ["by token"] * 4 + ["wrong ending", "no such code"], 10):
            code, ending, token = chance.choice(people)
            language = chance.choice(LANGUAGES)
            if kind == "by token":
                yield kind, "GET", f"/t/{token}?lang={language}", ""
                continue
            ending = ending if kind == "by code" else "zzzzzz"
            code = code if kind != "no such code" else f"{code}9"
            yield kind, "POST", f"/{language}/tracking/", urlencode({"code": code, "ending": ending})


def visit(port: int, asked: Iterator[Request], rounds: int, pause: float, waited: dict[str, list[float]]) -> None:
    """Ask so often, a connection each time as readers do; another status than the right one ends the measure."""
    # Nobody comes in step with others.
    time.sleep(random.random() * pause)
    for _round in range(rounds):
        kind, method, address, body = next(asked)
        began = time.perf_counter()
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        connection.request(method, address, body, TYPED if body else {})
        answer = connection.getresponse()
        answer.read()
        waited[kind].append((time.perf_counter() - began) * 1000)
        connection.close()
        assert answer.status == (200 if kind.startswith("by") else 400), f"{kind}: {answer.status}"
        time.sleep(pause)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        sys.exit(not ask(int(sys.argv[2])))
    sys.exit(not measure(sys.argv[1:]))
