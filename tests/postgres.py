"""A PostgreSQL database of a test's own, whatever the tests' database is: copied from one that was migrated once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from portal import service_urls
from tests import schema, servers


def url_of(name: str) -> str:
    """Return the address of a database on the tests' server."""
    return urlunsplit(urlsplit(servers.POSTGRES_URL)._replace(path=f"/{name}"))


def template(var_dir: Path) -> str:
    """Return the name of the database with today's migrations; made first by whoever comes first."""
    name = f"mot_cua_schema_{schema._digest()}"
    with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('mot_cua_schema'))")
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute("DROP DATABASE IF EXISTS mot_cua_making")
            server.execute("CREATE DATABASE mot_cua_making ENCODING 'UTF8' TEMPLATE template0")
            schema.manage("migrate", "--verbosity=0", VAR_DIR=str(var_dir), DATABASE_URL=url_of("mot_cua_making"))
            old = server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'mot_cua_schema_%'").fetchall()
            for (gone,) in old:
                server.execute(f'DROP DATABASE IF EXISTS "{gone}"')
            server.execute(f'ALTER DATABASE mot_cua_making RENAME TO "{name}"')
    return name


@contextmanager
def database(var_dir: Path) -> Iterator[str]:
    """Make an own database for a block; yield its address."""
    name = f"mot_cua_test_{os.getpid()}"
    source = template(var_dir)
    with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('mot_cua_schema'))")  # Nobody may be in a template.
        server.execute(f'CREATE DATABASE {name} TEMPLATE "{source}"')
    try:
        yield url_of(name)
    finally:
        with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def as_default(var_dir: Path) -> Iterator[BaseDatabaseWrapper]:
    """Let all code of this thread use an own PostgreSQL database for a block; commits are real."""
    before = connections["default"]
    with database(var_dir) as url:
        settings = service_urls.database(url, file=var_dir / "none")
        handler = ConnectionHandler({"default": {**settings, "CONN_MAX_AGE": 0}})
        connections["default"] = handler["default"]
        try:
            yield connections["default"]
        finally:
            connections["default"].close()
            connections["default"] = before
