"""Make the demo complete and serve it: what is done already isn't done again.

`--data-only` loads the catalogue anew and stops (`make data`). All state lies under VAR_DIR.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Step:
    """A command, what it says while it runs, and the files after whose change it runs again."""

    command: str
    saying: str
    files: tuple[str, ...] = ()


DATA = "catalogue/data"
PROCEDURES = f"{DATA}/procedures*.gz"
LOADING = (
    Step("load_places", "Loading provinces and communes, old and present (about 5 s)", (f"{DATA}/units/*",)),
    Step(
        "load_procedures",
        "Loading the province's procedures (about 30 s)",
        (PROCEDURES, f"{DATA}/agency_roles.json"),
    ),
    Step("load_centres", "Loading the centres", (f"{DATA}/centres.jsonl",)),
    Step("load_translations", "Loading the translations (about 10 s)", (f"{DATA}/translations/**/*", PROCEDURES)),
    Step("load_search_words", "Loading the words that search knows", ("search/data/words/*", "search/data/judged/*")),
)
SITE = (
    Step("make_site", "Making the pages in five languages", ("portal/site/**/*.json",)),
    Step("set_up_editing", "Making the group of editors and the workflow of approval"),
    Step("make_demo", "Making what only the demo has: log-ins, a notice, a help point, a hotline"),
    Step("make_desk_demo", "Letting officers work on 450 dossiers of two months (about 15 s)"),
)
INDEX = Step("rebuild_search", "Bringing the search index up to date")
DOWNLOADS = Step("build_downloads", "Building the files of the open data (about 10 s, the first time)")


def main() -> None:
    """Prepare, print where everything is, and become the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data-only", action="store_true", help="load the catalogue anew and stop")
    options = parser.parse_args()
    if not options.data_only:
        refuse_taken_port(options.port)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("BASE_URL", f"http://localhost:{options.port}")
    prepare_or_say_why(again=options.data_only)
    if not options.data_only:
        print_addresses(os.environ["BASE_URL"])
        serve(options.port)


def refuse_taken_port(port: int) -> None:
    """Stop if somebody listens: a second Granian on one port starts without an error and shares its requests."""
    for family, address in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.settimeout(1)
                taken = probe.connect_ex((address, port)) == 0
        except OSError:
            continue
        if taken:
            sys.exit(
                f"Port {port} is taken: another program answers there, perhaps a demo that still runs.\n"
                f"Stop it, or take another port: make demo PORT={port + 1}"
            )


def prepare_or_say_why(*, again: bool) -> None:
    """Prepare; a setting or a command that refuses says why in words, not in a traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError

    try:
        prepare(again=again)
    except (CommandError, ImproperlyConfigured) as error:
        sys.exit(f"Stopped: {error}")


def prepare(*, again: bool) -> None:
    """Bring texts, assets, database and data up to date; `again` loads the data even if it is."""
    import django

    django.setup()
    from catalogue import audit

    with audit.silent():  # What makes the demo is nobody's act, and no line for its terminal.
        complete(again=again)


def complete(*, again: bool) -> None:
    """Do what `prepare` says, once Django is set up."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("check", stdout=io.StringIO())
    call_command("compile_texts", verbosity=0)
    stamps = Stamps(Path(settings.VAR_DIR) / "demo.json")
    sources = (room for room in ROOT.glob("*/static") if room != Path(settings.STATIC_ROOT))
    assets = digest([*(path for room in sources for path in room.rglob("*")), ROOT / "requirements.txt"])
    if stamps.differ("assets", assets) or not (settings.STATIC_ROOT / "staticfiles.json").exists():
        with saying("Collecting style sheets and scripts"):
            call_command("collectstatic", interactive=False, verbosity=0)
        stamps.put("assets", assets)
    migrate()
    known = is_complete()
    for step in (*LOADING, *SITE):
        files = digest(path for pattern in step.files for path in ROOT.glob(pattern))
        if known and not (again and step in LOADING) and not stamps.differ(step.command, files):
            continue
        with saying(step.saying):
            call_command(step.command, stdout=sys.stdout if step in LOADING else io.StringIO())
        stamps.put(step.command, files)
    for step in (INDEX, DOWNLOADS):
        with saying(step.saying):
            call_command(step.command, "--if-missing", stdout=sys.stdout)


def migrate() -> None:
    """Apply the migrations that aren't."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with saying("Making the database (about 20 s)"):
            call_command("migrate", interactive=False, verbosity=0)


def is_complete() -> bool:
    """Return whether the database holds procedures and pages: stamps outlive a database that was deleted."""
    from catalogue.models import Procedure
    from portal.models import HomePage

    return Procedure.objects.exists() and HomePage.objects.exists()


class Stamps:
    """What each step was done with, in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def differ(self, name: str, value: str) -> bool:
        """Return whether the step was never done, or with other files."""
        return self.values.get(name) != value

    def put(self, name: str, value: str) -> None:
        """Note that the step is done."""
        self.values[name] = value
        self.path.write_text(json.dumps(self.values, indent=1))


def digest(paths: Iterable[Path]) -> str:
    """Return a digest of the files' names and content."""
    total = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


@contextmanager
def saying(text: str) -> Iterator[None]:
    """Print what is being done, and how long it took."""
    print(f"→ {text} …", flush=True)
    start = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - start:.0f} s", flush=True)


def print_addresses(base: str) -> None:
    """Print where to look and whom to log in as."""
    from django.conf import settings

    from desk.simulation.logins import make_logins
    from portal.site.accounts import make_accounts, posts_of

    print(f"\n{settings.WAGTAIL_SITE_NAME} is at {base}/")
    for code, name in settings.LANGUAGES:
        print(f"  {base}/{code}/  {name}")
    print(f"  {base}/api/v1/docs  open data")
    print(f"  {base}/cms/  for editors; log in as")
    for name, password in make_accounts(Path(settings.VAR_DIR)).items():
        print(f"    {name} with {password}: {posts_of(name)}")
    print(f"  {base}/desk/  for officers; log in as")
    for login in make_logins(Path(settings.VAR_DIR)):
        print(f"    {login.name} with {login.password}: {login.post}")
    print("\nCtrl-C stops it.", flush=True)


def server_command(port: int) -> list[str]:
    """Return the command of the web server, on loopback only."""
    # A SIGTERM while the workers import is lost: without the time-out the server would never end.
    options = {"interface": "wsgi", "host": HOST, "port": port, "workers": 2, "blocking-threads": 1}
    options["workers-kill-timeout"] = 3
    server = str(Path(sys.executable).parent / "granian")
    return [server, *(f"--{name}={value}" for name, value in options.items()), "portal.wsgi:application"]


def start_tick() -> None:
    """Start what is due by the clock as a child, which ends with this process (the web server, later on)."""
    from django.conf import settings

    command = [sys.executable, "manage.py", "tick", "--every=60", f"--parent={os.getpid()}"]
    with (Path(settings.VAR_DIR) / "tick.log").open("w") as log:
        subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)


def serve(port: int) -> None:
    """Become the web server."""
    start_tick()
    command = server_command(port)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
