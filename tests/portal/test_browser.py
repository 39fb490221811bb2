"""The pages in a real browser: accessible, nothing runs over the edge, usable by keyboard and without JavaScript."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import faults, follow
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
LANGUAGES = ("vi", "ko")
MAKE = """
from tests.factories import *
make_pages()
procedure = ProcedureFactory(
    code="1.5",
    name_vi="Thủ tục đăng ký khai sinh có yếu tố nước ngoài tại khu vực biên giới",
    steps_vi="- Nộp hồ sơ\\n+ Kiểm tra\\nNhận kết quả",
    with_channels=True,
    foreign=True,
    roles=[RoleFactory()],
)
case = CaseFactory(procedure=procedure, label_vi="Trường hợp chung")
RequiredPaperFactory(case=case, name_vi="Giấy chứng sinh " * 20)
RequiredPaperFactory(case=case, unclassified=True)
CentreFactory(
    slug="phuong-cam-le", name_vi="Trung tâm phường Cẩm Lệ", place=CommuneFactory(name="Phường Cẩm Lệ")
)
ProcedureFactory(code="1.6", name_vi="Thủ tục đăng ký lại khai sinh", name_en="Register again", name_ko="출생 재등록")
from search import life
from search.models import EverydayWords
EverydayWords.objects.create(procedure=procedure, language="vi", phrases="làm giấy khai sinh cho con")
life.rebuild()
"""
RESULTS = ("làm giấy khai sinh cho con", "khai sinhh", "cẩm lệ", "xyzxyz")
INDEXES = {
    "vi": ("thu-tuc", "trung-tam", "noi-cu", "duong-day-nong", "nguoi-nuoc-ngoai"),
    "ko": ("procedures", "centres", "places", "hotlines", "foreign-users"),
}


def addresses(language: str) -> list[str]:
    """One address of each public template."""
    procedures, centres, *others = INDEXES[language]
    tails = ["", f"{procedures}/", f"{procedures}/1.5/", f"{procedures}/?q=xyz", f"{centres}/"]
    tails += [f"{centres}/phuong-cam-le/", "report/", "khong-co/", *(f"{name}/" for name in others)]
    return [f"/{language}/{tail}" for tail in tails]


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site on a database file of its own, served as the demo serves it."""
    with served(tmp_path_factory.mktemp("browser"), schema_file, MAKE) as address:
        yield address


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_stay_within_the_screen(chromium, base, language, width):
    page = chromium.new_page(viewport={"width": width, "height": 800})
    found = []
    for address in addresses(language):
        page.goto(base + address)
        found += faults(page, width)
    page.close()
    assert not found


@pytest.mark.parametrize("width", [360, 1280])
def test_results_and_open_suggestions_are_accessible_in_every_language(chromium, base, width):
    page = chromium.new_page(viewport={"width": width, "height": 800})
    found = []
    for language, name in [("vi", "thu-tuc"), *((code, "procedures") for code in ("en", "zh-hans", "ko", "ja"))]:
        for query in RESULTS:
            page.goto(f"{base}/{language}/{name}/?q={query}")
            found += faults(page, width)
        type_into(page, "khai sinh")
        page.keyboard.press("ArrowDown")
        found += faults(page, width)
    page.close()
    assert not found


def type_into(page, text: str) -> None:
    """Type a text into the search field and wait for its suggestions."""
    page.fill("#q", "")
    page.locator("#q").press_sequentially(text)
    page.locator("[role=option]").first.wait_for()


def test_suggestions_are_a_combobox_that_the_keyboard_drives(chromium, base):
    page = chromium.new_page()
    page.goto(f"{base}/vi/")
    field = page.locator("#q")
    assert field.get_attribute("role") == "combobox" and field.get_attribute("aria-expanded") == "false"
    type_into(page, "khai sinh")
    options = page.locator(f"#{field.get_attribute('aria-controls')} [role=option]")
    count = options.count()
    assert count >= 2 and field.get_attribute("aria-expanded") == "true"
    assert page.locator("[role=status]").inner_text() == f"{count} gợi ý"
    assert "Thủ tục" in options.first.inner_text()

    def chosen() -> int:
        active = field.get_attribute("aria-activedescendant")
        marks = [options.nth(at).get_attribute("aria-selected") for at in range(count)]
        assert marks.count("true") == bool(active)
        return -1 if active is None else [options.nth(at).get_attribute("id") for at in range(count)].index(active)

    for key, place in (
        ("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", -1), ("ArrowUp", count - 1),
        ("Home", 0), ("End", count - 1), ("ArrowDown", -1),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert chosen() == place, key
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false" and field.input_value() == "khai sinh"
    page.keyboard.press("ArrowDown")
    options.first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/vi/thu-tuc/1\.\d/"))
    page.close()


def test_enter_without_a_choice_searches_what_was_typed(chromium, base):
    page = chromium.new_page()
    page.goto(f"{base}/vi/thu-tuc/")
    type_into(page, "khai sinh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vi/thu-tuc/?q=khai+sinh")
    page.close()


def test_a_suggestion_can_be_clicked_and_touched(chromium, base):
    for touch in (False, True):
        context = chromium.new_context(has_touch=touch)
        page = context.new_page()
        page.goto(f"{base}/vi/")
        type_into(page, "khai sinh")
        option = page.locator("[role=option]").first
        option.tap() if touch else option.click()
        page.wait_for_url(re.compile(r"/vi/thu-tuc/1\.\d/"))
        context.close()


def test_nothing_happens_while_an_input_method_composes(chromium, base):
    page = chromium.new_page()
    page.goto(f"{base}/vi/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/suggest/" in request.url else None)
    page.focus("#q")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "khai", "selectionStart": 4, "selectionEnd": 4})
    page.wait_for_timeout(400)
    assert page.input_value("#q") == "khai" and asked == []
    untouched = """key => document.querySelector("#q").dispatchEvent(
        new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))"""
    assert all(page.evaluate(untouched, key) for key in ("ArrowDown", "ArrowUp", "Enter", "Escape"))
    devtools.send("Input.insertText", {"text": "khai sinh"})
    page.locator("[role=option]").first.wait_for()
    assert page.input_value("#q") == "khai sinh"
    page.close()


def test_an_older_answer_never_comes_over_a_newer_one(chromium, base):
    page = chromium.new_page()
    page.goto(f"{base}/vi/")

    def slow(route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/api/suggest/**?q=xyz", slow)
    page.locator("#q").press_sequentially("xyz")
    page.wait_for_timeout(200)
    type_into(page, "khai sinh")
    page.wait_for_timeout(600)
    assert page.locator("[role=option]").count() >= 2
    page.close()


def test_a_reader_without_javascript_searches_filters_and_reads(chromium, base):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/vi/")
    page.fill("#q", "khai sinh")
    with page.expect_navigation():
        page.press("#q", "Enter")
    follow(page.locator("h3 a[href$='/1.5/']"))
    assert "khai sinh" in page.inner_text("h1")
    page.select_option("#commune", "phuong-cam-le")
    follow(page.locator("main form button").first)
    assert re.search(r"centre=phuong-cam-le", page.url)
    page.check("input[type=checkbox]")
    page.get_by_text("Nguyên văn").first.click()
    assert not context.cookies()
    context.close()


def test_the_first_key_leads_to_the_content(chromium, base):
    page = chromium.new_page()
    page.goto(f"{base}/vi/thu-tuc/1.5/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
