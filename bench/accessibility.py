"""axe-core in Chromium: every public template, every language, two widths."""

from __future__ import annotations

from bench import pages
from bench.site import open_site, say, serving
from tests.servers import CHROMIUM, CHROMIUM_FLAGS

WIDTHS = (360, 1280)


def measure() -> bool:
    """Count the violations; each is printed with its page."""
    open_site()
    addresses = pages.everywhere()
    with serving() as base:
        found = violations(base, addresses)
    for line in found:
        print(f"  {line}")
    looks = len(addresses) * len(WIDTHS)
    return say("axe-core", f"{len(found)} violations on {looks} pages (asked: 0)", holds=not found)


def violations(base: str, addresses: list[pages.Address]) -> list[str]:
    """Return a line for each rule that a page breaks."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            for address in addresses:
                answer = page.goto(base + address.url)
                status = answer.status if answer else 0
                assert status == address.status, f"{address.url}: {status}"
                for broken in Axe().run(page).response["violations"]:
                    place = broken["nodes"][0]["target"]
                    found.append(f"{width} {address.url} {broken['id']} {len(broken['nodes'])} × {place}")
            page.close()
        browser.close()
    return found
