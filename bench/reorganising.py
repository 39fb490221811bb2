"""The change of 1 July 2025 in the whole country, 10,051 communes into 3,321: seconds and memory of each step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.site import ROOT, fresh, say
from tests import postgres

COMMUNES = 3_321
MOST_MEGABYTES = 1_000


def measure() -> bool:
    """Measure on SQLite, and on PostgreSQL where DATABASE_URL names a server."""
    held = [measure_on("SQLite", "")]
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        with postgres.database(fresh("reorganising-template")) as url:
            held.append(measure_on("PostgreSQL", url))
    return all(held)


def measure_on(name: str, url: str) -> bool:
    """Make the old order in an empty database and do each step in a process of its own."""
    var_dir = fresh(f"reorganising-{name}")
    if not url:
        url = f"sqlite:///{var_dir / 'db.sqlite3'}"
        migrate(var_dir, url)
    made = step(var_dir, url, "make")
    names = ("dry_run", "plan", "withdraw", "plan", "apply", "rerun")
    done = [(each, step(var_dir, url, each)) for each in names]
    by_name = dict(done)
    told = ", ".join(f"{each.replace('_', ' ')} {figures['seconds']} s" for each, figures in done)
    most = max(figures["megabytes"] for _each, figures in done)
    applied, again, back = by_name["apply"], by_name["rerun"], by_name["withdraw"]
    return say(
        "reorganising",
        f"{name}: {made['places']} places, {made['centres']} centres, {made['postings']} postings; {told}; "
        f"{by_name['plan']['created']} rows made, {applied['told']}; most memory {most} MB; "
        f"rerun makes {again['created']} rows; {applied['at_ended']} centres published at ended places, "
        f"{applied['lost']} postings at ended communes",
        holds=applied["communes"] == COMMUNES
        and applied["state"] == "applied"
        and applied["at_ended"] == again["created"] == back["ended"] == 0
        and most <= MOST_MEGABYTES,
    )


def migrate(var_dir: Path, url: str) -> None:
    """Make an empty database's tables."""
    environment = {**os.environ, "VAR_DIR": str(var_dir), "DEMO": "1", "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def step(var_dir: Path, url: str, name: str) -> dict[str, Any]:
    """Do one step of `bench.reorganise_steps`; return its figures."""
    settings = {"VAR_DIR": str(var_dir), "TESTING": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    environment = {**os.environ, **settings, "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "bench.reorganise_steps", name]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told
