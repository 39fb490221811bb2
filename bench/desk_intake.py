"""Intake over HTTP: 16 clerks receive and open the slip; PostgreSQL, a million dossiers; it is verified after."""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.desk_data import address, environment, manage
from bench.desk_queues import percentiles
from bench.desk_screens import copied, drop
from bench.site import HOST, ROOT, say, serving

SIZE, USERS, ROUNDS, PAUSE = 1_000_000, 16, 20, 0.5
MOST = 300.0
"""Milliseconds in which 95 of 100 intakes must be saved and their slips be there."""
SAVED = "intake save with slip"
TYPED = {"Content-Type": "application/x-www-form-urlencoded"}


def measure(arguments: Sequence[str] = ()) -> bool:
    """Copy the lists' database, serve it, let all clerks take in, and verify what they entered."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk_intake")
    parser.add_argument("--dossiers", type=int, default=SIZE)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many dossiers each clerk takes in")
    parser.add_argument("--pause", type=float, default=PAUSE, help="seconds between two requests of a clerk")
    options = parser.parse_args(arguments)
    name = copied(options.dossiers, "intake")
    asked = [str(each) for each in (options.dossiers, options.users, options.rounds, options.pause)]
    command = [sys.executable, "-m", "bench.desk_intake", "--ask", *asked]
    try:
        held = subprocess.run(command, cwd=ROOT, env=environment(address(name))).returncode == 0
        began = time.monotonic()
        manage(address(name), "verify_desk", "--since", time.strftime("%Y-%m-%d"))
        print(f"desk_intake: verify_desk found no fault in what was entered ({time.monotonic() - began:,.0f} s)")
        return held
    finally:
        drop(name)


@dataclass(frozen=True)
class Clerk:
    """Somebody at a counter who is logged in, a procedure that often comes there, and the form's values."""

    cookie: str
    path: str
    values: dict[str, Any]


def ask(size: int, users: int, rounds: int, pause: float) -> bool:
    """Let all clerks take dossiers in at once, and print what they waited."""
    import django

    django.setup()
    clerks = logged_in(users)
    load = os.getloadavg()[0]
    print(
        f"desk_intake: {size:,} dossiers; {len(clerks)} clerks, {pause} s from an answer to the next request; "
        f"{os.cpu_count()} cores, load of the machine before: {load:.1f}",
        flush=True,
    )
    waited: dict[str, list[float]] = defaultdict(list)
    with serving() as base:
        port = urlsplit(base).port
        for number, clerk in enumerate(clerks):
            run(port, clerk, number, 1, 0)  # Warm.
        with ThreadPoolExecutor(len(clerks)) as pool:
            jobs = [pool.submit(run, port, clerk, 100 + n, rounds, pause) for n, clerk in enumerate(clerks)]
            for job in jobs:
                for name, milliseconds in job.result():
                    waited[name].append(milliseconds)
    holds = True
    for name, times in sorted(waited.items()):
        p50, p95, p99 = percentiles(times)
        asked = f" (asked: ≤ {MOST:.0f})" if name == SAVED else ""
        text = f"p50 {p50:.0f}, p95 {p95:.0f}{asked}, p99 {p99:.0f} ms of {len(times)}"
        holds &= say(f"{size:,} · {name}", text, holds=name != SAVED or p95 <= MOST)
    return holds


def logged_in(users: int) -> list[Clerk]:
    """Log clerks of the busiest centres in, each with a procedure whose date and fee are reckoned."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from catalogue.models import Posting
    from desk.actors import officer

    found: list[Clerk] = []
    at = timezone.now()
    for posting in Posting.objects.filter(role="clerk", user__is_active=True).select_related("user").order_by("pk"):
        begun = begun_form(officer(posting.user, at), at)
        if begun is None:
            continue
        client = Client(HTTP_HOST=HOST)
        client.force_login(posting.user)
        code, values = begun
        found.append(Clerk(client.cookies[settings.SESSION_COOKIE_NAME].value, f"/desk/intake/{code}/", values))
        if len(found) == users:
            return found
    raise RuntimeError("simulate_desk --make-officers makes clerks: there are too few")


def begun_form(by: Any, at: Any) -> tuple[str, dict[str, Any]] | None:
    """Return a procedure's code and the values of its form with all papers ticked; None where none can be received."""
    from desk.counter import usual
    from desk.forms.intake import IntakeForm
    from desk.refusals import ActRefused
    from desk.routes import require_provincial
    from desk.views.intake import promise

    for procedure in usual.often(by, at):
        try:
            form = IntakeForm(procedure, by, at)
            if form.agency is None or not form.papers:
                continue
            require_provincial(procedure, form.day, form.agency)
        except ActRefused:
            continue
        promised = promise(form, at)
        if promised is None or promised.due_at is None:
            continue
        values = begun_with(form)
        for person in form.people.values():
            values |= begun_with(person)
        return procedure.code, values | {f"has-{paper.key}": "on" for paper in form.papers}
    return None


def begun_with(form: Any) -> dict[str, Any]:
    """Return what a browser sends of a form in which nothing was touched."""
    found = {}
    for name, field in form.fields.items():
        choices = list(getattr(field, "choices", ()))
        value = field.initial if field.initial is not None or not choices else choices[0][0]
        if value not in (None, ""):
            found[form.add_prefix(name)] = value
    return found


def run(port: int, clerk: Clerk, number: int, rounds: int, pause: float) -> list[tuple[str, float]]:
    """Take dossiers in one after the other; another answer than the right one ends the measure."""
    from django.conf import settings

    found = []
    rng = random.Random(number)
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    cookies = {settings.SESSION_COOKIE_NAME: clerk.cookie}

    def asked(method: str, path: str, body: str = "") -> tuple[http.client.HTTPResponse, bytes, float]:
        held = "; ".join(f"{name}={value}" for name, value in cookies.items())
        began = time.perf_counter()
        connection.request(method, path, body or None, {"Cookie": held, **(TYPED if body else {})})
        answer = connection.getresponse()
        content = answer.read()
        waited = (time.perf_counter() - began) * 1000
        if cookie := re.search(rf"{settings.CSRF_COOKIE_NAME}=(\w+)", str(answer.headers.get_all("Set-Cookie") or "")):
            cookies[settings.CSRF_COOKIE_NAME] = cookie[1]
        return answer, content, waited

    time.sleep(rng.random() * pause)
    for _round in range(rounds):
        _answer, _page, begun = asked("GET", "/desk/intake/")
        time.sleep(pause)
        _answer, page, opened = asked("GET", clerk.path)
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|once)" value="([^"]+)"', page.decode()))
        time.sleep(pause)
        typed = clerk.values | hidden | person(rng)
        _answer, _fragment, live = asked("POST", f"{clerk.path}live/", urlencode(typed | {"part": "summary"}))
        time.sleep(pause)
        answer, page, saved = asked("POST", clerk.path, urlencode(typed | {"do": "receive"}))
        if answer.status != 302:
            told = re.findall(rb'class="errorlist"[^>]*><li>([^<]+)|<div><p>([^<]+)', page)
            raise RuntimeError(f"{clerk.path} answered {answer.status}: {[b''.join(each).decode() for each in told]}")
        slip, pdf, printed = asked("GET", f"{answer.headers['Location']}slips/1/01.pdf")
        if slip.status != 200 or not pdf.startswith(b"%PDF"):
            raise RuntimeError(f"The slip answered {slip.status}")
        found += [
            ("intake begun", begun),
            ("intake opened", opened),
            ("promise while typing", live),
            (SAVED, saved + printed),
        ]
        found += [("of it the save", saved), ("of it the slip", printed)]
        time.sleep(pause)
    connection.close()
    return found


def person(rng: random.Random) -> dict[str, str]:
    """Return somebody who was never here: the name, a number that can be, a telephone."""
    return {
        "applicant-name": f"Nguyễn Văn Đo {rng.randrange(10**6)}",
        "applicant-number1": f"04809{rng.randrange(10**7):07d}",
        "applicant-number_kind1": "citizen_card",
        "applicant-phone": f"09{rng.randrange(10**8):08d}",
        "applicant-address": "12 Trần Phú",
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        sys.exit(not ask(*map(int, sys.argv[2:5]), float(sys.argv[5])))
    sys.exit(not measure(sys.argv[1:]))
