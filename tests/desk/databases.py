"""Jobs in other processes, on databases of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.schema import ROOT, schema_file


def sqlite(folder: Path, var_dir: Path) -> str:
    """Return the address of a new SQLite file with all tables."""
    file = folder / "own.sqlite3"
    shutil.copy(schema_file(var_dir), file)
    return f"sqlite:///{file}"


def run(module: str, *arguments: object, url: str, var_dir: Path) -> dict[str, Any]:
    """Run a module as a process on a database; return the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "TESTING": "1", "VAR_DIR": str(var_dir), "DATABASE_URL": url, "CACHE_URL": ""},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-3_000:] + done.stderr[-3_000:])
    return json.loads(done.stdout.splitlines()[-1])
