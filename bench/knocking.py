"""A connection to the site that notes how long it waits, by kind of request."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from bench.paper import Page
from bench.site import HOST

TIMEOUT = 60
FORM = "application/x-www-form-urlencoded"


class Failed(Exception):  # noqa: N818 (what a measure counts, no fault of its program)
    """The site answered otherwise than it should."""


@dataclass(frozen=True)
class Answer:
    """Where a sent form led, or the page that it stayed on."""

    leads_to: str = ""
    page: Page | None = None


class Browser:
    """One person's connection."""

    def __init__(self, port: int, waited: dict[str, list[float]], cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
        self.waited = waited
        self.cookies = {"sessionid": cookie} if cookie else {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def ask(
        self, kind: str, method: str, url: str, body: str = "", *, wanted: tuple[int, ...] = (200,)
    ) -> tuple[int, str, bytes]:
        """Return status, where it leads and the content. Raises Failed for another status than those wanted."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = FORM
        began = time.perf_counter()
        self.connection.request(method, url, body or None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.waited[kind].append((time.perf_counter() - began) * 1000)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _is, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status not in wanted:
            raise Failed(f"{method} {url} answered {answer.status}")
        return answer.status, answer.headers.get("Location", ""), content

    def get(self, kind: str, url: str) -> Page:
        """Open a page."""
        return Page(self.ask(kind, "GET", url)[2].decode())

    def post(self, kind: str, url: str, data: dict[str, str]) -> Answer:
        """Send a form: it leads elsewhere, or stays with what is wrong."""
        status, leads_to, content = self.ask(kind, "POST", url, urlencode(data), wanted=(200, 302, 400))
        return Answer(leads_to) if status == 302 else Answer(page=Page(content.decode()))
