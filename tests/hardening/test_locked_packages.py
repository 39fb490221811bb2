"""`make audit`: clean, vulnerable, and never green by silence, against a service of our own on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {"id": "PYSEC-0000-1", "summary": "a hole", "affected": [], "aliases": []}
LOCK = f"segno==1.6.6 \\\n    --hash=sha256:{'0' * 64}\n"


class Service(BaseHTTPRequestHandler):
    """Knows what the server object says it knows."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
        found = [KNOWN] if asked in self.server.known else []  # type: ignore[attr-defined]
        body = json.dumps({"vulns": found} if found else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def service() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def audit(tmp_path: Path, url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    lock = tmp_path / "locked.txt"
    lock.write_text(LOCK)
    return subprocess.run(
        [sys.executable, "scripts/audit.py", str(lock)],
        cwd=ROOT,
        env={**os.environ, "AUDIT_URL": url, "no_proxy": "127.0.0.1", **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )


def address(server: HTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/v1/query"


def test_what_is_clean_is_clean(tmp_path, service):
    service.known = {"jinja2"}
    done = audit(tmp_path, address(service))
    assert done.returncode == 0, done.stderr
    assert "1 packages, no known vulnerability" in done.stdout


def test_what_is_vulnerable_is_a_failure_by_name(tmp_path, service):
    service.known = {"jinja2", "segno"}
    done = audit(tmp_path, address(service))
    assert done.returncode == 1
    assert "segno 1.6.6: PYSEC-0000-1" in done.stdout


def test_a_service_that_knows_nothing_is_a_failure(tmp_path, service):
    service.known = set()
    done = audit(tmp_path, address(service))
    assert done.returncode == 1
    assert "worth nothing" in done.stderr


@pytest.mark.parametrize(("variables", "status"), [({}, 0), ({"REQUIRE_AUDIT": "1"}, 1)])
def test_one_that_cant_be_reached_is_skipped_by_name(tmp_path, variables, status):
    done = audit(tmp_path, "http://127.0.0.1:9/v1/query", **variables)
    assert done.returncode == status
    assert done.stdout.startswith("SKIPPED: audit of the locked packages: http://127.0.0.1:9/v1/query can't be reached")
