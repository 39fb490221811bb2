"""Translating in a real browser: a figure that differs, a suggestion, one's own approval refused, the public page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import faults, follow
from tests.catalogue.test_editing_browser import MAKE, enter
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
MORE = """
from catalogue import models as m
from catalogue.signals import catalogue_changed
procedure = cast.rows[m.Procedure]
m.Procedure.objects.filter(pk=procedure.pk).update(steps_vi="Nộp 02 bản trong 15 ngày", maintained_by=cast.ward)
m.RequiredPaper.objects.filter(case__procedure=procedure).update(name_vi="Giấy khai sinh")
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site in Vietnamese and English with two wards and everybody who edits."""
    script = MAKE.replace('make_pages("vi")', 'make_pages("vi", "en")') + MORE
    with served(tmp_path_factory.mktemp("translating-browser"), schema_file, script) as address:
        yield address


def field(page: Page, source: str):
    """Return the field beside a Vietnamese text."""
    return page.locator(".tr-card", has=page.get_by_text(source, exact=True)).locator("textarea")


def test_from_the_menu_to_the_public_page(chromium, base):
    public = chromium.new_context().new_page()
    public.goto(f"{base}/en/procedures/")
    expect(public.get_by_text("Procedure of Cam Le ward")).to_have_count(0)
    # A translator's way by the menu and the work list; a publisher writes, who can't approve their own.
    writer = enter(chromium, base, "publisher")
    follow(writer.get_by_role("link", name="Dịch", exact=True))
    found = [each for each in faults(writer, 1280) if "translating" in each]
    follow(writer.locator(".tr-languages").get_by_role("link", name="English"))
    found += faults(writer, 1280)
    follow(writer.get_by_role("link", name="Thủ tục của phường Cẩm Lệ"))
    screen = writer.url
    field(writer, "Thủ tục của phường Cẩm Lệ").fill("Procedure of Cam Le ward")
    field(writer, "Nộp 02 bản trong 15 ngày").fill("Hand in 2 copies within 5 days")
    # By keyboard alone: the button after the last field.
    save = writer.get_by_role("button", name="Lưu", exact=True).last
    save.focus()
    with writer.expect_navigation():
        writer.keyboard.press("Enter")
    expect(writer.get_by_text("thiếu: 15; thừa: 5").first).to_be_visible()
    field(writer, "Nộp 02 bản trong 15 ngày").fill("Hand in 2 copies within 15 days")
    follow(save)
    expect(writer.get_by_text("thiếu: 15; thừa: 5")).to_have_count(0)
    writer.reload()  # Wagtail's messages fade in: halfway they lack contrast.
    found += faults(writer, 1280)
    follow(writer.get_by_role("link", name="2 đoạn chờ duyệt"))
    expect(writer.get_by_role("button", name="Duyệt mọi đoạn duyệt được")).to_have_count(0)
    second = enter(chromium, base, "top_publisher")
    second.set_viewport_size({"width": 360, "height": 800})
    second.goto(f"{base}/cms/translating/waiting/")
    found += faults(second, 360)
    follow(second.get_by_role("link", name="Thủ tục của phường Cẩm Lệ"))
    found += faults(second, 360)
    follow(second.get_by_role("button", name="Duyệt mọi đoạn duyệt được"))
    expect(second.get_by_text("Đã duyệt: người dân thấy 2 đoạn ngay từ bây giờ.")).to_be_visible()
    assert second.url == screen.partition("?")[0]
    second.reload()
    found += faults(second, 360)
    assert found == []
    public.reload()
    expect(public.get_by_text("Procedure of Cam Le ward").first).to_be_visible()
    neighbour = enter(chromium, base, "neighbour_publisher")
    assert neighbour.goto(screen).status == 404


def test_a_suggestion_comes_into_the_field_and_a_bad_file_is_told(chromium, base, tmp_path):
    writer = enter(chromium, base, "editor")
    writer.goto(f"{base}/cms/translating/en/?kind=procedure")
    follow(writer.get_by_role("link", name="Thủ tục của phường Cẩm Lệ"))
    writer.locator(".tr-card", has=writer.get_by_text("Giấy khai sinh", exact=True)).get_by_role("button").click()
    expect(field(writer, "Giấy khai sinh")).to_have_value("Birth certificate (Giấy khai sinh)")
    follow(writer.get_by_role("button", name="Lưu", exact=True).first)
    expect(field(writer, "Giấy khai sinh")).to_have_value("Birth certificate (Giấy khai sinh)")
    writer.goto(f"{base}/cms/translating/en/import/")
    file = tmp_path / "bad.xlf"
    file.write_text("<xliff")
    writer.set_input_files("input[type=file]", file)
    follow(writer.get_by_role("button", name="Nhận", exact=True))
    expect(writer.get_by_text("Tệp không phải XML đúng chuẩn")).to_be_visible()
    assert faults(writer, 1280) == []
