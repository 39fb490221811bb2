"""Draw the pictures of the officers' guide anew, from a demo that runs: `python scripts/pictures.py --port 8000`."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZE = {"width": 1280, "height": 780}
COLOURS = 256
"""A screen of ours has few; the pictures lie in the repository."""
SHOTS = {
    "today": ("head", "/desk/"),
    "dossiers": ("clerk", "/desk/dossiers/"),
    "dossier": ("handler", ".queue .code a"),
    "intake": ("clerk", "/desk/intake/1.001193/"),
    "workload": ("head", "/desk/workload/"),
}
"""Name, role of who looks, and the address, or what is followed in the list."""


def main() -> None:
    """Draw each picture as its officer sees it."""
    with running_demo(__doc__) as (browser, base, accounts):
        for name, (role, target) in SHOTS.items():
            user = next(each for each in accounts if each.startswith(f"demo-{role}-"))
            page = logged_in(browser, base, user, accounts[user])
            open_target(page, base, target)
            draw(page, FOLDER / f"{name}.png")
            page.context.close()


@contextmanager
def running_demo(description: str | None) -> Iterator[tuple[Browser, str, dict[str, str]]]:
    """Give a browser, the address of the demo that the options name, and the passwords of its accounts."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--accounts", type=Path, default=ROOT / "var" / "demo-accounts.txt")
    options = parser.parse_args()
    accounts = dict(line.split(": ", 1) for line in options.accounts.read_text().splitlines())
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser, f"http://localhost:{options.port}", accounts
        browser.close()


def logged_in(browser: Browser, base: str, name: str, password: str, door: str = "/desk/") -> Page:
    """Return a page on which somebody is logged in, having come by a door."""
    page = browser.new_context(viewport=SIZE, locale="vi-VN").new_page()  # type: ignore[arg-type]
    page.goto(base + door)
    page.locator("input[type=password]").wait_for()
    page.locator("form:has(input[type=password]) input:not([type=hidden])").first.fill(name)
    page.locator("input[type=password]").fill(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def open_target(page: Page, base: str, target: str) -> None:
    """Go to an address, or follow what is in the list."""
    if target.startswith("/"):
        page.goto(base + target)
        return
    page.goto(f"{base}/desk/dossiers/")
    with page.expect_navigation():
        page.locator(target).first.click()


def draw(page: Page, file: Path) -> None:
    """Write what the page shows, in few colours."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
