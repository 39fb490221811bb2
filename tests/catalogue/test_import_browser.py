"""The national file in a real browser: brought, an own change met, chosen by keyboard, approved by somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import faults, follow
from tests.catalogue.conftest import BIRTH, real
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
PASSWORD = "mot-cua-thu-1"
OURS, THEIRS = "Nộp hồ sơ tại phường, nhận kết quả sau 3 ngày.", "Nộp hồ sơ tại xã, nhận kết quả sau 5 ngày."


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site with one real procedure, which an editor has changed, and everybody who edits."""
    folder = tmp_path_factory.mktemp("import-browser")
    rows = folder / "rows.jsonl"
    rows.write_text(json.dumps(real(BIRTH)[0], ensure_ascii=False) + "\n", encoding="utf-8")
    script = f"""
from pathlib import Path
from django.conf import settings
from catalogue.editing.four_eyes import by_rule
from catalogue.loading.procedures import load_procedures
from catalogue.models import Procedure
from tests import factories
from tests.catalogue.editing_cast import make_cast
factories.make_pages("vi")
cast = make_cast()
for person in cast.people.values():
    person.set_password("{PASSWORD}")
    person.save()
load_procedures(Path("{rows}"), None, province_code=settings.PROVINCE_CODE)
row = Procedure.objects.get(code="{BIRTH}")
row.steps_vi, row.ground = "{OURS}", "typo"
with by_rule("test"):
    row.save_revision(clean=False).publish()
"""
    with served(folder, schema_file, script) as address:
        yield address


def enter(chromium, base: str, name: str, width: int = 1280) -> Page:
    """Log somebody in, and return their page."""
    page = chromium.new_context(viewport={"width": width, "height": 900}, locale="vi").new_page()
    page.goto(f"{base}/accounts/login/?next=/cms/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    follow(page.locator("button[type=submit]"))
    return page


def test_a_file_from_its_upload_to_the_public_page(chromium, base, tmp_path):
    file = tmp_path / "national.jsonl"
    file.write_text(json.dumps({**real(BIRTH)[0], "steps_text": THEIRS}, ensure_ascii=False) + "\n", encoding="utf-8")
    editor = enter(chromium, base, "top_editor")
    editor.goto(f"{base}/cms/catalogue-imports/add/")
    found = faults(editor, 1280)
    editor.set_input_files("#id_file", str(file))
    editor.fill("#id_title", "Danh mục tháng 8")
    follow(editor.get_by_role("button", name="Nhập tệp"))
    expect(editor.get_by_text("đã chọn 0/1")).to_be_visible()
    # The sentence at the top fades in, and the button under the mouse changes its colours: neither is what is judged.
    editor.mouse.move(640, 890)
    editor.reload()
    found += faults(editor, 1280)
    editor.set_viewport_size({"width": 360, "height": 800})
    found += faults(editor, 360)
    follow(editor.get_by_role("link", name="Chọn từng chỗ"))
    expect(editor.locator("del").first).to_be_visible()
    found += faults(editor, 360)
    editor.set_viewport_size({"width": 1280, "height": 900})
    found += faults(editor, 1280)
    # By the keyboard alone: into the group, down to the second, and on.
    editor.locator("input[name=choice]").first.focus()
    editor.keyboard.press("ArrowDown")
    expect(editor.locator("input[value=theirs]")).to_be_checked()
    with editor.expect_navigation():
        editor.keyboard.press("Enter")
    expect(editor.get_by_text("Mọi chỗ trùng của tệp này đã chọn xong")).to_have_count(1)
    follow(editor.get_by_role("link", name="Xem các thay đổi, trước và sau"))
    follow(editor.locator("form[action$='/submit/'] button"))
    address = editor.url
    editor.goto(f"{base}/cms/catalogue-imports/")
    expect(editor.get_by_role("link", name="Danh mục tháng 8")).to_be_visible()
    found += faults(editor, 1280)
    assert found == []
    public = chromium.new_context().new_page()
    public.goto(f"{base}/vi/thu-tuc/{BIRTH}/")
    expect(public.get_by_text(THEIRS)).to_have_count(0)
    second = enter(chromium, base, "top_publisher")
    second.goto(address)
    follow(second.locator("button[name=all]"))
    public.reload()
    expect(public.get_by_text("nhận kết quả sau 5 ngày").first).to_be_attached()


def test_the_form_works_without_scripts(chromium, base, tmp_path):
    broken = tmp_path / "hong.jsonl"
    broken.write_text("<html></html>\n", encoding="utf-8")
    page = chromium.new_context(locale="vi", java_script_enabled=False).new_page()
    page.goto(f"{base}/accounts/login/?next=/cms/catalogue-imports/add/")
    page.fill("#id_login", "top_editor")
    page.fill("#id_password", PASSWORD)
    follow(page.locator("button[type=submit]"))
    page.set_input_files("#id_file", str(broken))
    page.fill("#id_title", "Danh mục tháng 9")
    # Wagtail's own menu lies over every page of it until its script has run: by the keyboard.
    with page.expect_navigation():
        page.press("#id_title", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("không có dòng nào mang mã thủ tục")
    expect(page.locator("#id_title")).to_have_value("Danh mục tháng 9")
