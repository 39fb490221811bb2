"""Queries of public pages: cold with Wagtail's routing, warm none."""

from __future__ import annotations

from bench import pages
from bench.site import open_site, say

ASKED = {"procedure": 20, "procedure with many papers": 20, "procedures": 24, "home": 20}
ASKED |= {f"procedures, {name}": 24 for name in pages.SEARCHES}


def measure() -> bool:
    """Ask for every template in every language twice, in one process: after a publication, and again."""
    open_site()
    from portal import generation

    addresses = [address for address in pages.everywhere() if address.status == 200 and address.template != "report"]
    for address in addresses:
        count(address.url)  # What a process learns once: content types, the site's root.
    cold, warm = {}, {}
    for address in addresses:
        generation.move_on()
        cold[address], warm[address] = count(address.url), count(address.url)
    holds = True
    for template in dict.fromkeys(address.template for address in addresses):
        worst = max((address for address in addresses if address.template == template), key=cold.__getitem__)
        asked = ASKED.get(template)
        told = f" (asked: at most {asked})" if asked else ""
        fine = asked is None or cold[worst] <= asked
        holds &= say(f"queries, cold, {template}", f"{cold[worst]} in «{worst.language}»{told}", holds=fine)
    most = max(warm.values())
    return say("queries, warm", f"{most} at most over {len(warm)} pages (asked: 0)", holds=most == 0) and holds


def count(url: str) -> int:
    """Return how many queries the page costs a new client of a process that runs."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return len(queries)
