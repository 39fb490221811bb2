"""Uploads that end too soon, over real sockets to the server that the demo runs: nothing of them stays."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.site import free_port, wait_for
from scripts.demo import server_command
from tests import schema
from tests.desk import made_files as made

pytestmark = pytest.mark.own_database

MAKE = """
from django.test import Client
from tests.desk.cast import make_cast
cast = make_cast()
client = Client()
client.force_login(cast.people["clerk"])
print(client.cookies["sessionid"].value, cast.received().code)
"""
TOKEN = "a" * 32
SMALL, LARGE = 500_000, 6_000_000
"""Bytes of a file that Django holds in memory, and of one that it writes to a temporary file."""


@dataclass
class Desk:
    """A served desk with one dossier, and the clerk's session."""

    folder: Path
    port: int
    session: str
    code: str
    server: subprocess.Popen

    def request(self, content: bytes, *, claims: int | None = None) -> bytes:
        """The bytes of a browser's upload."""
        fields = b"".join(
            b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % field
            for field in ((b"csrfmiddlewaretoken", TOKEN.encode()), (b"kind", b"paper"))
        )
        named = 'Content-Disposition: form-data; name="file"; filename="Giấy khai sinh.pdf"'.encode()
        file = b"--edge\r\n" + named + b"\r\nContent-Type: application/pdf\r\n\r\n" + content + b"\r\n"
        body = fields + file + b"--edge--\r\n"
        head = (
            f"POST /desk/dossiers/{self.code}/files/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={TOKEN}\r\n"
            f"Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: {claims or len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def send_whole(self, request: bytes) -> bytes:
        """Send a request and return the first line of the answer."""
        with self.connect() as line:
            line.sendall(request)
            return line.makefile("rb").readline()

    def stored(self) -> list[str]:
        """Everything in the store, on its way in or there."""
        return sorted(path.name for path in (self.folder / "files").rglob("*") if path.is_file())

    def uploading(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "uploading").iterdir())

    def rows(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database:
            return [name for (name,) in database.execute("select name from desk_dossierfile")]

    def events(self) -> int:
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database:
            return database.execute("select count(*) from desk_dossierevent where act = 'attach_file'").fetchone()[0]


@pytest.fixture
def desk(tmp_path: Path, schema_file: Path) -> Iterator[Desk]:
    database = tmp_path / "db.sqlite3"
    shutil.copy(schema_file, database)
    environment = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{database}", "DEMO": "1", "CACHE_URL": ""}
    told = schema.manage("shell", "--no-imports", "-c", MAKE, **environment)
    session, code = told.splitlines()[-1].split()  # Before it stand lines of the audit.
    port = free_port()
    with (
        (tmp_path / "server.log").open("w") as log,
        subprocess.Popen(
            server_command(port),
            cwd=schema.ROOT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/robots.txt")
            yield Desk(tmp_path, port, session, code, server)
        finally:
            server.terminate()
            server.wait(20)


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def padded(size: int) -> bytes:
    return made.pdf(content=b" " * size)


def test_what_is_cut_off_leaves_nothing_and_what_comes_whole_is_kept(desk: Desk):
    for size in (SMALL, LARGE):
        request = desk.request(padded(size))
        for share in (0.5, 0.999, 1 - 8 / len(request)):
            for resets in (False, True):
                with desk.connect() as line:
                    line.sendall(request[: int(len(request) * share)])
                    time.sleep(0.2)
                    if resets:
                        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # Once the same workers have answered whole uploads, they have done with those that were cut off.
    for size in (SMALL, LARGE):
        assert desk.send_whole(desk.request(padded(size))).split()[1] == b"302"
    assert until(lambda: desk.uploading() == [])
    assert desk.rows() == ["Giấy khai sinh.pdf"] * 2
    assert len(desk.stored()) == desk.events() == 2


def test_a_server_that_is_killed_leaves_only_what_the_clock_sweeps(desk: Desk):
    request = desk.request(padded(LARGE))
    with desk.connect() as line:
        line.sendall(request[: len(request) // 2])
        assert until(lambda: len(desk.uploading()) == 1)
        os.killpg(desk.server.pid, signal.SIGKILL)
    assert (desk.stored(), desk.rows(), desk.events()) == ([], [], 0)
    (left,) = desk.folder.joinpath("uploading").iterdir()
    os.utime(left, (0, 0))
    database = f"sqlite:///{desk.folder / 'db.sqlite3'}"
    told = schema.manage("sweep_files", "--verify", VAR_DIR=str(desk.folder), DATABASE_URL=database)
    assert "1 cut off" in told
    assert desk.uploading() == []


def test_one_that_is_too_large_is_refused_before_it_is_read(desk: Desk):
    head = desk.request(b"", claims=3_000_000_000).split(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert desk.send_whole(head).split()[1] == b"413"
    assert (desk.uploading(), desk.stored()) == ([], [])
