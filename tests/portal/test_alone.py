"""A part of the clock's work is done by one process at a time: on a machine, or at the database on all of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.utils import timezone

from catalogue import clock
from portal import alone as locks
from portal import clock as work
from portal import service_urls
from portal.alone import alone, alone_at_database
from tests import servers
from tests.schema import ROOT

HOLD = """
import time, django
django.setup()
from portal.alone import alone_at_database
with alone_at_database("a part") as is_alone:
    print(is_alone, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def at_postgres(monkeypatch, tmp_path):
    """Let the locks lie in PostgreSQL, whatever the tests' database is."""
    handler = ConnectionHandler({"default": service_urls.database(servers.POSTGRES_URL, file=tmp_path / "none")})
    monkeypatch.setattr(locks, "connection", handler["default"])
    yield
    handler.close_all()


def test_a_machine_has_one(tmp_path):
    with alone(tmp_path / "a.lock") as first, alone(tmp_path / "a.lock") as second, alone(tmp_path / "b.lock") as other:
        assert (first, second, other) == (True, False, True)
    with alone(tmp_path / "a.lock") as again:
        assert again


@pytest.mark.postgres
@pytest.mark.django_db
def test_all_machines_have_one_at_the_database(at_postgres):
    with alone_at_database("a") as first, alone_at_database("a") as second, alone_at_database("b") as other:
        assert (first, second, other) == (True, False, True)
    with alone_at_database("a") as again:
        assert again


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_lock_is_given_back_by_work_that_fails(at_postgres):
    with pytest.raises(RuntimeError), alone_at_database("a"):
        raise RuntimeError
    with alone_at_database("a") as again:
        assert again


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_lock_is_given_back_by_a_process_that_is_killed(at_postgres, tmp_path):
    environment = {**os.environ, "DATABASE_URL": servers.POSTGRES_URL, "VAR_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "True\n"
        with alone_at_database("a part") as is_alone:
            assert not is_alone
    finally:
        holder.kill()
        holder.wait()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with alone_at_database("a part") as is_alone:
            if is_alone:
                break
        time.sleep(0.1)
    assert is_alone


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_work_is_free_to_commit_while_the_lock_is_held():
    seen = []
    part = clock.Part("a", lambda at: seen.append(connection.in_atomic_block) or "done", is_local=False)
    assert work.run(part, at=timezone.now()) == "done"
    assert seen == [False]


@pytest.mark.django_db
@pytest.mark.parametrize("is_local", [True, False])
def test_a_part_is_left_to_who_does_it(is_local):
    inner = []
    part = clock.Part("a", lambda at: inner.append(work.run(part, at=at)) or "done", is_local=is_local)
    assert work.run(part, at=timezone.now()) == "done"
    assert inner == [work.BUSY]
