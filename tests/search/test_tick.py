"""The tick does what is due: once, alone, each part for itself, and no longer than who started it."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.alone import alone
from portal.management.commands import tick
from search import asking, life
from search.models import AskedQuery
from tests.schema import ROOT
from tests.search.test_asked import ask

PARENT = """
import os, subprocess, sys, time
command = [sys.executable, "manage.py", "tick", "--every=1", f"--parent={os.getpid()}"]
child = subprocess.Popen(command, stdout=open(sys.argv[1], "w"))
print(child.pid, flush=True)
time.sleep(600)
"""


def run(**options: object) -> dict[str, str]:
    """Return what each part said."""
    out = io.StringIO()
    call_command("tick", stdout=out, **options)
    return dict(line.split(": ", 1) for line in out.getvalue().splitlines())


@pytest.mark.django_db
def test_it_counts_queries_and_mends_the_index(procedures):
    ask("khai sinh")
    said = run()
    assert said["queries"].startswith("1 taken in")
    assert said["search"] == "tantivy: 0 put in, 0 taken out"
    assert AskedQuery.objects.get().text == "khai sinh"


@pytest.mark.django_db
def test_a_second_tick_does_nothing_twice(procedures):
    ask("khai sinh")
    run()
    type(procedures["1.001193"]).objects.filter(code="1.001193").delete()
    assert run()["queries"] == "0 taken in, 0 counted anew, 0 forgotten"
    assert run()["search"] == "tantivy: 0 put in, 0 taken out"


@pytest.mark.django_db
def test_a_part_that_fails_is_logged_and_stops_no_other(procedures, monkeypatch, caplog):
    def fail(**kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(asking, "ingest", fail)
    said = run()
    assert said["queries"] == "failed"
    assert said["search"].startswith("tantivy: ")
    assert "the disk is full" in caplog.text


@pytest.mark.django_db
def test_only_one_runs_at_a_time_on_a_machine(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(life, "repair", lambda: pytest.fail("it ran beside another"))
    with alone(tmp_path / "tick.lock"):
        call_command("tick")
    assert capsys.readouterr().out == "Another tick runs already.\n"


@pytest.mark.django_db
def test_a_part_that_another_process_does_is_left_to_it(tmp_path, monkeypatch):
    monkeypatch.setattr(life, "repair", lambda: pytest.fail("it ran beside another"))
    with alone(tmp_path / "clock-search.lock"):
        said = run()
    assert said["search"] == "another process is at it"
    assert said["queries"].startswith("0 taken in")


def test_a_pause_of_no_second_is_refused():
    with pytest.raises(CommandError, match="at least one second"):
        run(every=0)


@pytest.mark.django_db
def test_it_goes_on_until_its_parent_is_gone(monkeypatch):
    parents = iter([7, 7, 7, 1, 1, 1, 1, 1])
    ticks = []
    monkeypatch.setattr(tick.os, "getppid", lambda: next(parents))
    monkeypatch.setattr(tick.Command, "tick", lambda self: ticks.append(1))
    monkeypatch.setattr(tick.time, "sleep", lambda seconds: None)
    kept = signal.getsignal(signal.SIGTERM)
    try:
        run(every=1, parent=7)
    finally:
        signal.signal(signal.SIGTERM, kept)
    assert ticks == [1]


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.own_database
def test_no_orphan_stays_when_the_server_is_killed(tmp_path, schema_file):
    shutil.copy(schema_file, tmp_path / "db.sqlite3")
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DEMO": "1", "CACHE_URL": "", "DATABASE_URL": ""}
    log = tmp_path / "tick.log"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(log)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    try:
        until = time.monotonic() + 60
        while "search:" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.1)
        assert "queries: 0 taken in" in log.read_text()
        assert is_alive(child)
    finally:
        parent.kill()
        parent.wait()
    until = time.monotonic() + 20
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_alive(child)
