"""The whole life of a dossier by keyboard alone, in a real browser with JavaScript; every slip of it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.desk.test_faces_browser import MAKE, Officer
from tests.desk.test_keys_browser import access_keys
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
HERE = "document.activeElement.outerHTML.slice(0, 200)"
FARTHEST = 250
"""Steps by Tab to whatever is on a page."""


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site with nothing but its cast."""
    with served(tmp_path_factory.mktemp("desk-life-keys"), schema_file, MAKE) as address:
        yield address


class Hands:
    """Somebody's hands on a keyboard: there is no mouse, and nothing is put in but by keys."""

    def __init__(self, chromium, base: str, name: str) -> None:
        self.page: Page = Officer(chromium, base, name, 1280).eyes
        self.page.goto(f"{base}/desk/")
        self.alt = access_keys(self.page)

    def go(self, key: str) -> None:
        """Press Alt and a letter that leads to another page."""
        with self.page.expect_navigation():
            self.alt(key)

    def enter(self) -> None:
        """Press Enter where it leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def reach(self, selector: str) -> None:
        """Walk by Tab until the focus is on something."""
        for _step in range(FARTHEST):
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} can't be reached by Tab on {self.page.url}: {self.page.evaluate(HERE)}")

    def fill(self, selector: str, text: str) -> None:
        """Write into a line in the place of what stands there."""
        self.reach(selector)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, selector: str, label: str) -> None:
        """Choose a line of a list by arrows."""
        self.reach(selector)
        chosen = "document.activeElement.selectedOptions[0].textContent.trim()"
        for _step in range(FARTHEST):
            if self.page.evaluate(chosen) == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} isn't in {selector}")

    def find(self, code: str) -> None:
        """Open a dossier by its code, from wherever one is."""
        self.alt("k")
        expect(self.page.locator("#find")).to_be_focused()
        self.page.keyboard.type(code)
        self.enter()
        self.page.keyboard.press("ArrowDown")
        self.enter()
        self.page.wait_for_url(f"**/desk/dossiers/{code}/")

    def next_act(self, name: str) -> None:
        """Open the form of what is to be done next."""
        self.go("t")
        assert self.page.url.endswith(f"/acts/{name}/")

    def send(self) -> None:
        """Send the form; the page says that it was done."""
        self.go("m")
        expect(self.page.locator(".say.success")).to_have_count(1)

    def print(self, url: str) -> bytes:
        """Open a slip by Enter on its link; return what the browser got."""
        self.reach(f"a[href='{url}']")
        with self.page.context.expect_event("response", lambda answer: answer.url.endswith(url)) as got:
            self.page.keyboard.press("Enter")
        assert got.value.status == 200 and got.value.headers["content-type"] == "application/pdf"
        return self.page.context.request.get(got.value.url).body()


def test_from_intake_to_the_returned_result_by_keys_alone(chromium, base):
    clerk, handler, approver = (Hands(chromium, base, name) for name in ("clerk", "handler", "approver"))
    page = clerk.page
    clerk.go("n")
    clerk.reach("main [name=q]")
    page.keyboard.type("1.5")
    clerk.enter()
    clerk.reach(".rows a")
    clerk.enter()
    page.wait_for_load_state()
    clerk.choose("#id_decided_by", "Sở Tư pháp")
    clerk.fill("#id_applicant-name", "Nguyễn Thị Lan")
    clerk.reach("[name=has-to-khai]")
    page.keyboard.press("Space")
    expect(page.locator("[name=has-to-khai]")).to_be_checked()
    clerk.send()
    dossier = page.url
    code = dossier.rstrip("/").rsplit("/", 1)[-1]

    clerk.next_act("forward")
    clerk.fill("[name=step]", "Thẩm định")
    clerk.send()
    handler.find(code)
    handler.next_act("take_over")
    handler.send()
    handler.reach("a[href$='/acts/request_supplement/']")
    handler.enter()
    handler.reach(".ask input")
    handler.page.keyboard.press("Space")
    handler.fill(".ask textarea", "Tờ khai thiếu chữ ký.")
    handler.send()
    clerk.find(code)
    clerk.next_act("accept_supplement")
    clerk.fill("[name=originals0]", "1")
    clerk.send()
    approver.find(code)
    approver.next_act("finish")
    approver.reach("[name=outcome]")
    approver.page.keyboard.press("Space")
    approver.fill("[name=number]", "12/GKS")
    approver.fill("[name=signatory]", "Lê Minh")
    # The fee isn't paid yet: it is asked about, with the cursor on the box.
    approver.go("m")
    approver.reach("[name=is_unpaid]")
    approver.page.keyboard.press("Space")
    approver.send()
    clerk.find(code)
    clerk.next_act("return_result")
    clerk.fill("[name=to]", "Con gái")
    clerk.send()

    urls = [each.get_attribute("href") for each in page.locator("a[href*='/slips/']").all()]
    assert len(set(urls)) == 6
    for url in urls:
        assert clerk.print(url).startswith(b"%PDF")
        page.goto(dossier)  # Alt ← is the browser's own key, which a browser without a window hasn't.
