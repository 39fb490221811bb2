"""Heads and supervisors in a real browser: accessible in both languages, on paper and on a telephone; work is given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import faults, follow
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
MAKE = """
import datetime as dt
from django.utils import timezone
from tests.desk.cast import make_cast, person
cast = make_cast()
cast.people["colleague"] = person("colleague", cast.department, "handler")
for name in ("approver", "supervisor"):
    cast.people[name].set_password("mot-cua-thu-1")
    cast.people[name].save()
now = timezone.now()
for days in (20, 9, 3, 1):
    cast.processing(now - dt.timedelta(days))
cast.received(now - dt.timedelta(1))
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory, schema_file: Path) -> Iterator[str]:
    """A small site with its cast and some work, of which much is late."""
    with served(tmp_path_factory.mktemp("workload-browser"), schema_file, MAKE) as address:
        yield address


def logged_in(chromium, base: str, name: str) -> Page:
    """Return a page of somebody who has logged in."""
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{base}/accounts/login/?next=/desk/")
    page.fill("#id_login", name)
    page.fill("#id_password", "mot-cua-thu-1")
    follow(page.locator("button[type=submit]"))
    return page


def test_the_screens_have_no_faults_on_three_widths_in_both_languages(chromium, base):
    found = []
    for name, path in {"supervisor": "/desk/workload/", "approver": "/desk/leave/"}.items():
        page = logged_in(chromium, base, name)
        for language in ("vi", "en"):
            page.goto(f"{base}/desk/workload/")
            page.locator(".pop summary").click()
            follow(page.locator(f".pop button[value={language}]"))
            for width in (1280, 768, 360):
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(base + path)
                found += faults(page, width)
                if name == "approver":
                    page.goto(f"{base}/desk/workload/")
                    found += faults(page, width)
            page.set_viewport_size({"width": 1280, "height": 800})
    assert not found, found


def test_late_work_is_given_to_a_colleague_from_the_figures(chromium, base):
    page = logged_in(chromium, base, "approver")
    page.goto(f"{base}/desk/workload/")
    row = page.locator("table.who tbody tr", has_text="Nguyễn Handler")
    number = row.locator("td.n a").first.inner_text()
    follow(row.locator("td.go a"))
    expect(page.locator("input[name=ids]")).to_have_count(int(number))
    page.locator("select[name=to_user]").select_option(label="Nguyễn Colleague, người thụ lý")
    page.fill("[name=reason]", "Chia lại việc.")
    follow(page.locator("form.card .pri"))
    expect(page.locator("section[aria-labelledby=d] li")).to_have_count(int(number))
    page.goto(f"{base}/desk/workload/")
    expect(page.locator("table.who tbody tr", has_text="Nguyễn Colleague").locator("td.n").first).to_have_text(number)


def test_on_paper_there_are_tables_and_charts_without_buttons(chromium, base):
    page = logged_in(chromium, base, "approver")
    page.goto(f"{base}/desk/workload/")
    page.emulate_media(media="print")
    expect(page.locator("svg.drawing").first).to_be_visible()
    expect(page.locator("table.who")).to_be_visible()
    for gone in ("table.who td.go a", ".top nav", ".no-print", ".help"):
        expect(page.locator(gone).first).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
