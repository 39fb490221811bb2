"""Databases of PostgreSQL for the desk's measures: a copy of the catalogue each, filled by `simulate_desk --bulk`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.site import BENCH_DIR, ROOT

UNTIL = "2026-11-26"
LOADS = ("load_places", "load_procedures", "load_centres")
SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://mot_cua:mot_cua@127.0.0.1:5432/mot_cua")


def environment(url: str) -> dict[str, str]:
    """Return the environment of a process on a database."""
    own = BENCH_DIR / "desk"
    own.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("CACHE_URL", "DEMO")}
    return {
        **kept,
        "DATABASE_URL": url,
        "VAR_DIR": str(own),
        "TESTING": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }


def address(name: str) -> str:
    """Return the address of a database on the server."""
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))


def filled(size: int) -> str:
    """Return the address of a database with so many dossiers, made where it isn't there or has another shape."""
    name = f"mot_cua_desk_{size}"
    if is_filled(name, size):
        return address(name)
    make_catalogue()
    create(name, "mot_cua_desk_catalogue")
    began = time.monotonic()
    manage(address(name), "simulate_desk", "--bulk", "--make-officers", "--dossiers", str(size), "--until", UNTIL)
    print(f"desk_queues: {size:,} dossiers filled in {time.monotonic() - began:,.0f} s", flush=True)
    return address(name)


def is_filled(name: str, size: int) -> bool:
    """Return whether a database is there with these dossiers, and no migration is missing."""
    if not exists(name):
        return False
    with psycopg.connect(address(name)) as connection:
        there = connection.execute("SELECT to_regclass('desk_dossier')").fetchone()
        if not there or there[0] is None:
            return False
        found = connection.execute("SELECT COUNT(*) FROM desk_dossier").fetchone()
    missing = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"],
        cwd=ROOT,
        env=environment(address(name)),
        capture_output=True,
    )
    return bool(found) and found[0] == size and missing.returncode == 0


def make_catalogue() -> None:
    """Load the catalogue once; the databases are copies of it."""
    name = "mot_cua_desk_catalogue"
    if exists(name):
        manage(address(name), "migrate", "-v0")
        return
    create(name, "template0")
    for command in ("migrate", *LOADS):
        manage(address(name), command, "-v0")


def exists(name: str) -> bool:
    """Return whether a database is there."""
    with psycopg.connect(SERVER) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def create(name: str, template: str) -> None:
    """Make a database anew, as a copy of another."""
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f"""CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING 'UTF8'""")


def manage(url: str, *arguments: str) -> None:
    """Run a command on a database; an error ends the measure."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(url), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
