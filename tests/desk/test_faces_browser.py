"""The whole life of a dossier in a real browser, without JavaScript; each screen accessible on two widths."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browsing import faults, follow
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
MAKE = """
from tests.desk.cast import make_cast, ROLES
cast = make_cast()
cast.procedure.code = "1.5"
cast.procedure.save()
for name in ROLES:
    cast.people[name].set_password("mot-cua-thu-1")
    cast.people[name].save()
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site with nothing but its cast."""
    with served(tmp_path_factory.mktemp("desk-browser"), schema_file, MAKE) as address:
        yield address


class Officer:
    """Somebody at a screen: pages are opened without JavaScript, and looked at with it."""

    def __init__(self, chromium, base: str, name: str, width: int) -> None:
        size = {"width": width, "height": 800}
        self.context = chromium.new_context(java_script_enabled=False, viewport=size)
        self.page, self.base, self.width, self.faults = self.context.new_page(), base, width, []
        self.open("/accounts/login/?next=/desk/")
        self.page.fill("#id_login", name)
        self.page.fill("#id_password", "mot-cua-thu-1")
        follow(self.page.locator("button[type=submit]"))
        assert self.page.url == f"{base}/desk/"
        self.eyes = chromium.new_context(storage_state=self.context.storage_state(), viewport=size).new_page()

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(path if path.startswith("http") else self.base + path)

    def look(self) -> None:
        """Open the same page with JavaScript, which the checks need, and note what is wrong with it."""
        self.eyes.goto(self.page.url)
        self.faults += faults(self.eyes, self.width)

    def act(self, dossier: str, name: str, **fields: str) -> None:
        """Open an act's form, look at it, fill it in and send it."""
        self.open(f"{dossier}acts/{name}/")
        self.look()
        for field, value in fields.items():
            self.page.fill(f"[name={field}]", value)

    def send(self) -> None:
        """Press the form's first button; the page says that it was done."""
        follow(self.page.locator("form.card .pri"))
        expect(self.page.locator(".say.success")).to_have_count(1)


def test_with_javascript_the_seconds_run_down_and_colleagues_are_offered(chromium, base):
    clerk, head = (Officer(chromium, base, name, 1280) for name in ("clerk", "head"))
    clerk.open("/desk/intake/1.5/")
    clerk.page.fill("#id_applicant-name", "Trần Văn Bốn")
    clerk.page.select_option("#id_decided_by", label="Sở Tư pháp")
    clerk.page.check("[name=has-to-khai]")
    follow(clerk.page.locator("[value=receive]"))
    dossier = clerk.page.url
    head.open(dossier)
    eyes = clerk.eyes
    eyes.goto(f"{dossier}acts/comment/")
    eyes.fill("#id_text", "Nhờ @h")
    eyes.locator("#id_text").press("End")
    eyes.locator("#id_text").press_sequentially("ead")
    offered = eyes.locator(".fld button")
    expect(offered).to_have_text(["Nguyễn Head"])
    offered.click()
    expect(eyes.locator("#id_text")).to_have_value("Nhờ @Nguyễn Head ")
    follow(eyes.locator("form.card .pri"))
    expect(eyes.locator(".others")).to_contain_text("Nguyễn Head")
    left = eyes.locator("[data-left]")
    seconds = int(left.text_content() or 0)
    expect(left).not_to_have_text(str(seconds))
    assert int(left.text_content() or 0) < seconds
    assert faults(eyes, 1280) == []
    follow(eyes.locator(".undo button"))
    expect(eyes.locator(".log .undone")).to_have_count(1)
    eyes.goto(f"{dossier}acts/forward/")
    for agency in ("Ủy ban nhân dân phường Hòa Khánh", "Sở Tư pháp"):
        eyes.select_option("#id_to_agency", label=agency)
        can_be_chosen = eyes.locator("#id_to_user optgroup:not([disabled])")
        expect(can_be_chosen).to_have_count(1)
        expect(can_be_chosen).to_have_attribute("label", agency)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_whole_life_from_intake_to_the_returned_result(chromium, base, width):
    clerk, handler, approver = (Officer(chromium, base, name, width) for name in ("clerk", "handler", "approver"))
    clerk.look()
    clerk.open("/desk/intake/?q=1.5")
    clerk.look()
    follow(clerk.page.locator(".rows a"))
    clerk.look()
    page = clerk.page
    page.fill("#id_applicant-name", "Nguyễn Thị Lan")
    page.select_option("#id_applicant-number_kind1", "citizen_card")
    page.fill("#id_applicant-number1", "04812345")
    page.select_option("#id_decided_by", label="Sở Tư pháp")
    page.check("[name=has-to-khai]")
    follow(page.locator("[value=check]:visible").last)
    assert "12" in page.locator(".errorlist").inner_text() and page.locator(".big").count() == 2
    page.fill("#id_applicant-number1", f"04812345{width:04d}")  # The same person twice on a day would be asked about.
    follow(page.locator("[value=receive]"))
    dossier = page.url
    clerk.look()
    clerk.act(dossier, "forward", step="Thẩm định")
    clerk.send()
    handler.open(dossier)
    follow(handler.page.locator(".next .pri"))
    handler.send()
    handler.act(dossier, "request_supplement")
    handler.page.locator(".ask input").first.check()
    handler.page.locator(".ask textarea").first.fill("Tờ khai thiếu chữ ký.")
    handler.send()
    clerk.act(dossier, "accept_supplement", originals0="1")
    clerk.send()
    approver.act(dossier, "finish", number=f"{width}/GKS", signatory="Lê Minh")
    approver.page.check("[value=granted]")
    follow(approver.page.locator("form.card .pri"))
    approver.look()
    approver.page.check("[name=is_unpaid]")
    approver.send()
    clerk.act(dossier, "return_result", to="Con gái")
    clerk.send()
    clerk.look()
    assert page.locator(".log li").count() == 7
    slips = page.locator("[href*='/slips/']")
    assert slips.count() == 6
    printed = clerk.context.request.get(base + slips.last.get_attribute("href"))
    assert printed.ok and printed.body().startswith(b"%PDF")
    clerk.act(dossier, "comment", text="Đã trả.")
    clerk.send()
    clerk.open("/desk/dossiers/?state=all")
    clerk.look()
    assert not [*clerk.faults, *handler.faults, *approver.faults]


def test_focus_is_seen_and_the_keyboard_reaches_everything(chromium, base):
    officer = Officer(chromium, base, "clerk", 1280)
    page = officer.eyes
    page.goto(f"{base}/desk/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert seen != "none"
