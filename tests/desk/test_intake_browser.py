"""Intake in a real browser: by keyboard alone, with Vietnamese typing, live, and accessible in both languages."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import faults, follow
from tests.desk.made_files import pdf
from tests.desk.test_faces_browser import Officer
from tests.desk.test_keys_browser import access_keys
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
MAKE = """
import datetime as dt
from django.utils import timezone
from tests.desk.cast import make_cast
names = ["Tờ khai", "Giấy chứng sinh", "Giấy kết hôn", "Giấy xác nhận cư trú", "Văn bản ủy quyền", "Giấy cam đoan"]
papers = [
    {"key": f"p{n}", "name": name, "kind": "paper", "originals": n % 2, "copies": 1 - n % 2, "handling": "submit"}
    for n, name in enumerate(names)
]
cast = make_cast(cases=[{"key": "c1", "label": "", "papers": papers}])
cast.procedure.code = "1.5"
cast.procedure.save()
for name in ("clerk", "contractor"):
    cast.people[name].set_password("mot-cua-thu-1")
    cast.people[name].save()
at = timezone.now() - dt.timedelta(days=9)
from desk.intake import PaperIn
for hour in range(2):
    cast.received(at + dt.timedelta(hours=hour), papers=[PaperIn("p0", 1)], decided_by=cast.commune)
"""
ASKED = 25
"""Keystrokes beyond the data itself, at most."""
DIALOG = "#keys-dialog"


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site with a procedure of six papers."""
    with served(tmp_path_factory.mktemp("desk-intake"), schema_file, MAKE) as address:
        yield address


@pytest.fixture(scope="module")
def clerk(chromium, base) -> Officer:
    """The clerk, with a screen of JavaScript (`eyes`) and one without (`page`)."""
    return Officer(chromium, base, "clerk", 1280)


@pytest.fixture
def page(clerk, base) -> Iterator[Page]:
    """A screen with JavaScript; nothing may go wrong in its scripts."""
    page = clerk.eyes.context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{base}/desk/intake/1.5/")
    yield page
    assert not wrong
    page.close()


class Keyboard:
    """Hands that never leave the keyboard; `pressed` are the keys that aren't the data itself."""

    def __init__(self, page: Page) -> None:
        self.page, self.alt_with, self.pressed = page, access_keys(page), []

    def type(self, text: str) -> None:
        """Type data."""
        self.page.keyboard.type(text)

    def press(self, key: str, times: int = 1) -> None:
        """Press a key that is no data."""
        for _time in range(times):
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def alt(self, key: str) -> None:
        """Press Alt and a letter: one stroke."""
        self.alt_with(key)
        self.pressed.append(f"Alt {key.upper()}")


def stands(page: Page, where: str) -> None:
    """Wait until the cursor stands somewhere: whoever types ahead of a page has to wait too."""
    expect(page.locator(where)).to_be_focused()


def test_a_dossier_with_five_papers_by_keyboard_alone(page, base, capsys):
    page.goto(f"{base}/desk/")
    hands = Keyboard(page)
    hands.alt("n")
    page.wait_for_url("**/desk/intake/")
    stands(page, "#q")
    hands.type("1.5")
    hands.press("Enter")
    stands(page, ".rows li:first-child a")
    hands.press("Enter")
    page.wait_for_url("**/desk/intake/1.5/")
    stands(page, "[name=applicant-number1]")
    hands.type("048090000017")
    hands.press("Tab", 3)
    for typed in ("Trần Thị Mai", "05031990", "0905123999", "12 Trần Phú, phường Hòa Khánh"):
        hands.type(typed)
        hands.press("Tab")
    hands.alt("a")
    stands(page, "[name=has-p0]")
    hands.press("ArrowDown", 5)
    hands.press(" ")  # Five of the six came.
    hands.alt("m")
    expect(page.locator(".say.success")).to_have_count(1)
    assert page.locator(".say.success").inner_text().count("Alt") == 3
    with page.context.expect_page() as slip:
        hands.alt("i")
    slip.value.close()
    where = page.locator("[accesskey=i]").get_attribute("href")
    assert page.context.request.get(base + where).body().startswith(b"%PDF")
    dossier = page.url
    hands.alt("g")
    page.wait_for_url("**/desk/intake/1.5/")
    stands(page, "[name=applicant-number1]")
    told = f"\nintake: {len(hands.pressed)} keystrokes beyond the data (asked: ≤ {ASKED})\n"
    with capsys.disabled():
        sys.stdout.write(told)
    assert len(hands.pressed) <= ASKED
    page.goto(dossier)
    text = page.locator("main").inner_text()
    assert "Trần Thị Mai" in text and "Văn bản ủy quyền" in text and "12 Trần Phú" in text


def typed_by_unikey(page: Page, send: Callable[..., object]) -> str:
    """Type «Nguyễn Thị Lan» as Unikey does: letters, then steps back and the marked ones anew, with key code 229."""

    def key(code: int, kind: str = "rawKeyDown", name: str = "Process") -> None:
        send("Input.dispatchKeyEvent", {"type": kind, "key": name, "code": "", "windowsVirtualKeyCode": code})

    def letter(text: str) -> None:
        key(229)
        send("Input.insertText", {"text": text})
        key(229, "keyUp")

    def back() -> None:
        page.keyboard.press("Backspace")

    for text in "Nguye":
        letter(text)
    back()
    letter("ê")
    letter("n")
    back()
    back()
    letter("ễn")
    for text in (" ", "T", "h", "i"):
        letter(text)
    back()
    letter("ị")
    for text in " Lan":
        letter(text)
    return "Nguyễn Thị Lan"


def typed_by_ibus(page: Page, send: Callable[..., object]) -> str:
    """Type «Nguyễn ?» as ibus does: each letter changes what is being composed, at the end it is put in."""
    for text in ("N", "Ng", "Ngu", "Nguy", "Nguye", "Nguyê", "Nguyên", "Nguyễn"):
        key = {"key": "Process", "code": "", "windowsVirtualKeyCode": 229}
        send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        page.wait_for_timeout(60)
    send("Input.insertText", {"text": "Nguyễn"})
    page.keyboard.type(" ?")
    return "Nguyễn ?"


@pytest.mark.parametrize("typing", [typed_by_unikey, typed_by_ibus])
@pytest.mark.parametrize("field", ["#id_applicant-name", "#id_missing-p0", "#id_related", "#find", "#q"])
def test_vietnamese_typing_loses_nothing_and_fires_nothing(page, base, field, typing):
    if field == "#q":
        page.goto(f"{base}/desk/intake/")
    else:
        page.route("**/live/", lambda route: (time.sleep(0.2), route.continue_()))  # Answers come amid the typing.
        page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
        page.locator("#id_applicant-phone").fill("0905123000")
        page.locator("#id_sets").focus()  # Leaving the line asks for the promise.
    box = page.locator(field)
    box.focus()
    before = page.url
    expected = typing(page, page.context.new_cdp_session(page).send)
    assert box.input_value() == expected
    if field == "#id_applicant-name":
        page.wait_for_timeout(900)
        expect(page.locator("#promise")).to_contain_text("0/6")
    assert box.input_value() == expected and page.url == before
    assert page.evaluate("document.activeElement.id") == field[1:]
    expect(page.locator(DIALOG)).to_be_hidden()


def test_whoever_was_here_is_offered_and_filled_in_by_one_key(page):
    asked = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/live/") else None)
    page.locator("#id_applicant-number1").focus()
    page.keyboard.type("048123456789")
    expect(page.locator("#offer")).to_contain_text("Nguyễn Thị Lan")
    assert page.locator("#id_applicant-name").input_value() == ""
    page.locator("#id_applicant-address").fill("12 Trần Phú")
    access_keys(page)("p")
    expect(page.locator("#id_applicant-name")).to_have_value("Nguyễn Thị Lan")
    expect(page.locator("#id_applicant-phone")).to_have_value("0905 123 456")
    expect(page.locator("#id_applicant-address")).to_have_value("12 Trần Phú")
    expect(page.locator("#offer")).to_contain_text("Tổ 5")
    expect(page.locator("#id_applicant-born_on, #id_has-p0").and_(page.locator(":focus"))).to_have_count(1)
    assert all(request.method == "POST" and "?" not in request.url for request in asked)


def test_the_promise_follows_what_is_ticked_and_files_stay(page, tmp_path):
    promise = page.locator("#promise")
    expect(promise).to_have_attribute("aria-live", "polite")
    scan = tmp_path / "to-khai.pdf"
    scan.write_bytes(pdf())
    page.locator("#id_has-p0").check()
    expect(promise).to_contain_text("1/6")
    page.locator("#id_file-p0").set_input_files(scan)
    page.locator("#id_channel").select_option("post")
    expect(promise).to_contain_text("1/6")
    page.wait_for_timeout(600)
    assert page.locator("#id_file-p0").evaluate("input => input.files.length") == 1
    drop = """row => {
        const held = new DataTransfer();
        held.items.add(new File(["x"], "b.pdf", { type: "application/pdf" }));
        row.dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
    }"""
    page.locator(".handed li").nth(1).evaluate(drop)
    assert page.locator("#id_file-p1").evaluate("input => input.files[0].name") == "b.pdf"
    expect(page.locator("#id_has-p1")).to_be_checked()
    page.locator("#id_applicant-name").fill("Lê Văn Tám")
    page.locator("#id_applicant-number1").fill("048090000025")
    follow(page.locator("[value=receive]"))
    expect(page.locator(".handed .errorlist")).to_have_count(1)  # What was dropped is no PDF at all.


def test_without_javascript_the_buttons_do_the_same(clerk):
    page = clerk.page
    clerk.open("/desk/intake/1.5/")
    page.fill("#id_applicant-number1", "048123456789")
    follow(page.locator("[value=find-applicant]"))
    assert page.locator("#id_applicant-name").input_value() == "Nguyễn Thị Lan"
    follow(page.locator("[value=all]"))
    assert page.locator(".handed .tick input:checked").count() == 6
    assert page.locator("#id_applicant-name").input_value() == "Nguyễn Thị Lan"
    follow(page.locator("[value=check][accesskey]"))
    expect(page.locator("#promise .big")).to_have_count(2)


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (768, "en"), (1280, "vi")])
def test_each_state_of_intake_is_accessible(clerk, base, width, language):
    page = clerk.eyes.context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{base}/desk/")
    page.locator(".pop summary").click()
    follow(page.locator(f"button[value={language}]"))
    found = []
    for path in ("intake/", "intake/?q=1.5", "intake/?q=zzzz", "intake/1.5/"):
        page.goto(f"{base}/desk/{path}")
        found += faults(page, width)
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    page.locator("#id_applicant-number1").fill("048123456789")
    page.locator("[value=find-applicant]").click()
    expect(page.locator("#id_applicant-name")).to_have_value("Nguyễn Thị Lan")
    page.locator("#id_applicant-phone").fill("x")
    page.locator("[value=all]").click()
    follow(page.locator("[value=receive]"))
    expect(page.locator("#id_applicant-phone")).to_be_focused()
    found += faults(page, width)
    page.locator("#id_applicant-phone").fill("")
    follow(page.locator("[value=receive]"))
    expect(page.locator(".warn-card input[type=checkbox]")).to_be_focused()
    found += faults(page, width)
    assert not found
    page.close()
