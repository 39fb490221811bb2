"""Real workers and a real beat on a real broker, as processes; what is killed is done again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from catalogue import clock
from portal.celery import app
from tests import servers
from tests.portal import noting_tasks
from tests.schema import ROOT

pytestmark = [pytest.mark.redis, pytest.mark.own_database]
BROKER = f"{servers.REDIS_URL.rsplit('/', 1)[0]}/14"
PREFIX = f"{uuid.uuid4().hex}:"
"""Of the keys of this run: another may use the same server."""
START = """
import sys
from portal import celery
celery.EVERY = 1  # Who tests can't wait for a minute.
options = celery.app.conf.broker_transport_options
options.update(unacked_restore_interval=1, unacked_restore_throttle=1)
options.update(visibility_timeout=int(sys.argv[1]), global_keyprefix=sys.argv[2])
celery.app.start(sys.argv[3:])
"""


class Machine:
    """A machine with its own files, the province's database and the broker."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.running = folder, []
        folder.mkdir()
        self.environment = {
            **os.environ,
            "VAR_DIR": str(folder),
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": BROKER,
            "CACHE_URL": "",
            "DEMO": "1",
            "TESTING": "",
            "LOG_LEVEL": "INFO",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }

    def start(self, *arguments: str, visibility: int = 600) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{arguments[0]}.log").open("ab")
        command = [sys.executable, "-c", START, str(visibility), PREFIX, *arguments]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        self.running.append(process)
        return process

    def worker(self, **options: Any) -> subprocess.Popen[bytes]:
        name = f"--hostname={self.folder.name}"
        return self.start("worker", name, "--concurrency=1", "--include=tests.portal.noting_tasks", **options)

    def log(self, name: str = "worker") -> str:
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def stop(self) -> None:
        for process in self.running:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a worker with its children, all at once, as a machine that loses its power does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(what: Callable[[], Any], seconds: float = 180) -> Any:
    until = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def empty_broker() -> None:
    server = redis.from_url(BROKER)
    for key in server.scan_iter(f"{PREFIX}*"):
        server.delete(key)


@pytest.fixture
def machines(tmp_path, schema_file) -> Iterator[Callable[[], Machine]]:
    """Make machines that share a database; the broker is empty before and after."""
    empty_broker()
    shutil.copy(schema_file, tmp_path / "db.sqlite3")
    made: list[Machine] = []

    def make() -> Machine:
        made.append(Machine(tmp_path / f"machine{len(made)}", f"sqlite:///{tmp_path / 'db.sqlite3'}"))
        return made[-1]

    yield make
    for machine in made:
        machine.stop()
    empty_broker()


@pytest.fixture
def send() -> Callable[..., None]:
    """Send a task to the broker, as a web server would."""

    def to_broker(task: Any, *arguments: Any) -> None:
        with app.connection_for_write(BROKER, transport_options={"global_keyprefix": PREFIX}) as connection:
            producer = app.amqp.Producer(connection)
            message = app.amqp.create_task_message(str(uuid.uuid4()), task.name, arguments)
            app.amqp.send_task_message(producer, task.name, message)

    return to_broker


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def test_a_worker_does_what_it_is_sent(machines, send, tmp_path):
    path = tmp_path / "notes"
    send(noting_tasks.note, str(path), "1")
    machine = machines()
    machine.worker()
    assert wait_for(lambda: lines(path)) == ["1"], machine.log()


def test_a_mistake_is_not_tried_again_and_what_did_not_answer_is(machines, send, tmp_path):
    wrong, shaky = tmp_path / "wrong", tmp_path / "shaky"
    machine = machines()
    machine.worker()
    send(noting_tasks.err, str(wrong))
    send(noting_tasks.stumble, str(shaky), 1)
    assert wait_for(lambda: "ended" in lines(shaky)), machine.log()
    assert lines(shaky) == ["began", "began", "ended"]
    assert lines(wrong) == ["began"]
    assert "ValueError: a mistake" in machine.log()


def test_a_task_whose_process_is_killed_is_done_again(machines, send, tmp_path):
    path = tmp_path / "notes"
    machine = machines()
    machine.worker()
    send(noting_tasks.fall, str(path), 1)
    assert wait_for(lambda: "ended" in lines(path)), machine.log()
    assert lines(path) == ["began", "began", "ended"]


def test_a_task_whose_machine_dies_goes_to_another_machine(machines, send, tmp_path):
    path = tmp_path / "notes"
    first = machines()
    worker = first.worker(visibility=3)
    send(noting_tasks.linger, str(path), 2)
    assert wait_for(lambda: lines(path)) == ["began"], first.log()
    kill(worker)
    second = machines()
    second.worker(visibility=3)
    assert wait_for(lambda: "ended" in lines(path)), second.log()
    assert lines(path) == ["began", "began", "ended"]


def test_a_worker_that_is_stopped_ends_its_task_first(machines, send, tmp_path):
    path = tmp_path / "notes"
    machine = machines()
    worker = machine.worker()
    send(noting_tasks.linger, str(path), 3)
    assert wait_for(lambda: lines(path)) == ["began"], machine.log()
    assert redis.from_url(BROKER).hlen(f"{PREFIX}unacked") == 1
    worker.terminate()
    assert worker.wait(timeout=30) == 0
    assert lines(path) == ["began", "ended"]
    assert redis.from_url(BROKER).hlen(f"{PREFIX}unacked") == 0


def test_beat_has_every_part_done_on_the_machines_it_belongs_to(machines):
    first, second = machines(), machines()
    for machine in (first, second):
        machine.worker()
        assert wait_for(lambda at=machine: "ready" in at.log()), machine.log()
    beats = [first.start("beat"), second.start("beat")]

    def done(machine: Machine) -> set[str]:
        return {part.name for part in clock.parts() if f" portal.tasks [-] {part.name}: " in machine.log()}

    local = {part.name for part in clock.parts() if part.is_local}
    every = {part.name for part in clock.parts()}
    was_done = wait_for(lambda: local <= done(first) & done(second) and done(first) | done(second) == every)
    assert was_done, first.log() + first.log("beat")
    assert "failed" not in first.log() + second.log()
    for beat in beats:
        beat.terminate()
        beat.wait(timeout=20)
    assert (first.folder / "downloads").is_dir()
    assert (second.folder / "downloads").is_dir()
    assert list(first.folder.glob("beat*")), "the schedule lies with the other state"
