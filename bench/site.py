"""A site of its own for the measures: the demo's data under var/bench, in this process or behind a server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH_DIR = Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve() / "bench"
SITE_DIR = BENCH_DIR / "site"
HOST = "127.0.0.1"


@cache
def open_site() -> None:
    """Set Django up on the bench's own site, made first where it isn't there."""
    os.environ.update(
        VAR_DIR=str(SITE_DIR), DEMO="1", DJANGO_SETTINGS_MODULE="portal.settings", BASE_URL="http://localhost"
    )
    os.environ.pop("CACHE_URL", None)
    SITE_DIR.mkdir(parents=True, exist_ok=True)
    from scripts.demo import prepare

    prepare(again=False)


def manage(*arguments: str, var_dir: Path) -> str:
    """Run a command of manage.py on the state under `var_dir` and return what it printed."""
    environment = {**os.environ, "VAR_DIR": str(var_dir), "DEMO": "1"}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def fresh(name: str) -> Path:
    """Return an empty folder below the bench's own."""
    folder = BENCH_DIR / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(**environment: str) -> Iterator[str]:
    """Serve with the demo's server, with these variables besides, and yield the address."""
    from scripts.demo import server_command

    port = free_port()
    command, variables = server_command(port), {**os.environ, **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            base = f"http://{HOST}:{port}"
            wait_for(f"{base}/robots.txt")
            yield base
        finally:
            server.terminate()
            server.wait(20)


def wait_for(url: str, seconds: float = 60) -> None:
    """Wait until the address answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:  # Refused, or slower than a busy machine lets it be.
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def say(name: str, text: str, *, holds: bool) -> bool:
    """Print a measure's line, and pass on whether it holds what is asked."""
    print(f"{name}: {text}{'' if holds else '  ← MISSED'}", flush=True)
    return holds
