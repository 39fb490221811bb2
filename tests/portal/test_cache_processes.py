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
page.save_revision().publish()
print(time.time())
"""


@dataclass(frozen=True)
class Site:
    """A served site: its address, and the environment of its other processes."""

    base: str
    environment: dict[str, str]

    def read(self, path: str) -> str:
        """Return a page, over a connection of its own: any worker may answer."""
        with urllib.request.urlopen(self.base + path, timeout=10) as answer:
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


def test_a_change_published_elsewhere_shows_in_all_workers_within_a_second(site):
    for _time in range(20):
        assert "Bản thứ nhất" in site.read("/vi/thong-tin/")
    seen: list[tuple[float, bool]] = []
    done = threading.Event()

    def keep_reading() -> None:
        while not done.is_set():
            began = time.time()
            seen.append((began, "Bản thứ hai" in site.read("/vi/thong-tin/")))
            time.sleep(0.02)

    reader = threading.Thread(target=keep_reading)
    reader.start()
    try:
        published_at = float(schema.manage("shell", "-c", PUBLISH, **site.environment).split()[-1])
        time.sleep(max(0, published_at + 2 - time.time()))
    finally:
        done.set()
        reader.join()
    before = [is_new for began, is_new in seen if began < published_at - 1]
    after = [is_new for began, is_new in seen if began > published_at + 1]
    assert before
    assert not any(before)
    assert len(after) > 20
    assert all(after)
