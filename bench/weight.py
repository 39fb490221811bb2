"""Weight of every procedure's page with its assets, as sent compressed."""

from __future__ import annotations

import re
import statistics
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin

from bench import pages
from bench.site import open_site, say

LANGUAGES = ("vi", "ko")
ASKED_BYTES = 20_000


class Assets(HTMLParser):
    """The addresses that a browser fetches for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note style sheets, icons, scripts and pictures."""
        found = {name: value or "" for name, value in attrs}
        rel = set(found.get("rel", "").split())
        if tag == "link" and rel & {"stylesheet", "icon", "preload", "manifest", "modulepreload"}:
            self.urls.add(found.get("href", ""))
        if tag in ("script", "img", "source", "iframe") and found.get("src"):
            self.urls.add(found["src"])


def measure() -> bool:
    """Draw every procedure's page in two languages and weigh what is sent."""
    open_site()
    held = [measure_language(language) for language in LANGUAGES]
    return all(held)


def measure_language(language: str) -> bool:
    """Print median, 99th percentile and the largest page of one language."""
    weights = {code: weigh(url) for code, url in pages.procedure_urls(language).items()}
    ordered = sorted(weights.values())
    median, p99 = statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    largest = max(weights, key=weights.__getitem__)
    return say(
        f"weight, {language}",
        f"median {median / 1000:.1f} kB, p99 {p99 / 1000:.1f} kB (asked: both at most {ASKED_BYTES / 1000:.0f} kB), "
        f"largest {weights[largest] / 1000:.1f} kB ({largest}), {len(weights)} pages",
        holds=max(median, p99) <= ASKED_BYTES,
    )


def weigh(url: str) -> int:
    """Return the bytes of a page and of everything that it fetches, compressed."""
    body, sent = fetch(url)
    parser = Assets()
    parser.feed(body.decode())
    return sent + sum(weigh_asset(urljoin(url, asset)) for asset in parser.urls if not asset.startswith("data:"))


@cache
def weigh_asset(url: str) -> int:
    """Return the bytes of an asset, and of the fonts and pictures that a style sheet names."""
    body, sent = fetch(url)
    if not url.partition("?")[0].endswith(".css"):
        return sent
    named = {found for found in re.findall(r"url\([\"']?([^\"')]+)", body.decode()) if not found.startswith("data:")}
    return sent + sum(weigh_asset(urljoin(url, found)) for found in named)


def fetch(url: str) -> tuple[bytes, int]:
    """Return what an address sends, unpacked, and its bytes as sent."""
    import gzip

    from django.test import Client

    response = Client(SERVER_NAME="localhost").get(url, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200, f"{url}: {response.status_code}"
    sent = b"".join(response) if response.streaming else response.content
    return (gzip.decompress(sent) if response.get("Content-Encoding") == "gzip" else sent), len(sent)
