"""Requests a second of a warm procedure page, against nginx serving the same bytes from a file, in one run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import pages
from bench.site import HOST, free_port, fresh, open_site, say, serving, wait_for

SECONDS = 5
GZIP = {"Accept-Encoding": "gzip"}
CONFIGURATION = """
user root root; daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=10; keepalive_requests 1000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen {host}:{port};
    location = /page {{ alias {folder}/page; default_type text/html; add_header Content-Encoding gzip; }}
  }}
}}
"""


def measure() -> bool:
    """Ask both servers for the same bytes, one after the other, and print the ratio."""
    missing = [name for name in ("wrk", "nginx") if not shutil.which(name)]
    if missing:
        sys.exit(f"throughput needs {' and '.join(missing)}: make services installs them")
    open_site()
    url = pages.procedure_urls("vi")[pages.EVERYDAY]
    with serving() as base:
        body = warm(base + url)
        ours = rate(base + url)
    with nginx(body) as address:
        assert warm(address) == body, "nginx sends other bytes"
        theirs = rate(address)
    return say(
        "throughput",
        f"{ours:,.0f} requests/s of a warm page of {len(body) / 1000:.1f} kB, nginx from a file {theirs:,.0f}: "
        f"ratio {ours / theirs:.2f}",
        holds=ours > 0,
    )


def warm(url: str) -> bytes:
    """Ask often enough that every worker has the page, and return its bytes."""
    for _time in range(50):
        with urllib.request.urlopen(urllib.request.Request(url, headers=GZIP), timeout=20) as answer:
            body = answer.read()
            assert answer.headers["Content-Encoding"] == "gzip", f"{url} isn't sent compressed"
    return body


def rate(url: str) -> float:
    """Return the requests a second that wrk gets in a few seconds; an error ends the measure."""
    command = ["wrk", "-t2", "-c32", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip", url]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS + 30, check=True).stdout
    if "Non-2xx" in printed or "Socket errors" in printed:
        sys.exit(f"wrk saw errors:\n{printed}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    assert found, printed
    return float(found[1])


@contextmanager
def nginx(body: bytes) -> Iterator[str]:
    """Serve the bytes from a file by nginx and yield their address."""
    folder = fresh("nginx")
    Path(folder / "page").write_bytes(body)
    folder.chmod(0o755)
    port = free_port()
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=folder, host=HOST, port=port))
    command = ["nginx", "-c", str(file), "-p", str(folder), "-e", str(folder / "error.log")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://{HOST}:{port}/page")
            yield f"http://{HOST}:{port}/page"
        finally:
            server.terminate()
            server.wait(10)
