"""Without a broker work is done at once, after the commit, and no failure of it reaches who asked for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction
from django.utils import timezone

from catalogue import clock
from portal import service_urls
from portal.celery import HARD_LIMIT, LONGEST_WAIT, app
from portal.tasks import run_part
from tests.portal import noting_tasks
from tests.schema import ROOT

SEND_TO_NOBODY = """
import sys, django
django.setup()
from tests.portal.noting_tasks import note
note.delay_on_commit("nowhere", "1")
print("the act goes on")
"""


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "notes"


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


@pytest.fixture
def as_served(monkeypatch):
    """Let failures stay in the task, as they do outside tests."""
    monkeypatch.setitem(app.conf.changes, "task_eager_propagates", False)


@pytest.mark.django_db
def test_work_is_done_after_the_commit(path, committing):
    with committing(), transaction.atomic():
        noting_tasks.note.delay_on_commit(str(path), "1")
        assert lines(path) == []
    assert lines(path) == ["1"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_work_of_an_act_that_is_undone_is_never_done(path):
    with pytest.raises(RuntimeError), transaction.atomic():
        noting_tasks.note.delay_on_commit(str(path), "1")
        raise RuntimeError
    assert lines(path) == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("task", [noting_tasks.err, noting_tasks.stumble])
def test_a_failure_is_logged_and_tried_once_while_somebody_waits(task, path, as_served, caplog):
    task.delay_on_commit(str(path), *([9] if task is noting_tasks.stumble else []))
    assert lines(path) == ["began"]
    assert task.name in caplog.text


def test_tests_see_the_failure(path):
    with pytest.raises(ValueError, match="a mistake"):
        noting_tasks.err.delay(str(path))


def test_every_thread_knows_the_same_app():
    known = []
    thread = threading.Thread(target=lambda: known.append(current_app._get_current_object()))
    thread.start()
    thread.join()
    assert known == [app]


def test_arguments_are_json_and_no_task_lives_for_ever():
    assert (app.conf.task_serializer, app.conf.accept_content) == ("json", ["json"])
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit
    assert app.conf.task_acks_late
    assert noting_tasks.note.autoretry_for
    visibility = service_urls.broker("redis://host")["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]
    assert visibility > HARD_LIMIT + LONGEST_WAIT, "Redis would give a task that still runs to a second worker"


def test_beat_sends_every_part_that_the_tick_does_each_minute():
    app.finalize()
    sent = {name: (entry["args"], entry["schedule"]) for name, entry in app.conf.beat_schedule.items()}
    assert sent == {part.name: ((part.name,), 60) for part in clock.parts()}
    queues = {name: entry["options"]["queue"] for name, entry in app.conf.beat_schedule.items()}
    assert {name for name, queue in queues.items() if queue == "machines"} == {
        part.name for part in clock.parts() if part.is_local
    }


def test_a_name_has_one_part_only():
    with pytest.raises(ValueError, match="«search»"):
        clock.register("search", lambda at: "")


@pytest.mark.django_db
def test_a_part_is_given_the_time(monkeypatch):
    given = []
    monkeypatch.setattr(clock, "_registered", {})
    clock.register("hours", lambda at: given.append(at) or "told")
    before = timezone.now()
    run_part.delay("hours")
    assert before <= given[0] <= timezone.now()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "amqp://127.0.0.1:1/0"])
def test_a_broker_that_is_down_is_logged_and_no_act_fails(url, tmp_path):
    environment = {**os.environ, "CELERY_BROKER_URL": url, "VAR_DIR": str(tmp_path), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", SEND_TO_NOBODY],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "the act goes on\n", done.stderr
    assert "noting_tasks.note in on_commit() " in done.stderr
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("role", ["worker", "beat"])
def test_workers_and_beat_without_a_broker_say_so(role, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "celery", "--app=portal", role],
        env={**os.environ, "CELERY_BROKER_URL": "", "VAR_DIR": str(tmp_path), "DATABASE_URL": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "CELERY_BROKER_URL is empty" in ended.stderr
    assert "Traceback" not in ended.stderr
