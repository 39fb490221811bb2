"""The whole path of an editor: file, conflict, own limit, translation, four eyes, the day, the public pages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browsing import follow
from tests.catalogue.conftest import BIRTH, real
from tests.catalogue.test_decision_browser import apply_tomorrow
from tests.catalogue.test_editing_browser import MAKE, enter
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
TODAY = timezone.localdate()
TOMORROW = TODAY + dt.timedelta(days=1)
OURS, THEIRS = "Nộp hồ sơ tại phường, nhận kết quả sau 3 ngày.", "Nộp hồ sơ tại xã, nhận kết quả sau 5 ngày."
LOAD = """
from pathlib import Path
from django.conf import settings
from catalogue.editing.four_eyes import by_rule
from catalogue.loading.procedures import load_procedures
from catalogue.models import Procedure, ProvinceProcedure
load_procedures(Path("{rows}"), None, province_code=settings.PROVINCE_CODE)
row = Procedure.objects.get(code="{code}")
row.steps_vi = "{ours}"
with by_rule("test"):
    row.save_revision(clean=False).publish()
ProvinceProcedure.objects.update(procedure=row)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("whole-path")


@pytest.fixture(scope="module")
def base(folder: Path, schema_file: Path) -> Iterator[str]:
    """A small site in two languages with one real procedure, which an editor has changed, and everybody who edits."""
    rows = folder / "rows.jsonl"
    rows.write_text(json.dumps(real(BIRTH)[0], ensure_ascii=False) + "\n", encoding="utf-8")
    script = MAKE.replace('make_pages("vi")', 'make_pages("vi", "en")')
    script += LOAD.format(rows=rows, code=BIRTH, ours=OURS)
    with served(folder, schema_file, script) as address:
        yield address


def bring(page: Page, base: str, file: Path) -> str:
    """Bring the file, in force from tomorrow, and take its word where it meets ours; return the address of the set."""
    page.goto(f"{base}/cms/catalogue-imports/add/")
    page.set_input_files("#id_file", str(file))
    page.fill("#id_title", "Danh mục tháng 12")
    page.fill("[name=effective_on]", f"{TOMORROW:%Y-%m-%d}")
    follow(page.get_by_role("button", name="Nhập tệp"))
    follow(page.get_by_role("link", name="Chọn từng chỗ"))
    page.locator("input[value=theirs]").check()
    page.locator("input[value=theirs]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page.get_by_role("link", name="Xem các thay đổi, trước và sau"))
    follow(page.locator("form[action$='/submit/'] button"))
    return page.url


def lay_over(writer: Page, second: Page, base: str) -> None:
    """Change the province's own limit over the national row: one writes it, the other approves."""
    writer.goto(f"{base}/cms/snippets/catalogue/provinceprocedure/")
    follow(writer.locator("main td.title a").first)
    writer.fill("#id_term_number", "4")
    writer.select_option("#id_term_unit", "working_day")
    follow(writer.locator("footer button[type=submit]").first)
    second.goto(writer.url)
    follow(second.get_by_role("button", name="Duyệt", exact=True))


def translate(writer: Page, second: Page, base: str) -> None:
    """Translate the name into English; the other approves."""
    writer.goto(f"{base}/cms/translating/en/?kind=procedure")
    follow(writer.get_by_role("link", name="Thủ tục đăng ký khai sinh").first)
    card = writer.locator(".tr-card", has=writer.get_by_text("Thủ tục đăng ký khai sinh", exact=True)).first
    card.locator("textarea").fill("Registering a birth")
    follow(writer.get_by_role("button", name="Lưu", exact=True).last)
    second.goto(f"{base}/cms/translating/waiting/")
    follow(second.get_by_role("link", name="Thủ tục đăng ký khai sinh").first)
    follow(second.get_by_role("button", name="Duyệt mọi đoạn duyệt được"))


def test_from_the_file_to_the_day_and_back_to_yesterday(chromium, base, folder, tmp_path):
    file = tmp_path / "national.jsonl"
    file.write_text(json.dumps({**real(BIRTH)[0], "steps_text": THEIRS}, ensure_ascii=False) + "\n", encoding="utf-8")
    writer, second = enter(chromium, base, "top_editor"), enter(chromium, base, "top_publisher")
    change_set = bring(writer, base, file)
    lay_over(writer, second, base)
    translate(writer, second, base)
    # The limit and the translation are public; the file waits. Who brought it finds nothing to approve it with.
    public = chromium.new_context(locale="vi").new_page()
    address = f"{base}/vi/thu-tuc/{BIRTH}/"
    public.goto(address)
    expect(public.locator("dl.glance").get_by_text("4 ngày làm việc").first).to_be_visible()
    expect(public.get_by_text("3 ngày.").first).to_be_attached()
    public.goto(f"{base}/en/procedures/{BIRTH}/")
    expect(public.get_by_role("heading", name="Registering a birth")).to_be_visible()
    writer.goto(change_set)
    expect(writer.locator("button[name=all]")).to_have_count(0)
    refused = writer.request.post(f"{change_set}approve/", form={"all": "1"}, headers={"Referer": change_set})
    assert refused.status == 403
    second.goto(change_set)
    follow(second.locator("button[name=all]"))
    expect(second.get_by_text(f"Người dân thấy từ ngày {TOMORROW:%d/%m/%Y}")).to_have_count(1)
    assert "1 changes in force" in apply_tomorrow(folder)[1]
    public.goto(address)
    expect(public.get_by_text("nhận kết quả sau 5 ngày").first).to_be_attached()
    expect(public.locator("dl.glance").get_by_text("4 ngày làm việc").first).to_be_visible()
    public.goto(f"{address}?on={TODAY:%Y-%m-%d}")
    expect(public.get_by_text("nhận kết quả sau 3 ngày").first).to_be_attached()
    expect(public.get_by_text("nhận kết quả sau 5 ngày")).to_have_count(0)
    assert "sau 5 ngày" in public.request.get(f"{base}/api/v1/procedures/{BIRTH}").text()
    assert "sau 3 ngày" in public.request.get(f"{base}/api/v1/procedures/{BIRTH}?as_of={TODAY:%Y-%m-%d}").text()
    assert BIRTH in public.request.get(f"{base}/vi/thu-tuc/feed.atom").text()
