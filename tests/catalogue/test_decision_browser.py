"""A decision in a real browser: written, refused to its writer, approved, in force on its day after a crash."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests import schema
from tests.browsing import faults, follow
from tests.catalogue.test_editing_browser import MAKE, enter
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
TODAY = timezone.localdate()
TOMORROW = TODAY + dt.timedelta(days=1)
FIRST, SECOND = "2.900000", "2.900001"
MORE = f"""
from catalogue import models as m
from tests.publishing import publish
m.Procedure.objects.update(code="{FIRST}")
publish(factories.ProcedureFactory(code="{SECOND}", name_vi="Thủ tục thứ hai", with_channels=True, with_papers=True))
m.Procedure.objects.update(is_commune_level=True)
m.Posting.objects.create(user=cast.top_editor, agency=cast.top, role="publisher")
"""
APPLY = """
import datetime as dt, os
from django.utils import timezone
from catalogue.changesets import applying
real, calls = applying.record_version, []
def counted(row, **kwargs):
    calls.append(row)
    if len(calls) == {crash}:
        os._exit(9)
    return real(row, **kwargs)
applying.record_version = counted
print(applying.apply_due(timezone.now() + dt.timedelta(days=1)))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("decision-browser")


@pytest.fixture(scope="module")
def base(folder: Path, schema_file: Path) -> Iterator[str]:
    """The small site of the editors, with a second procedure."""
    with served(folder, schema_file, MAKE + MORE) as address:
        yield address


def apply_tomorrow(folder: Path, *, crash: int = 0) -> tuple[int, str]:
    """Do what is due tomorrow in a process of its own, which may end in the middle as a machine that stops."""
    environment = {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "TESTING": "1"}
    command = [sys.executable, "manage.py", "shell", "-c", APPLY.format(crash=crash)]
    done = subprocess.run(
        command, cwd=schema.ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout


def overruns(page: Page) -> list[str]:
    """Return the fields that are wider than the page shows."""
    fields = page.locator("form input:visible, form select:visible").all()
    return [str(field.get_attribute("name")) for field in fields if _right(field) > 360]


def _right(field: Locator) -> float:
    box = field.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def begin(page: Page, base: str) -> str:
    """Write the head of a decision of tomorrow; return its address."""
    page.goto(f"{base}/cms/catalogue-decisions/")
    follow(page.get_by_role("link", name="Quyết định mới"))
    page.set_viewport_size({"width": 360, "height": 800})
    assert overruns(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.fill("[name=number]", "88/QĐ-UBND")
    page.fill("[name=issuer]", "UBND thành phố")
    page.fill("[name=signed_on]", f"{TODAY:%Y-%m-%d}")
    page.fill("[name=effective_on]", f"{TOMORROW:%Y-%m-%d}")
    follow(page.locator("footer button[type=submit]").first)
    return page.url


def write_steps(page: Page, code: str, steps: str) -> None:
    """Add one procedure to the decision that the page shows, and write its steps."""
    page.fill("[name=codes]", code)
    follow(page.locator("form[action$='lines/add/'] button"))
    page.fill("#id_steps_vi", steps)
    follow(page.locator("footer button[type=submit]").first)


def approve_all(page: Page) -> None:
    follow(page.locator("button[name=all]"))


def test_from_its_number_to_the_public_page_of_the_day(chromium, base, folder):
    writer = enter(chromium, base, "top_publisher")
    decision = begin(writer, base)
    write_steps(writer, FIRST, "Bước mới của thủ tục")
    write_steps(writer, SECOND, "Bước mới thứ hai")
    follow(writer.get_by_role("button", name="Gửi duyệt"))
    # Whoever wrote it finds no box to tick, and is told who can approve.
    expect(writer.locator("input[name=line]")).to_have_count(0)
    expect(writer.get_by_text("Bạn đã viết một phần").first).to_be_visible()
    approve_all(writer)
    expect(writer.get_by_text("Không duyệt được: 2.")).to_have_count(1)
    # The ward answers for its own procedure, not for the province's.
    ward = enter(chromium, base, "publisher")
    assert ward.goto(decision).status == 404
    second = enter(chromium, base, "top_editor")
    second.goto(decision)
    expect(second.locator("ins").filter(has_text="Bước mới").first).to_be_visible()
    found = faults(second, 1280)
    second.set_viewport_size({"width": 360, "height": 800})
    found += faults(second, 360)
    assert found == []
    approve_all(second)
    expect(second.get_by_text(f"Người dân thấy từ ngày {TOMORROW:%d/%m/%Y}")).to_have_count(1)
    public = chromium.new_context(locale="vi").new_page()
    address = f"{base}/vi/thu-tuc/{FIRST}/"
    public.goto(address)
    expect(public.get_by_text("Nội dung này thay đổi từ")).to_have_count(1)
    expect(public.get_by_text("Bước mới của thủ tục")).to_have_count(0)
    # The machine stops after the first of two procedures: neither changed.
    assert apply_tomorrow(folder, crash=2)[0] == 9
    public.reload()
    expect(public.get_by_text("Bước mới của thủ tục")).to_have_count(0)
    assert "2 changes in force" in apply_tomorrow(folder)[1]
    public.reload()
    expect(public.get_by_text("Bước mới của thủ tục")).to_have_count(1)
    public.goto(f"{base}/vi/thu-tuc/{SECOND}/")
    expect(public.get_by_text("Bước mới thứ hai")).to_have_count(1)
    public.goto(f"{address}?on={TODAY:%Y-%m-%d}")
    expect(public.get_by_text("Bước mới của thủ tục")).to_have_count(0)
    assert "Bước mới" in public.request.get(f"{base}/api/v1/procedures/{FIRST}").text()
    assert "Bước mới" not in public.request.get(f"{base}/api/v1/procedures/{FIRST}?as_of={TODAY:%Y-%m-%d}").text()
    assert FIRST in public.request.get(f"{base}/vi/thu-tuc/feed.atom").text()
