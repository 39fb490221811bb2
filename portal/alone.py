"""Locks that one process holds, on its machine or at the database: both are given back however the process ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold the machine's lock and yield True; yield False where another process of it holds it."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def alone_at_database(name: str) -> Iterator[bool]:
    """Hold a lock of the PostgreSQL database, against all machines, and yield True; False where another holds it.

    It costs a connection of its own: the work's transactions begin and end as they like, and the lock, which
    belongs to a transaction, holds through a pool of connections too.
    """
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            (is_alone,) = cursor.fetchone()
        yield is_alone
    finally:
        own.close()
