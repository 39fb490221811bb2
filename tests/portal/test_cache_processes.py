"""The page cache behind the demo's own server: two workers, and a change published by another process."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.site import free_port, wait_for
from scripts.demo import server_command
from tests import schema

MAKE = """
from wagtail.models import Page, Site
from portal.models import HomePage, InformationPage
home = Page.objects.get(depth=1).add_child(instance=HomePage(title="Một Cửa", slug="vi"))
Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
home.add_child(instance=InformationPage(title="Bản thứ nhất", slug="thong-tin"))
"""
PUBLISH = """
import time
from portal.models import InformationPage
page = InformationPage.objects.get()
page.title = "Bản thứ hai"
began = time.time()
page.save_revision().publish()
print(began, time.time())
"""
ENOUGH = 20
"""Reads on each side of the publication that both workers have surely shared."""


@dataclass(frozen=True)
class Site:
    """A served site: its address, and the environment of its other processes."""

    base: str
    environment: dict[str, str]

    def read(self, path: str) -> str:
        """Return a page, over a connection of its own: any worker may answer."""
        with urllib.request.urlopen(self.base + path, timeout=60) as answer:
            return answer.read().decode()


@pytest.fixture
def site(tmp_path: Path, schema_file: Path) -> Iterator[Site]:
    """A small site on a database file of its own, served by two workers."""
    database = tmp_path / "db.sqlite3"
    shutil.copy(schema_file, database)
    environment = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{database}", "DEMO": "1", "CACHE_URL": ""}
    schema.manage("shell", "-c", MAKE, **environment)
    port = free_port()
    command = server_command(port)
    with (
        (tmp_path / "server.log").open("w") as log,
        subprocess.Popen(command, cwd=schema.ROOT, env={**os.environ, **environment}, stdout=log, stderr=log) as server,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for(f"{base}/robots.txt")
            yield Site(base, environment)
        finally:
            server.terminate()
            server.wait(20)


@dataclass(frozen=True)
class Read:
    """When a page was asked for and had, and whether it was the new one."""

    began: float
    ended: float
    is_new: bool


class Reader(threading.Thread):
    """Reads the page again and again; an error of its own is raised to whoever waits for it."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.site = site
        self.reads: list[Read] = []
        self.error: Exception | None = None
        self.done = threading.Event()

    def run(self) -> None:
        try:
            while not self.done.is_set():
                began = time.time()
                is_new = "Bản thứ hai" in self.site.read("/vi/thong-tin/")
                self.reads.append(Read(began, time.time(), is_new))
                time.sleep(0.02)
        except Exception as error:
            self.error = error

    def wait_for(self, since: float) -> None:
        """Wait until enough reads have begun after `since`: however slow the machine is, there is something to see."""
        until = time.time() + 120
        while sum(read.began > since for read in list(self.reads)) < ENOUGH:
            if self.error:
                raise self.error
            assert time.time() < until, f"only {len(self.reads)} reads in two minutes"
            time.sleep(0.05)


def test_a_change_published_elsewhere_shows_in_all_workers_within_a_second(site):
    reader = Reader(site)
    reader.start()
    try:
        reader.wait_for(since=0)
        began, ended = map(float, schema.manage("shell", "-c", PUBLISH, **site.environment).split()[-2:])
        reader.wait_for(since=ended + 1)
    finally:
        reader.done.set()
        reader.join()
    assert not any(read.is_new for read in reader.reads if read.ended < began)
    assert all(read.is_new for read in reader.reads if read.began > ended + 1)
