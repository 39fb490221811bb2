"""The site behind a real nginx with the example that operators take: what comes through, and what doesn't."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.site import free_port
from tests.serving import served

HOST = "motcua.example.gov.vn"
EXAMPLE = (Path(__file__).resolve().parents[2] / "docs/nginx.conf.example").read_text()
MAKE = "from tests.factories import make_pages; make_pages()"
pytestmark = [
    pytest.mark.own_database,
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx: it isn't here; make services installs it"),
]


@dataclass
class Front:
    """A running nginx: its folder, its ports, and the certificate that it shows."""

    folder: Path
    plain: int
    secure: int

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "cert.pem"))

    def send(self, request: bytes, *, context: ssl.SSLContext | None = None) -> str:
        """Send bytes over TLS and return all that comes back until the line is closed."""
        line = socket.create_connection(("127.0.0.1", self.secure), timeout=20)
        with (context or self.context()).wrap_socket(line, server_hostname=HOST) as safe:
            safe.sendall(request)
            return read(safe)

    def ask(self, path: str, *headers: str, method: str = "GET") -> str:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close", *headers, "", ""]
        return self.send("\r\n".join(lines).encode())

    def ask_in_the_clear(self, path: str) -> str:
        with socket.create_connection(("127.0.0.1", self.plain), timeout=20) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            return read(line)


def read(line: socket.socket) -> str:
    found = b""
    while piece := line.recv(65_536):
        found += piece
    return found.decode(errors="replace")


def first(answer: str) -> str:
    """Return the number of an answer."""
    return answer[9:12]


def write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    kept = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *kept))


def configuration(folder: Path, base: str, plain: int, secure: int) -> str:
    """Return the example with this machine's paths and ports in the places of an operator's."""
    proxy = re.sub(r"^#\s*", "", EXAMPLE.partition("# /etc/nginx/mot-cua-proxy.conf:")[2], flags=re.MULTILINE)
    proxy = "\n".join(line for line in proxy.splitlines() if line.startswith("proxy_"))
    (folder / "proxy.conf").write_text(proxy)
    site = EXAMPLE.replace("include /etc/nginx/mot-cua-proxy.conf;", f"include {folder}/proxy.conf;")
    site = re.sub(r"listen (\[::\]:)?(80|443)", lambda found: listen(found, plain, secure), site)
    site = re.sub(r"/etc/letsencrypt/\S+/fullchain.pem", f"{folder}/cert.pem", site)
    site = re.sub(r"/etc/letsencrypt/\S+/privkey.pem", f"{folder}/key.pem", site)
    site = site.replace("http://unix:/run/mot-cua/granian.sock", base.replace("localhost", "127.0.0.1"))
    site = site.replace("/var/log/nginx/", f"{folder}/").replace("/srv/mot-cua/var/", f"{folder}/var/")
    spare = "".join(f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;"
    user = "user root;" if Path("/root").owner() == Path.home().owner() else ""
    return f"{user}{head} events {{}} http {{ include /etc/nginx/mime.types; {spare}\n{site}\n}}"


def listen(found: re.Match[str], plain: int, secure: int) -> str:
    host = "[::1]:" if found[1] else "127.0.0.1:"
    return f"listen {host}{plain if found[2] == '80' else secure}"


@pytest.fixture(scope="module")
def front(tmp_path_factory, schema_file: Path) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("behind-nginx")
    (folder / "var/static").mkdir(parents=True)
    (folder / "var/static/a.css").write_text("b{}")
    (folder / "var/media/documents").mkdir(parents=True)
    (folder / "var/media/documents/draft.pdf").write_bytes(b"%PDF-1.7")
    write_certificate(folder)
    told = {"BASE_URL": f"https://{HOST}", "SSL_REDIRECT": "0", "ALLOWED_HOSTS": f"{HOST},127.0.0.1,localhost"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        with served(folder, schema_file, MAKE) as base:
            running = Front(folder, free_port(), free_port())
            text = configuration(folder, base, running.plain, running.secure)
            (folder / "nginx.conf").write_text(text)
            with subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")]) as server:
                try:
                    wait(running)
                    yield running
                finally:
                    server.terminate()
                    server.wait(20)


def wait(running: Front) -> None:
    """Return once nginx answers; fail with what it logged after ten seconds."""
    for _time in range(100):
        with socket.socket() as line:
            if not line.connect_ex(("127.0.0.1", running.secure)):
                return
        time.sleep(0.1)
    raise AssertionError((running.folder / "error.log").read_text())


def test_pages_come_by_tls_with_cookies_that_are_bound_to_the_host(front):
    answer = front.ask("/accounts/login/")
    assert first(answer) == "200" and "strict-transport-security: max-age=31536000; includesubdomains" in answer.lower()
    cookies = re.findall(r"Set-Cookie: *(\S+?)=\S+; (.+)\r", answer, re.IGNORECASE)
    assert cookies and {name for name, _rest in cookies} == {"__Host-csrf"}
    assert all({"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(rest.split("; ")) for _name, rest in cookies)


def test_older_tls_is_refused(front):
    old = front.context()
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        front.send(b"GET / HTTP/1.0\r\n\r\n", context=old)


def test_in_the_clear_pages_lead_on_and_the_api_refuses(front):
    assert f"Location: https://{HOST}/vi/" in front.ask_in_the_clear("/vi/")
    assert first(front.ask_in_the_clear("/api/v1/fields")) == "403"


@pytest.mark.parametrize(
    "request_",
    [
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
        "Content-Length: 6\r\nContent-Length: 60\r\n\r\nabcdef",
        "Content-Length: 6, 60\r\n\r\nabcdef",
        "Content-Length: +6\r\n\r\nabcdef",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_request_whose_lengths_contradict_each_other_is_answered_once_and_refused(front, request_):
    head = f"POST /vi/tracking/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: text/plain\r\n"
    smuggled = f"GET /robots.txt HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
    answer = front.send(f"{head}{request_}{smuggled}".encode())
    assert first(answer) in ("400", "411", "501"), answer[:200]
    assert answer.count("HTTP/1.1 ") == 1 and "User-agent" not in answer


def test_trace_and_other_methods_are_refused(front):
    assert {first(front.ask("/vi/", method=method)) for method in ("TRACE", "PUT", "DELETE", "FOO")} == {"405"}


@pytest.mark.parametrize(
    "path", ["/static/", "/media/", "/media/documents/draft.pdf", "/.git/config", "/files/", "/static/../db.sqlite3"]
)
def test_no_folder_and_no_private_file_is_shown(front, path):
    answer = front.ask(path)
    if first(answer) == "302":
        answer = front.ask(re.findall(r"location: (/vi/\S+)", answer)[0])
    assert first(answer) in ("400", "403", "404") and "draft" not in answer and "SQLite" not in answer


def test_what_nginx_sends_by_itself_says_its_kind_too(front):
    answer = front.ask("/static/a.css")
    assert first(answer) == "200" and "Content-Type: text/css; charset=utf-8" in answer
    assert "X-Content-Type-Options: nosniff" in answer and "Strict-Transport-Security" in answer


def test_another_host_gets_nothing(front):
    line = socket.create_connection(("127.0.0.1", front.secure), timeout=20)
    with pytest.raises(ssl.SSLError):
        front.context().wrap_socket(line, server_hostname="evil.example")
    line.close()


def test_neither_tokens_nor_what_people_search_for_are_logged(front):
    front.ask("/t/a-token-that-opens-something")
    front.ask("/vi/thu-tuc/?q=nguyen-van-an")
    front.ask("/robots.txt")
    logged = "".join(path.read_text() for path in front.folder.glob("*.log") if path.name != "server.log")
    assert '"GET /robots.txt"' in logged and '"GET /vi/thu-tuc/"' in logged
    assert "a-token" not in logged and "nguyen-van-an" not in logged
