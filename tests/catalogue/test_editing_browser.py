"""Four eyes in a real browser: edit, submit, one's own approval refused, a second person's, the public page."""

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
factories.make_pages("vi")
cast = make_cast()
for person in cast.people.values():
    person.set_password("{PASSWORD}")
    person.save()
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site with two wards and everybody who edits."""
    with served(tmp_path_factory.mktemp("editing-browser"), schema_file, MAKE) as address:
        yield address


def enter(chromium, base: str, name: str) -> Page:
    """Log somebody in, and return their page."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="vi").new_page()
    page.goto(f"{base}/accounts/login/?next=/cms/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    follow(page.locator("button[type=submit]"))
    return page


def press(page: Page, name: str) -> None:
    """Open the menu under the form, and press one of its buttons."""
    page.locator("footer [data-w-dropdown-target=toggle]").last.click()
    follow(page.locator(f"footer button[name={name}]"))


def test_edit_submit_own_approval_refused_second_person_and_the_public_page(chromium, base):
    public = chromium.new_context().new_page()
    public.goto(f"{base}/vi/duong-day-nong/")
    expect(public.get_by_text("Đường dây của phường Cẩm Lệ")).to_have_count(1)
    # Somebody who may approve writes: they can't approve their own.
    writer = enter(chromium, base, "publisher")
    writer.goto(f"{base}/cms/snippets/catalogue/hotline/")
    follow(writer.get_by_role("link", name="Đường dây của phường Cẩm Lệ").first)
    edit = writer.url
    writer.fill("#id_label_vi", "Tổng đài phường Cẩm Lệ mới")
    press(writer, "action-submit")
    writer.goto(edit)
    expect(writer.get_by_text("Người có thể duyệt: top_publisher")).to_have_count(1)
    press_approve(writer)
    expect(writer.get_by_text("Bạn đã viết một phần")).to_have_count(1)
    public.reload()
    expect(public.get_by_text("Tổng đài phường Cẩm Lệ mới")).to_have_count(0)
    second = enter(chromium, base, "top_publisher")
    expect(second.get_by_text("Tổng đài phường Cẩm Lệ mới").first).to_be_visible()
    second.goto(edit)
    press_approve(second)
    expect(second.get_by_text("Đã duyệt: người dân thấy ngay từ bây giờ.")).to_have_count(1)
    public.reload()
    expect(public.get_by_text("Tổng đài phường Cẩm Lệ mới")).to_have_count(1)
    # The neighbour sees nothing of it.
    neighbour = enter(chromium, base, "neighbour_publisher")
    assert neighbour.goto(edit).status == 404
    neighbour.goto(f"{base}/cms/snippets/catalogue/hotline/")
    expect(neighbour.get_by_text("Cẩm Lệ")).to_have_count(0)


def press_approve(page: Page) -> None:
    """Approve without a comment in the form's menu."""
    page.locator("footer [data-w-dropdown-target=toggle]").last.click()
    follow(page.locator("footer [data-workflow-action-name=approve]:not([data-workflow-action-modal-url])"))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_proposal_is_read_and_carried_out_on_two_widths(chromium, base, width):
    writer = enter(chromium, base, "top_editor")
    writer.goto(f"{base}/cms/snippets/catalogue/legaldocument/edit/1/")
    writer.fill("#id_name", f"Luật Hộ tịch sửa đổi {width}")
    follow(writer.locator("footer button[type=submit]").first)
    expect(writer.get_by_text("Đã gửi đề nghị; chưa có gì thay đổi.")).to_have_count(1)
    proposal = writer.url
    approver = enter(chromium, base, "top_publisher")
    approver.set_viewport_size({"width": width, "height": 900})
    approver.goto(f"{base}/cms/catalogue-changes/")
    found = [each for each in faults(approver, width) if "catalogue-changes" in each]
    approver.goto(proposal)
    found += faults(approver, width)
    assert found == []
    follow(approver.get_by_role("button", name="Duyệt", exact=True))
    expect(approver.get_by_text("Đã duyệt và thực hiện.")).to_have_count(1)
