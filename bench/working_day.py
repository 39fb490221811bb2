"""A day of two hundred officers in an hour, by real acts over HTTP, while a thousand citizens follow their dossiers.

Each act is done as an officer does it: open a list, a dossier, the form of its next act, send it, read what came of it;
or take a new dossier in and print its receipt. An officer does `ACTS_A_DAY` of them. Nothing of it may fail but where
somebody else was first with the same dossier, and `verify_desk` finds no fault in what was touched.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from bench.desk_data import address, create, environment, manage
from bench.desk_data import filled as fill
from bench.desk_queues import percentiles
from bench.desk_screens import drop, has_dossiers
from bench.knocking import Browser, Failed
from bench.paper import Page, answered, filled, intake
from bench.site import ROOT, say, serving
from bench.tracking import UNLIMITED, requests_of, someone

SIZE, OFFICERS, CITIZENS, MINUTES = 1_000_000, 200, 1_000, 3.0
ACTS_A_DAY = 33
"""Acts of an officer on a day of work: what the simulated province of 1,000,000 dossiers does: 5,383,000 acts of
officers on 499 days by 328 people. No published figure was found."""
LOOKS_AN_HOUR = 6
"""How often a citizen looks in the hour: every ten minutes, far oftener than anybody would."""
HANDS = 24
"""How many officers may wait for an answer at the same moment; as many citizens."""
ROLES = ("clerk", "handler", "approver", "head", "contractor")
AT_THE_COUNTER = {"clerk": 0.45, "contractor": 0.6, "head": 0.1}
"""Part of an officer's acts that take a new dossier in."""
LISTS = {
    "clerk": ("?state=ready", "?whose=ours", "?state=2", "?state=waiting"),
    "contractor": ("?state=ready", "?state=2"),
    "head": ("?whose=ours", "?state=2"),
    "handler": ("?whose=take", "?whose=ours", "?whose=me"),
    "approver": ("?whose=take", "?whose=ours", "?state=4"),
}
BESIDE = ("comment", "request_supplement", "request_payment", "extend")
"""What is done now and then instead of what is to be done next."""


def measure(arguments: Sequence[str] = ()) -> bool:
    """Copy the lists' database, serve it, live a part of the day at the hour's rate, and verify what was touched."""
    parser = argparse.ArgumentParser(prog="python -m bench.working_day")
    parser.add_argument("--dossiers", type=int, default=SIZE)
    parser.add_argument("--officers", type=int, default=OFFICERS)
    parser.add_argument("--citizens", type=int, default=CITIZENS)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long, at the rate of a day in an hour")
    parser.add_argument("--whole", action="store_true", help="verify every dossier, not only those touched today")
    parser.add_argument("--keep", action="store_true", help="leave the copy of the database")
    options = parser.parse_args(arguments)
    name = f"mot_cua_desk_day_{options.dossiers}"
    source = f"mot_cua_desk_{options.dossiers}"
    if not has_dossiers(source, options.dossiers):
        fill(options.dossiers)
    create(name, source)
    manage(address(name), "migrate", "-v0")
    command = [sys.executable, "-m", "bench.working_day", "--live", str(options.officers), str(options.citizens)]
    command += [str(options.minutes), "whole" if options.whole else "touched"]
    try:
        return subprocess.run(command, cwd=ROOT, env=environment(address(name))).returncode == 0
    finally:
        if not options.keep:
            drop(name)


@dataclass
class Officer:
    """Somebody who is logged in, and the procedures that come to the counter."""

    role: str
    cookie: str
    procedures: list[str]
    chance: random.Random
    lock: Lock


@dataclass
class Day:
    """What came of the day: milliseconds by kind of request, and how many acts of each kind ended how."""

    port: int
    waited: dict[str, list[float]]
    done: Counter[str]
    first: Counter[str]
    idle: int = 0
    late: float = 0.0
    failed: list[str] | None = None

    def browser(self, cookie: str = "") -> Browser:
        """Return a connection that notes how long it waits."""
        return Browser(self.port, self.waited, cookie)


def live(officers: int, citizens: int, minutes: float, scope: str) -> bool:
    """Live the day and print it."""
    import django

    django.setup()
    people, readers = logged_in(officers), someone()
    began = dt.datetime.now(dt.UTC)
    load = os.getloadavg()[0]
    with serving(**UNLIMITED) as base:
        day = Day(urlsplit(base).port or 80, defaultdict(list), Counter(), Counter(), failed=[])
        for person in people[:HANDS]:
            guarded(day, "warming", partial(act, day, person, dt.date.today()))
        day.waited.clear(), day.done.clear(), day.first.clear()
        chance = random.Random(7)
        number = round(officers * ACTS_A_DAY * minutes / 60)
        acts = [(chance.random() * minutes * 60, partial(work, day, people[n % officers])) for n in range(number)]
        asked = requests_of(readers, chance)
        looks = [(chance.random() * minutes * 60, partial(look, day, next(asked)))
                 for _n in range(round(citizens * LOOKS_AN_HOUR * minutes / 60))]  # fmt: skip
        start = time.monotonic()
        with ThreadPoolExecutor(2) as both:
            for ended in [both.submit(run, day, sorted(each, key=lambda one: one[0]), start) for each in (acts, looks)]:
                ended.result()
        lasted = time.monotonic() - start
    print(
        f"working_day: {officers} officers, {len(acts):,} acts and {len(looks):,} looks of {citizens:,} citizens "
        f"planned in {minutes:g} minutes, lived in {lasted / 60:.1f}; {os.cpu_count()} cores, load of the machine "
        f"before {load:.1f}, after {os.getloadavg()[0]:.1f}; begun late by {day.late:.1f} s at most",
        flush=True,
    )
    for kind, times in sorted(day.waited.items()):
        p50, p95, p99 = percentiles(times)
        print(f"  {kind}: p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms of {len(times):,}", flush=True)
    print(f"  done: {', '.join(f'{number:,} {name}' for name, number in day.done.most_common())}", flush=True)
    for text in (day.failed or [])[:10]:
        print(f"  failed: {text}", flush=True)
    faults = verified(began, scope)
    text = (
        f"{sum(day.done.values()):,} acts done, {sum(day.first.values())} times somebody was first, "
        f"{day.idle} times nothing to do, {len(day.failed or ())} errors (asked: 0); verify_desk ({scope}): {faults}"
    )
    return say("working_day", text, holds=not day.failed and faults == "clean" and day.done.total() > 0)


def run(day: Day, planned: list[tuple[float, Callable[[], None]]], start: float) -> None:
    """Begin everything at its moment, as far as hands are free."""
    with ThreadPoolExecutor(HANDS) as hands:
        for moment, job in planned:
            time.sleep(max(0.0, start + moment - time.monotonic()))
            hands.submit(begin, day, job, start + moment)


def begin(day: Day, job: Callable[[], None], moment: float) -> None:
    """Do what was planned, and note how late it began."""
    day.late = max(day.late, time.monotonic() - moment)
    guarded(day, "", job)


def guarded(day: Day, name: str, job: Callable[[], None]) -> None:
    """Do a job; what fails is kept, and ends nothing."""
    try:
        job()
    except Exception as error:
        assert day.failed is not None
        day.failed.append(f"{name} {type(error).__name__}: {error}"[:700])


def look(day: Day, asked: tuple[str, str, str, str]) -> None:
    """Follow a dossier as a citizen does, on a connection of its own."""
    kind, method, url, body = asked
    status = 200 if kind.startswith("by") else 400
    with day.browser() as browser:
        browser.ask(f"tracking {kind}", method, url, body, wanted=(status,))


def work(day: Day, officer: Officer) -> None:
    """Do an officer's next act; nobody does two at once."""
    with officer.lock:
        act(day, officer, dt.date.today())


def act(day: Day, officer: Officer, today: dt.date) -> None:
    """Take a dossier in, or do what is to be done next with one of the officer's lists."""
    with day.browser(officer.cookie) as browser:
        if officer.procedures and officer.chance.random() < AT_THE_COUNTER.get(officer.role, 0):
            return take_in(day, officer, browser, today)
        for query in officer.chance.sample(LISTS[officer.role], len(LISTS[officer.role])):
            page = browser.get("list", f"/desk/dossiers/{query}")
            urls = list(dict.fromkeys(re.findall(r'href="(/desk/dossiers/[^"?#]+/)"', page.html)))
            officer.chance.shuffle(urls)
            for url in urls[:3]:
                if do(day, officer, browser, url, today):
                    return None
    day.idle += 1
    return None


def do(day: Day, officer: Officer, browser: Browser, url: str, today: dt.date) -> bool:
    """Do what a dossier's page offers; return whether there was anything to do."""
    names = re.findall(r'/acts/(\w+)/"', browser.get("dossier", url).html)
    beside = [name for name in BESIDE if name in names]
    main = [name for name in names[:1] if name not in ("comment", "reassign", "correct_data", "reopen", "withdraw")]
    if beside and (not main or officer.chance.random() < 0.1):
        name = officer.chance.choice(beside)
    elif main:
        name = main[0]
    else:
        return False
    page = browser.get("form", f"{url}acts/{name}/")
    form = page.form_with("seen")
    if form is None or 'class="pri"' not in page.html:
        day.first[name] += 1  # Somebody did something in between: the form says why it can't be done now.
        return True
    sent = filled(form, today)
    answer = browser.post("act", f"{url}acts/{name}/", sent)
    if answer.page and not was_first(answer.page):
        sent = answered(answer.page, sent, today)
        answer = browser.post("act", f"{url}acts/{name}/", sent)
    if answer.leads_to:
        after = browser.get("dossier", answer.leads_to)
        (day.done if "say success" in after.html else day.first)[name] += 1
    elif answer.page and was_first(answer.page):
        day.first[name] += 1
    else:
        raise Failed(f"{name} was refused: {answer.page.told if answer.page else ''} ({sorted(sent)})")
    return True


def was_first(page: Page) -> bool:
    """Return whether a form tells that somebody else has done something with the dossier in between."""
    return "warn-card" in page.html or "say warning" in page.html


def take_in(day: Day, officer: Officer, browser: Browser, today: dt.date) -> None:
    """Take a new dossier in, and print its receipt."""
    url = f"/desk/intake/{officer.chance.choice(officer.procedures)}/"
    form = browser.get("intake", url).form_with("once")
    if form is None:
        raise Failed(f"{url} has no form")
    sent = intake(form, officer.chance, today)
    answer = browser.post("intake saved", url, sent)
    if answer.page:
        answer = browser.post("intake saved", url, answered(answer.page, sent, today))
    if not answer.leads_to:
        raise Failed(f"intake was refused: {answer.page.told if answer.page else ''}")
    after = browser.get("dossier", answer.leads_to)
    day.done["receive"] += 1
    if slip := re.search(r'href="(/desk/dossiers/[^"]+\.pdf)"', after.html):
        browser.ask("slip", "GET", slip[1])


def logged_in(count: int) -> list[Officer]:
    """Log officers in, with the roles as they are posted; return them with the procedures of their counters."""
    from django.conf import settings
    from django.test import Client

    from catalogue.models import Posting

    made = Posting.objects.select_related("user").filter(user__is_active=True, role__in=ROLES, valid_to=None)
    posts = random.Random(3).sample(sorted(made, key=lambda post: post.pk), count)
    counters: dict[int, list[str]] = {}
    found = []
    for number, post in enumerate(posts):
        client = Client()
        client.force_login(post.user)
        if post.role in AT_THE_COUNTER and post.agency_id not in counters:
            counters[post.agency_id] = list(procedures_of(post))
        procedures = counters.get(post.agency_id, []) if post.role in AT_THE_COUNTER else []
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        found.append(Officer(post.role, cookie, procedures, random.Random(number), Lock()))
    return found


def procedures_of(post: Any) -> Iterator[str]:
    """Yield the codes of procedures that came to a counter lately and are settled here still."""
    from django.utils import timezone

    from desk.actors import officer
    from desk.deciding import centres_of
    from desk.models import Dossier

    if not centres_of(officer(post.user, timezone.now())):
        return
    rows = Dossier.objects.filter(received_by=post.agency_id, system="").order_by("-pk")
    yield from dict.fromkeys(rows.values_list("procedure__code", flat=True)[:200])


def verified(since: dt.datetime, scope: str) -> str:
    """Return what `verify_desk` says of what was touched, or of everything: «clean», or its first lines."""
    command = [sys.executable, "manage.py", "verify_desk"]
    if scope == "touched":
        command += ["--since", since.date().isoformat()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    print("  " + " ".join(done.stdout.split())[:400], flush=True)
    return "clean" if done.returncode == 0 else done.stdout[:500] or done.stderr[-500:]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--live"]:
        sys.exit(not live(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5]))
    sys.exit(not measure(sys.argv[1:]))
