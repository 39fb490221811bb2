"""Databases of their own for jobs in other processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests import servers
from tests.schema import ROOT, manage, schema_file


def sqlite(folder: Path, var_dir: Path) -> str:
    """Return the address of a new SQLite file with all tables."""
    file = folder / "own.sqlite3"
    shutil.copy(schema_file(var_dir), file)
    return f"sqlite:///{file}"


@contextmanager
def postgres(name: str, var_dir: Path) -> Iterator[str]:
    """Yield the address of a new PostgreSQL database with all tables; drop it afterwards."""
    base, _slash, _name = servers.POSTGRES_URL.rpartition("/")
    with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            url = f"{base}/{name}"
            manage("migrate", "--verbosity=0", VAR_DIR=str(var_dir), DATABASE_URL=url)
            yield url
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def copy(url: str) -> Iterator[str]:
    """Yield the address of a copy of a PostgreSQL database that nobody is connected to; drop it afterwards."""
    base, _slash, name = url.rpartition("/")
    with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}_copy WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
        try:
            yield f"{base}/{name}_copy"
        finally:
            connection.execute(f"DROP DATABASE {name}_copy WITH (FORCE)")


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
