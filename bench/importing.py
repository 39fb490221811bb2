"""Import of the province's procedures: seconds on a fresh database, what a rerun changes, and the way of an editor."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.national_file import ROOT, ROWS, write_files
from bench.site import fresh, manage, say

ASKED_SECONDS = 60
MOST_TIMES_PLAIN = 1.5
"""An editor's way may need so many times the memory of the plain loader, no more, however large the file is."""


def measure() -> bool:
    """Load the committed catalogue, then bring a file of thousands of changed rows as an editor does."""
    return all([measure_loading(), measure_bringing()])


def measure_loading() -> bool:
    """Load the committed catalogue twice, each time in a process of its own."""
    var_dir = fresh("import")
    manage("migrate", "--verbosity=0", var_dir=var_dir)
    manage("load_places", var_dir=var_dir)
    start = time.monotonic()
    first = counts(manage("load_procedures", "--json", var_dir=var_dir))
    seconds = time.monotonic() - start
    again = counts(manage("load_procedures", "--json", var_dir=var_dir))
    touched = again["created"] + again["changed"]
    return say(
        "import",
        f"{first['created']} procedures in {seconds:.1f} s (asked: under {ASKED_SECONDS} s); "
        f"rerun creates and changes {touched} (asked: 0)",
        holds=seconds < ASKED_SECONDS and touched == 0 and first["created"] > 0,
    )


def measure_bringing() -> bool:
    """Bring, read, preview and approve a file, and load the same one plainly; each step in a process of its own."""
    var_dir = fresh("bringing")
    write_files(var_dir)
    manage("migrate", "--verbosity=0", var_dir=var_dir)
    manage("compile_texts", "--verbosity=0", var_dir=var_dir)
    manage("load_places", var_dir=var_dir)
    base, changed = (str(var_dir / f"{name}.jsonl.gz") for name in ("base", "changed"))
    step(var_dir, "load", base)
    database, kept = var_dir / "db.sqlite3", var_dir / "kept.sqlite3"
    shutil.copy(database, kept)
    plain = step(var_dir, "load", changed)
    shutil.copy(kept, database)
    done = {name: step(var_dir, name, *more) for name, *more in (("bring", changed), ("read",))}
    first = step(var_dir, "page", "1")
    done["submit"] = step(var_dir, "submit")
    deep = step(var_dir, "page", str(max(2, ROWS // 20)))
    done["approve"] = step(var_dir, "approve")
    done["in force"] = step(var_dir, "bring_into_force")
    most = max(each["megabytes"] for each in done.values())
    told = ", ".join(f"{name} {each['seconds']} s (processor {each['processor']})" for name, each in done.items())
    pages = [f"{each['set'][0]} s, {each['set'][1]} queries" for each in (first, deep)]
    return say(
        "bringing",
        f"{done['read']['lines']} changed rows: {told}; page of the set {pages[0]}, a deep one that waits for approval "
        f"{pages[1]}; most memory {most} MB; "
        f"the plain loader {plain['seconds']} s (processor {plain['processor']}), {plain['megabytes']} MB",
        holds=done["in force"]["written"] == done["approve"]["approved"] == done["read"]["lines"] > 0
        and most <= MOST_TIMES_PLAIN * plain["megabytes"]
        and max(first["set"][1], deep["set"][1]) <= 25,
    )


def step(var_dir: Path, name: str, *arguments: str) -> dict[str, Any]:
    """Do one step of `bench.national_file` on an SQLite file of its own; return its figures."""
    environment = {**os.environ, "VAR_DIR": str(var_dir), "TESTING": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "bench.national_file", name, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stdout}{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def counts(printed: str) -> dict[str, int]:
    """Return the numbers of the report that ends the output; lists are counted."""
    report = json.loads(printed.strip().splitlines()[-1])
    return {key: len(value) if isinstance(value, list) else value for key, value in report.items()}
