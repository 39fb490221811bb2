"""What every test in a real browser does: it follows links to the end, and looks at pages that stand."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page


def follow(link: Locator) -> None:
    """Press a link or a button that leads to a page, and wait until that page stands: a click alone doesn't."""
    with link.page.expect_navigation():
        link.click()


def faults(page: Page, width: int) -> list[str]:
    """Return what is wrong with a page as it stands: each rule of axe that it breaks, and running over the edge."""
    page.wait_for_load_state()
    found = [f"{page.url}: {each['id']}" for each in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"{page.url}: runs over the edge")
    return found
