"""The board in a real browser: no fault of access on two widths, and a key marks a paper, with and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import faults, follow
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
PASSWORD = "mot-cua-thu-1"
MAKE = f"""
from tests import factories
from tests.catalogue.editing_cast import make_cast
from tests.portal.publication_rows import fill, unclassified
from catalogue import models as m
factories.make_pages("vi")
cast = make_cast()
fill(cast)
unclassified(cast.rows[m.Procedure], "Người nộp ký từng trang", "Giấy chứng sinh", "Hồ sơ gồm", "Bản vẽ")
m.Procedure.objects.filter(pk=cast.rows[m.Procedure].pk).update(mentions_district=True, steps_vi="UBND huyện xem xét.")
for name in ("top_editor", "top_publisher"):
    cast.people[name].set_password("{PASSWORD}")
    cast.people[name].save()
"""
SCREENS = (
    "", "by/field/", "rows/procedures/?check=fee&side=lacks", "decisions/", "doubts/district/", "papers/",
    "papers/waiting/", "centralised/", "centralised/list/", "centralised/move/", "batches/", "receiving/",
    "receiving/centre/1/", "receiving/procedure/1/", "receiving/centre/1/1/",
)  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site with rows of every shade and everybody who edits."""
    with served(tmp_path_factory.mktemp("publication-browser"), schema_file, MAKE) as address:
        yield f"{address}/cms/publication/"


def enter(chromium, base: str, name: str, **more: object) -> Page:
    """Log somebody in, and return their page."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="vi", **more).new_page()
    page.goto(f"{base.removesuffix('/cms/publication/')}/accounts/login/?next=/cms/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    follow(page.locator("button[type=submit]"))
    return page


@pytest.fixture(scope="module")
def editor(chromium, base) -> Page:
    return enter(chromium, base, "top_editor")


@pytest.mark.parametrize(("width", "screens"), [(360, SCREENS), (1280, SCREENS[:6])])
def test_every_screen_is_without_a_fault(width, screens, editor, base):
    editor.set_viewport_size({"width": width, "height": 900})
    found = []
    for screen in screens:
        assert editor.goto(base + screen).status == 200, screen
        found += faults(editor, width)
    editor.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


def test_a_key_or_a_button_marks_a_paper_and_a_second_person_approves(chromium, editor, base):
    editor.goto(f"{base}papers/")
    papers = editor.locator(".pb-paper")
    expect(papers).to_have_count(4)
    papers.first.focus()
    for key, kind in (("l", "note"), ("1", "paper")):
        number = ["note", "paper"].index(kind)
        editor.keyboard.press(key)
        expect(papers.nth(number)).to_have_attribute("data-saved", kind)
        expect(papers.nth(number + 1)).to_be_focused()
    editor.keyboard.press("j")
    expect(papers.nth(3)).to_be_focused()
    editor.keyboard.press("k")
    editor.keyboard.press("h")
    expect(papers.nth(2)).to_have_attribute("data-saved", "heading")
    expect(editor.locator(".pb-said")).to_have_text("Đã đánh dấu: Tiêu đề")
    editor.keyboard.press("k")
    editor.keyboard.press("u")
    expect(papers.nth(2)).to_have_attribute("data-saved", "")
    editor.keyboard.press("3")
    expect(papers.nth(2)).to_have_attribute("data-saved", "heading")
    editor.goto(f"{base}papers/waiting/")
    expect(editor.locator(".cc-scroll tbody tr")).to_have_count(3)
    expect(editor.locator("input[name=marking]")).to_have_count(0)
    second = enter(chromium, base, "top_publisher")
    second.goto(f"{base}papers/waiting/")
    expect(second.locator("input[name=marking]:checked")).to_have_count(3)
    follow(second.get_by_role("button", name="Duyệt các mục đã chọn"))
    expect(second.get_by_text("Đã phân loại 3 dòng")).to_have_count(1)
    editor.goto(f"{base}papers/")
    expect(papers).to_have_count(1)
    send_without_a_script(chromium, base)


def send_without_a_script(chromium, base: str) -> None:
    """Mark the last paper by the form's button alone."""
    page = enter(chromium, base, "top_editor", java_script_enabled=False)
    page.goto(f"{base}papers/")
    expect(page.locator(".pb-keys")).to_be_hidden()
    page.locator(".pb-paper").first.get_by_label("Lưu ý").check()
    follow(page.get_by_role("button", name="Lưu đánh dấu"))
    expect(page.get_by_text("Đã đánh dấu 1 dòng: người khác sẽ duyệt.")).to_have_count(1)
    expect(page.locator(".pb-paper")).to_have_count(0)
