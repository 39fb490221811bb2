"""The editors' screens over HTTP, on SQLite and on PostgreSQL: forms of procedures, saving, preview, lists."""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.desk_data import address, create, exists
from bench.site import BENCH_DIR, HOST, ROOT, say, serving

DATABASE = "mot_cua_editing"
LONG, MIDDLE, LONGEST_LIST, MOST_QUERIES = "1.014199", 40, 5_000, 25
WARMING = 6
ASKED = {f"form, {MIDDLE} papers": 1.0, f"form of {LONG}": 2.0}
"""Seconds in which a form must open."""
STEPS = ("load_places", "load_procedures", "load_translations", "load_centres", "make_site")


def measure(arguments: Sequence[str] = ()) -> bool:
    """Measure on each database, in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench.editing")
    parser.add_argument("--times", type=int, default=7, help="how often each page is opened")
    parser.add_argument("--on", choices=["sqlite", "postgresql"], action="append", help="only this database")
    options = parser.parse_args(arguments)
    holds = True
    for name in options.on or ["sqlite", "postgresql"]:
        command = [sys.executable, "-m", "bench.editing", "--ask", name, str(options.times)]
        holds &= subprocess.run(command, cwd=ROOT, env=environment(name)).returncode == 0
    return holds


def environment(name: str) -> dict[str, str]:
    """Return the environment of a process on one of the two, its database made if it isn't there."""
    var = BENCH_DIR / f"editing-{name}"
    var.mkdir(parents=True, exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if key not in ("CACHE_URL", "DATABASE_URL", "TESTING")}
    found = {**kept, "VAR_DIR": str(var), "DEMO": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    found["BASE_URL"] = "http://localhost"
    if name == "postgresql":
        if not exists(DATABASE):
            create(DATABASE, "template0")
        found["DATABASE_URL"] = address(DATABASE)
    return found


def ask(name: str, times: int) -> bool:
    """Make the site, count the queries in this process, then time the pages behind the demo's server."""
    import django

    django.setup()
    prepare()
    user, cookie = editor()
    rows = {f"form, {MIDDLE} papers": with_papers(MIDDLE), f"form of {LONG}": of_code(LONG)}
    load = os.getloadavg()[0]
    print(f"editing on {name}: {times} times each; {os.cpu_count()} cores, load before: {load:.1f}", flush=True)
    holds = True
    with serving() as base:
        http_port = urlsplit(base).port
        assert http_port
        site = Site(http_port, cookie)
        stock = timed(lambda: site.get("/robots.txt"), times)
        say(f"{name} · a plain view (robots.txt)", in_words(stock), holds=True)
        for what, row in rows.items():
            holds &= ask_form(name, what, row, site, times)
        for what, url in lists().items():
            waited = timed(lambda url=url: site.get(url), times)  # type: ignore[misc]
            count = queries_of(user, url)
            text = f"{in_words(waited)}; {count} queries (asked: ≤ {MOST_QUERIES})"
            holds &= say(f"{name} · list of {what}", text, holds=count <= MOST_QUERIES)
    return holds


def prepare() -> None:
    """Bring database and assets up to date; data is loaded once, and the list filled up."""
    from django.conf import settings
    from django.core.management import call_command

    from catalogue.models import Procedure

    call_command("compile_texts", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    if not Procedure.objects.filter(code=LONG).exists():
        for step in STEPS:
            call_command(step, verbosity=0, stdout=io.StringIO())
    call_command("set_up_editing", verbosity=0)
    missing = LONGEST_LIST - Procedure.objects.count()
    field = Procedure.objects.values_list("field", flat=True)[0]
    made = [Procedure(code=f"9.{n:06}", name_vi=f"Thủ tục đo {n}", field_id=field) for n in range(missing)]
    for row in made:
        row.fill_search_columns()
    Procedure.objects.bulk_create(made, 1000)
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS >= 10_000


def editor() -> tuple[Any, str]:
    """Return an editor of the province, and the cookie of their session."""
    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.test import Client

    from catalogue.editing.reach import today, top_agencies
    from catalogue.editing.setting_up import GROUP
    from catalogue.models import Posting
    from portal.models import User

    user, _made = User.objects.get_or_create(username="bench-editor")
    user.groups.add(Group.objects.get(name=GROUP))
    for agency in top_agencies(today()):
        Posting.objects.get_or_create(user=user, agency_id=agency, role=Posting.Role.EDITOR)
    client = Client()
    client.force_login(user)
    return user, client.cookies[settings.SESSION_COOKIE_NAME].value


def with_papers(count: int) -> Any:
    """Return the first procedure with so many papers."""
    from django.db.models import Count

    from catalogue.models import Procedure

    rows = Procedure.objects.annotate(papers=Count("cases__papers")).filter(papers=count, live=True)
    return rows.order_by("code")[0]


def of_code(code: str) -> Any:
    """Return a procedure."""
    from catalogue.models import Procedure

    return Procedure.objects.get(code=code)


def lists() -> dict[str, str]:
    """Return what lists are opened: of 5,000 procedures, as they stand, searched and filtered; and of places."""
    procedures = "/cms/snippets/catalogue/procedure/"
    return {
        f"{LONGEST_LIST:,} procedures": procedures,
        "the same, searched": f"{procedures}?q=dang+ky",
        "the same, filtered": f"{procedures}?look=papers&lacks=ko&work=none",
        "10,000 and more places": "/cms/snippets/catalogue/administrativeunit/",
    }


def queries_of(user: Any, url: str) -> int:
    """Return how many queries a page takes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST=HOST)
    client.force_login(user)
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
        return len(connection.queries_log) - queries.initial_queries


@dataclass
class Site:
    """One editor's connection to the server."""

    port: int
    session: str
    token: str = ""

    def get(self, url: str) -> bytes:
        """Open a page."""
        return self.send("GET", url)[1]

    def send(self, method: str, url: str, body: str = "") -> tuple[int, bytes]:
        """Return status and content; keep the token that a form needs. An answer of another kind ends the measure."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={self.token}", "Accept-Language": "vi"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, url, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            if cookie.startswith("csrftoken="):
                self.token = cookie.split(";")[0].partition("=")[2]
        connection.close()
        if answer.status not in (200, 302):
            raise RuntimeError(f"{method} {url} answered {answer.status}")
        return answer.status, content


def ask_form(name: str, what: str, row: Any, site: Site, times: int) -> bool:
    """Time opening, saving and preview of a form; print its size and papers."""
    from catalogue.models import RequiredPaper

    edit = f"/cms/snippets/catalogue/procedure/edit/{row.pk}/"
    preview = f"/cms/snippets/catalogue/procedure/preview/{row.pk}/"
    page = site.get(edit)
    papers = RequiredPaper.objects.filter(case__procedure=row).count()
    opened = timed(lambda: site.get(edit), times)
    limit = ASKED[what]
    size = f"{papers} papers, {len(page) / 1e6:.1f} MB"
    text = f"{in_words(opened)} (asked: ≤ {limit:.0f} s), {size}"
    holds = say(f"{name} · {what} · opened", text, holds=percentile(opened) <= limit)
    body = urlencode(typed(page.decode()), doseq=True)

    def previewed() -> None:
        assert json.loads(site.send("POST", preview, body)[1])["is_valid"], "The form isn't valid."
        site.get(f"{preview}?mode=vi&in_preview_panel=true")

    say(f"{name} · {what} · previewed", in_words(timed(previewed, times)), holds=True)

    def saved() -> None:
        assert site.send("POST", edit, body)[0] == 302, "The form wasn't saved."

    # The first saving makes a draft; the next ones are told that a newer one is there, and save all the same.
    first = timed(saved, 1)
    say(f"{name} · {what} · saved as a draft", f"{first[0]:.2f} s, once", holds=True)
    return holds


def typed(page: str) -> dict[str, Any]:
    """Return what a browser sends of an editor's form as it was opened."""
    from bs4 import BeautifulSoup

    form = BeautifulSoup(page, "html.parser").select_one("form[data-edit-form]")
    assert form is not None
    for blank in form.select("template"):
        blank.decompose()
    sent: dict[str, Any] = {}
    for each in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(each["name"]), str(each.get("type", ""))
        if each.name == "textarea":
            sent[name] = each.get_text().removeprefix("\n").replace("\n", "\r\n")
        elif each.name == "select":
            chosen = each.select("option[selected]") or ([] if each.has_attr("multiple") else each.select("option")[:1])
            sent[name] = [option.get("value", "") for option in chosen]
        elif kind not in ("submit", "file") and (kind not in ("checkbox", "radio") or each.has_attr("checked")):
            default = "on" if kind in ("checkbox", "radio") else ""
            sent.setdefault(name, []).append(each.get("value", default))
    return sent


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Return the seconds that an act takes, after some that warm up: each worker of the server does so by itself."""
    for _round in range(WARMING if times > 1 else 0):
        act()
    waited = []
    for _round in range(times):
        began = time.perf_counter()
        act()
        waited.append(time.perf_counter() - began)
    return waited


def percentile(waited: list[float]) -> float:
    """Return the time within which 95 of 100 are."""
    return sorted(waited)[min(len(waited) - 1, round(0.95 * len(waited)))]


def in_words(waited: list[float]) -> str:
    """Return median and 95th percentile."""
    return f"median {statistics.median(waited):.3f}, p95 {percentile(waited):.3f} s"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        sys.exit(not ask(sys.argv[2], int(sys.argv[3])))
    sys.exit(not measure(sys.argv[1:]))
