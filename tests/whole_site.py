"""A site with the whole catalogue, made once for each state of code and data: loading it takes a minute."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from pathlib import Path

from tests import schema

ROOMS = ("catalogue", "search")
MADE_OF = {".py", ".json", ".jsonl", ".gz", ".csv"}
MEASURES = {"ranking.json", "quality.json"}
"""What search is judged by: nothing of the site."""
LOAD = """
from django.core.management import call_command
for command in (["load_places"], ["load_procedures", "--province", "48"], ["load_centres"], ["load_translations"],
                ["load_search_words"], ["rebuild_search"]):
    call_command(*command, verbosity=0)
"""
"""As the demo loads it, in one process: each of its own would begin by two seconds of imports."""


def whole_site(var_dir: Path, schema_file: Path) -> dict[str, str]:
    """Return the environment of the site; made first by whoever comes first, and only read by all."""
    place = var_dir / f"province-{_digest()}"
    environment = {"VAR_DIR": str(place), "DATABASE_URL": f"sqlite:///{place / 'db.sqlite3'}"}
    with (var_dir / "province.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            for older in var_dir.glob("province-*"):
                shutil.rmtree(older, ignore_errors=True)
            place.mkdir()
            shutil.copy(schema_file, place / "db.sqlite3")
            schema.manage("shell", "-c", LOAD, **environment)
            (place / "ready").touch()
    return environment


def _digest() -> str:
    """Return what changes with the code and the data that the site is made of."""
    made = hashlib.sha256(LOAD.encode())
    for path in sorted(path for room in ROOMS for path in (schema.ROOT / room).rglob("*")):
        if path.suffix in MADE_OF and path.name not in MEASURES:
            made.update(str(path.relative_to(schema.ROOT)).encode() + path.read_bytes())
    return made.hexdigest()[:16]
