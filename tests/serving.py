"""A small site in a process of its own, for tests in a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.site import free_port, wait_for
from scripts.demo import server_command
from tests import schema


@contextmanager
def served(folder: Path, schema_file: Path, script: str) -> Iterator[str]:
    """Serve a small site on a database file of its own, filled by a script, as the demo is served."""
    database = folder / "db.sqlite3"
    shutil.copy(schema_file, database)
    environment = {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{database}", "TESTING": "1"}
    schema.manage("shell", "-c", script, **environment)
    port = free_port()
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen(
            server_command(port), cwd=schema.ROOT, env={**os.environ, **environment}, stdout=log, stderr=log
        ) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/robots.txt")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(20)
