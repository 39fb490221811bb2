"""Tracking and figures in a real browser: accessible in each language on two widths, usable without JavaScript."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import faults, follow
from tests.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
LANGUAGES = ("vi", "en", "zh-hans", "ko", "ja")
MAKE = """
import datetime as dt, json, pathlib
from django.conf import settings
from django.utils import timezone
from desk import actions
from tests.desk.cast import FORM, make_cast
from tests.factories import make_pages
make_pages()
cast = make_cast()
at = timezone.now()
past = at - dt.timedelta(60)
rows = [cast.processing(at), cast.processing(at), cast.processing(past)]
actions.request_supplement(rows[1].pk, by=cast.actor("handler", at), at=at, demands=[FORM])
pathlib.Path(settings.VAR_DIR, "made.json").write_text(json.dumps([(r.code, r.tracking_token) for r in rows]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, schema_file: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """A small site with three dossiers: its address, and their codes and tokens."""
    folder = tmp_path_factory.mktemp("tracking-browser")
    with served(folder, schema_file, MAKE) as address:
        yield address, json.loads((folder / "made.json").read_text())


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible_and_stays_within_the_screen(chromium, made, width):
    base, dossiers = made
    page = chromium.new_page(viewport={"width": width, "height": 800})
    found = []
    for language in LANGUAGES:
        tails = [f"/t/{token}?lang={language}" for _code, token in dossiers]
        for tail in (*tails, f"/t/x?lang={language}", f"/{language}/tracking/", f"/{language}/statistics/"):
            page.goto(base + tail)
            if page.locator("summary").count():
                page.locator("summary").first.click()
            found += faults(page, width)
    page.close()
    assert not found


@pytest.mark.parametrize("width", [360, 1280])
def test_code_and_ending_work_without_javascript_and_a_mistake_keeps_what_was_typed(chromium, made, width):
    base, dossiers = made
    context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{base}/vi/tracking/")
    page.fill("#id_code", dossiers[0][0])
    page.fill("#id_ending", "000000")
    follow(page.locator("form .btn"))
    assert page.locator("[role=alert]").count() == 1 and page.input_value("#id_code") == dossiers[0][0]
    page.fill("#id_ending", "123456")
    follow(page.locator("form .btn"))
    assert page.locator("h1").inner_text() == "Đang được giải quyết"
    assert page.url == f"{base}/vi/tracking/" and not context.cookies()
    context.close()
