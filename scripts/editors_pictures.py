"""Draw the pictures of the editors' guide anew, from a demo that runs: `python scripts/editors_pictures.py`.

It writes a draft and a proposal into that demo, as an editor would, and leaves them waiting.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.pictures import FOLDER, draw, logged_in, running_demo  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

CODE = "1.001193"
KINDS = "/cms/snippets/catalogue"


def main() -> None:
    """Walk through an editor's and an approver's day, and draw what they see."""
    with running_demo(__doc__) as (browser, base, accounts):
        editor = logged_in(browser, base, "editor", accounts["editor"], "/cms/")
        procedure = find(editor, base)
        write(editor, procedure)
        many(editor, base, procedure)
        proposal = propose(editor, base)
        approver = logged_in(browser, base, "approver", accounts["approver"], "/cms/")
        decide(approver, base, procedure, proposal)


def find(page: Page, base: str) -> str:
    """Draw the list with its filters; return the address of a procedure's form."""
    page.goto(f"{base}{KINDS}/procedure/?q=khai+sinh")
    page.get_by_role("button", name="Hiện bộ lọc").click()
    page.wait_for_timeout(600)
    draw(page, FOLDER / "cms-list.png")
    page.goto(f"{base}{KINDS}/procedure/?q={CODE}")
    return base + str(page.locator("td.title a").first.get_attribute("href"))


def write(page: Page, procedure: str) -> None:
    """Draw the form and its papers; write a draft and submit it."""
    page.goto(procedure)
    draw(page, FOLDER / "cms-form.png")
    page.locator("#id_cases-FORMS").scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    draw(page, FOLDER / "cms-papers.png")
    short = page.locator("#id_short_name")
    short.fill("Đăng ký khai sinh" if short.input_value() != "Đăng ký khai sinh" else "Khai sinh")
    page.locator("footer [data-w-dropdown-target=toggle]").last.click()
    submit = page.locator("footer button[name=action-submit]")
    target = submit if submit.is_visible() else page.locator("footer button[type=submit]").first
    with page.expect_navigation():
        target.click()


def many(page: Page, base: str, procedure: str) -> None:
    """Draw the page on which one column of many rows is set."""
    key = procedure.rstrip("/").rsplit("/", 1)[1]
    ids = "&".join(f"id={int(key) + more}" for more in range(4))
    page.goto(f"{base}/cms/bulk/catalogue/procedure/set_columns/?{ids}&next={KINDS}/procedure/")
    draw(page, FOLDER / "cms-many.png")


def propose(page: Page, base: str) -> str:
    """Propose a change of a legal document; return the proposal's address."""
    page.goto(f"{base}{KINDS}/legaldocument/?q=60/2014/QH13")
    page.goto(base + str(page.locator("td.title a").first.get_attribute("href")))
    name = page.locator("#id_name")
    name.fill(f"{name.input_value().removesuffix(' (Quốc hội)')} (Quốc hội)")
    with page.expect_navigation():
        page.locator("footer button[type=submit]").first.click()
    return page.url


def decide(page: Page, base: str, procedure: str, proposal: str) -> None:
    """Draw what an approver meets: the dashboard, the comparison, the buttons, a proposal, the history."""
    page.goto(f"{base}/cms/")
    draw(page, FOLDER / "cms-dashboard.png")
    page.goto(procedure)
    page.locator("footer [data-w-dropdown-target=toggle]").last.click()
    page.wait_for_timeout(400)
    draw(page, FOLDER / "cms-approve.png")
    page.goto(procedure.replace("/edit/", "/history/"))
    draw(page, FOLDER / "cms-history.png")
    page.goto(procedure.replace("/edit/", "/history/") + "revisions/compare/live...latest/")
    draw(page, FOLDER / "cms-compare.png")
    page.goto(proposal)
    draw(page, FOLDER / "cms-proposal.png")


if __name__ == "__main__":
    main()
