"""A centre is closed for a day in a real browser: drafted, approved by another, seen by readers within a second."""

from __future__ import annotations

import re
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browsing import faults, follow
from tests.catalogue.test_editing_browser import MAKE, enter, press_approve
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
STANDING = """
from catalogue.models import Centre
factories.NoticeFactory(title_vi="Cầu đóng", title_ja="橋は通れません", text_vi="Đi đường khác", level="urgent")
factories.NoticeFactory(title_vi="Bảo trì", text_vi="Trang chạy chậm", level="information", link="https://example.com/")
factories.NoticeFactory(title_vi="Mất điện", centre=Centre.objects.first(), level="urgent")
"""
ALL_LANGUAGES = MAKE.replace('make_pages("vi")', "make_pages()") + STANDING
CENTRES = "/vi/trung-tam/"


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site in every language with two wards and everybody who edits."""
    with served(tmp_path_factory.mktemp("notices-browser"), schema_file, ALL_LANGUAGES) as address:
        yield address


def read(address: str) -> str:
    """Return a page over a connection of its own: any worker may answer."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read().decode()


def test_drafted_approved_and_seen_within_a_second(chromium, base):
    writer = enter(chromium, base, "top_editor")
    writer.goto(f"{base}/cms/catalogue-close-centre/")
    found = faults(writer, 1280)
    # What is missing is said beside its field, and what was typed stays.
    writer.fill("#id_own_reason", "Đường ngập sâu")
    follow(writer.locator(".cn-form button"))
    expect(writer.locator("#id_place_error")).to_be_visible()
    expect(writer.locator("#id_own_reason")).to_have_value("Đường ngập sâu")
    writer.set_viewport_size({"width": 360, "height": 800})
    # Wagtail's menu slides away; nothing runs over the edge once it has.
    writer.goto(f"{base}/cms/catalogue-close-centre/")
    found += faults(writer, 360)
    writer.select_option("#id_place", "all")
    writer.select_option("#id_reason", "storm")
    follow(writer.locator(".cn-form button"))
    expect(writer.locator("#id_title_vi")).to_have_value(re.compile("đóng cửa ngày"))
    edit = writer.url
    # Readers see nothing yet, in either worker.
    for _ in range(6):
        assert "Tất cả trung tâm" not in read(f"{base}/vi/")
    approver = enter(chromium, base, "top_publisher")
    approver.goto(edit)
    began = time.time()
    press_approve(approver)
    approved = time.time()
    while "Tất cả trung tâm" not in read(f"{base}/vi/"):
        assert time.time() < approved + 5
    seen = time.time()
    # From then on every worker shows it, in every language.
    for language, words in (
        ("vi", "Tất cả trung tâm"),
        ("en", "All centres"),
        ("zh-hans", "的所有中心"),
        ("ko", "모든 센터"),
    ):
        for _ in range(4):
            assert words in read(f"{base}/{language}/"), language
    after = f"the answer {approved - began:.2f} s after the click, the page {seen - approved:.2f} s after the answer"
    sys.stdout.write(f"\nclick to another process's page {seen - began:.2f} s: {after}\n")
    assert seen - approved < 1
    assert found == []


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (1280, "ja")])
def test_readers_pages_are_whole_on_two_widths(chromium, base, width, language):
    page = chromium.new_context(viewport={"width": width, "height": 800}).new_page()
    found = []
    for address in (f"/{language}/", CENTRES if language == "vi" else f"/{language}/centres/"):
        page.goto(base + address)
        expect(page.locator("aside.notices .note")).not_to_have_count(0)
        found += faults(page, width)
    assert found == []
