"""A migrated SQLite file, made once for each state of models and migrations: migrating takes 15 seconds and more."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def schema_file(var_dir: Path) -> Path:
    """Return the file with the empty site of today's migrations; made first by whoever comes first."""
    wanted = var_dir / f"schema-{_digest()}.sqlite3"
    with (var_dir / "schema.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            for older in var_dir.glob("schema-*.sqlite3*"):
                older.unlink()
            part = wanted.with_name("making.sqlite3")
            part.unlink(missing_ok=True)
            manage("migrate", "--verbosity=0", VAR_DIR=str(var_dir), DATABASE_URL=f"sqlite:///{part}")
            part.rename(wanted)
    return wanted


def manage(*arguments: str, **environment: str) -> str:
    """Run a command of manage.py in a process of its own and return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DEMO": "1", "CACHE_URL": "", **environment},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _digest() -> str:
    digest = hashlib.sha256()
    rooms = [path for room in ("catalogue", "search", "desk", "portal") for path in (ROOT / room).rglob("*.py")]
    shaping = [path for path in rooms if {"models", "migrations"} & set(path.parts)]
    for path in sorted(
        [*shaping, ROOT / "requirements.txt", ROOT / "portal" / "settings.py", ROOT / "desk" / "triggers.py"]
    ):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
