"""The pages in a real browser: accessible, nothing runs over the edge, usable by keyboard and without JavaScript."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from bench.site import free_port, wait_for
from scripts.demo import server_command
from tests import schema
from tests.servers import CHROMIUM, CHROMIUM_FLAGS

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
CentreFactory(slug="phuong-cam-le", place=CommuneFactory(name="Phường Cẩm Lệ"))
"""
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
    folder = tmp_path_factory.mktemp("browser")
    database = folder / "db.sqlite3"
    shutil.copy(schema_file, database)
    environment = {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{database}", "TESTING": "1"}
    schema.manage("shell", "-c", MAKE, **environment)
    port = free_port()
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen(
            server_command(port), cwd=schema.ROOT, env={**os.environ, **environment}, stdout=log, stderr=log
        ) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/robots.txt")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def chromium():
    """One browser for the module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_stay_within_the_screen(chromium, base, language, width):
    page = chromium.new_page(viewport={"width": width, "height": 800})
    faults = []
    for address in addresses(language):
        page.goto(base + address)
        faults += [f"{address}: {broken['id']}" for broken in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{address}: runs over the edge")
    page.close()
    assert not faults


def test_a_reader_without_javascript_searches_filters_and_reads(chromium, base):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/vi/")
    page.fill("#q", "khai sinh")
    page.press("#q", "Enter")
    page.click("h3 a")
    assert "khai sinh" in page.inner_text("h1")
    page.select_option("#commune", "phuong-cam-le")
    page.locator("main form button").first.click()
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
