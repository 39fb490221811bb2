"""The desk by keyboard in a real browser: access keys, arrows, «?»; no letter is taken from somebody who types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import faults, follow
from tests.desk.test_faces_browser import MAKE, Officer
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
FILL = """
import datetime as dt
from django.utils import timezone
from desk import actions
from desk.models import Notice, SavedView
at = timezone.now() - dt.timedelta(days=9)
for days in range(4):
    late = cast.received(at + dt.timedelta(days=days), decided_by=cast.commune)
    dossier = cast.processing(at + dt.timedelta(days=days))
for kind, role in (("soon", "clerk"), ("overdue", "clerk"), ("overdue", "head")):
    Notice.objects.create(dossier=late, kind=kind, agency=cast.commune, role=role, about="1", made_at=at)
SavedView.objects.create(
    owner=cast.people["clerk"], agency=cast.commune, name="Chưa ai nhận", query={"whose": ["nobody"]}, made_at=at,
    is_shared=True,
)
"""
ROWS = ".queue tbody tr"
FOCUSED = "document.activeElement.textContent"
DIALOG = "#keys-dialog"


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site with some dossiers and notices."""
    with served(tmp_path_factory.mktemp("desk-keys"), schema_file, MAKE + FILL) as address:
        yield address


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (1280, "en")])
def test_each_screen_is_accessible(chromium, base, width, language):
    clerk, head, approver = (Officer(chromium, base, name, width) for name in ("clerk", "head", "approver"))
    found = []
    for who in (clerk, head, approver):
        page = who.eyes
        page.goto(f"{base}/desk/")
        page.locator(".pop summary").click()
        follow(page.locator(f"button[value={language}]"))
        assert page.locator("html").get_attribute("lang") == language
        found += faults(page, width)
    page = clerk.eyes
    columns = "&".join(f"cols={key}" for key in ("left", "due", "step", "agency", "submitted", "channel", "number"))
    for path in (
        "dossiers/", f"dossiers/?{columns}&cols=holder&cols=procedure", "dossiers/?sort=newest&due=overdue",
        "dossiers/?q=nobody", "notices/", "register/", "register/?first_day=x", "keys/", "views/999/",
    ):  # fmt: skip
        page.goto(f"{base}/desk/{path}")
        found += faults(page, width)
    page.goto(f"{base}/desk/dossiers/?whose=nobody")
    page.locator("details.keep summary").click()
    found += faults(page, width)
    follow(page.locator("details.keep .pri"))
    expect(page.locator(".keep .errorlist")).to_have_count(1)
    found += faults(page, width)
    follow(page.locator(".views a").last)
    found += faults(page, width)
    page = approver.eyes
    page.goto(f"{base}/desk/dossiers/")
    for row in page.locator(f"{ROWS} input").all()[:3]:
        row.check()
    follow(page.locator("[name=act][value=finish]"))
    found += faults(page, width)
    follow(page.locator("form.card .pri"))
    assert page.locator(".errorlist").count() >= 4
    found += faults(page, width)
    assert not found


@pytest.fixture
def page(chromium, base) -> Page:
    """The list as the approver sees it, on a screen with a keyboard."""
    page = Officer(chromium, base, "approver", 1280).eyes
    page.goto(f"{base}/desk/dossiers/")
    return page


def test_arrows_walk_through_the_list_space_ticks_and_enter_opens(page):
    codes = page.locator(".code a").all_inner_texts()
    assert len(codes) >= 3
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == codes[0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) == codes[1]
    page.keyboard.press(" ")
    boxes = page.locator(f"{ROWS} input")
    assert [box.is_checked() for box in boxes.all()][:3] == [False, True, False]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) == codes[0], "above the first there is nothing"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/dossiers/{codes[0]}/")


def test_the_question_mark_shows_the_keys_and_escape_takes_them_away(page):
    page.keyboard.press("?")
    expect(page.locator(DIALOG)).to_be_visible()
    assert faults(page, 1280) == []
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('dialog') !== null"), "the list behind it doesn't move"
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_be_hidden()


def access_keys(page: Page) -> Callable[[str], None]:
    """Return what presses Alt and a letter: access keys hear the letter, which Playwright leaves out."""
    session = page.context.new_cdp_session(page)

    def press(key: str) -> None:
        code = {"key": key, "code": f"Key{key.upper()}", "windowsVirtualKeyCode": ord(key.upper()), "modifiers": 1}
        for kind in ("rawKeyDown", "char", "keyUp"):
            text = {} if kind == "keyUp" else {"text": key, "unmodifiedText": key}
            session.send("Input.dispatchKeyEvent", {"type": kind, **text, **code})

    return press


def test_access_keys_open_the_screens(page, base):
    press = access_keys(page)
    for key, path in {"h": "", "j": "notices/", "q": "dossiers/", "x": "keys/"}.items():
        press(key)
        page.wait_for_url(f"{base}/desk/{path}")
    press("h")
    page.wait_for_url(f"{base}/desk/")
    most_pressing = page.locator(".begin .btn").get_attribute("href")
    press("b")
    page.wait_for_url(f"{base}{most_pressing}")
    press("k")
    expect(page.locator("#find")).to_be_focused()


@pytest.mark.parametrize("field", ["#find", "#id_q", "#id_procedure"])
@pytest.mark.parametrize("typed", ["nguyeenx thij lan?", "nguye6n4 thi5 lan ?", "Nguyễn Thị Lan?"])
def test_what_is_typed_in_a_field_stays_there(page, field, typed):
    box = page.locator(field)
    box.focus()
    page.keyboard.type(typed)
    for key in ("ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert box.input_value() == typed
    assert page.evaluate("document.activeElement.id") == field[1:]
    expect(page.locator(DIALOG)).to_be_hidden()


SEND = """([target, key, more]) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.querySelector(target).dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_nothing_is_taken_while_a_letter_is_composed_or_with_a_modifier(page):
    page.keyboard.press("ArrowDown")
    for key in ("ArrowDown", "ArrowUp", " ", "?"):
        for more in (
            {"isComposing": True}, {"keyCode": 229}, {"ctrlKey": True}, {"altKey": True}, {"metaKey": True},
        ):  # fmt: skip
            assert page.evaluate(SEND, [".code a", key, more]) is False, (key, more)
        for target in ("#find", "select", "input[type=checkbox]"):
            assert page.evaluate(SEND, [target, key, {}]) is False, (key, target)
    page.evaluate("document.querySelector('main').setAttribute('contenteditable', 'true')")
    assert page.evaluate(SEND, ["main h1", "?", {}]) is False
    page.evaluate("document.querySelector('main').removeAttribute('contenteditable')")
    assert page.evaluate(SEND, [".code a", "?", {}]) is True, "and otherwise it is"


def test_the_keys_can_be_switched_off(page, base):
    page.goto(f"{base}/desk/keys/")
    page.locator("[data-keys-switch] input").uncheck()
    page.goto(f"{base}/desk/dossiers/")
    page.keyboard.press("?")
    expect(page.locator(DIALOG)).to_be_hidden()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement === document.body")
    page.goto(f"{base}/desk/keys/")
    assert not page.locator("[data-keys-switch] input").is_checked()
    page.locator("[data-keys-switch] input").check()
    page.goto(f"{base}/desk/dossiers/")
    page.keyboard.press("?")
    expect(page.locator(DIALOG)).to_be_visible()


def test_without_javascript_the_keys_are_a_page(chromium, base):
    officer = Officer(chromium, base, "clerk", 1280)
    follow(officer.page.locator(".foot a"))
    assert officer.page.url == f"{base}/desk/keys/"
    assert officer.page.locator(".keys dt").count() >= 12
    assert officer.page.locator("[data-keys-switch]").is_hidden(), "there is nothing to switch without it"
