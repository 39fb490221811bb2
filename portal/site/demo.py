"""What only the demo has: a notice, a help point with hours and a hotline, each marked «DEMO»."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from wagtail.models import Page

from catalogue.loading.agencies import PROVINCE_COMMITTEE
from catalogue.models import Agency, Centre, Hotline, OpeningHours, ServicePoint
from portal.models import NoticePage
from portal.site.bodies import stream_json
from portal.site.making import Outcome
from portal.site.plan import FOLDER, page_key

MARK = "DEMO"
CENTRE = "phuong-cam-le"
PHONE = "0236 0000 000"
SPANS = ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17, 0)))
WORKING_DAYS = range(OpeningHours.Day.MONDAY, OpeningHours.Day.SATURDAY)


class NoSiteError(Exception):
    """The site's pages aren't there."""


def make_demo_rows() -> Outcome:
    """Make the demo's rows that are missing; the point and the hotline need the loaded catalogue.

    Raises NoSiteError before `make_site` was run.
    """
    outcome = Outcome()
    texts = json.loads((FOLDER / "demo.json").read_text(encoding="utf-8"))
    # A revision taken in another language would fill the bare columns with that language's text.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        _make_notices(texts["notice"], outcome)
        _make_point(texts["point"], outcome)
        _make_hotline(texts["hotline"], outcome)
    return outcome


def _make_notices(texts: dict[str, dict[str, str]], outcome: Outcome) -> None:
    sections = Page.objects.filter(translation_key=page_key("notices")).select_related("locale")
    if not sections:
        raise NoSiteError("There are no pages yet: run make_site first.")
    key = page_key("demo-notice")
    present = set(Page.objects.filter(translation_key=key).values_list("locale_id", flat=True))
    for section in sections:
        is_new = section.locale_id not in present
        outcome.count(is_new=is_new)
        if not is_new:
            continue
        text = texts.get(section.locale.language_code, texts["en"])
        notice = NoticePage(
            title=text["title"],
            summary=text["summary"],
            body=stream_json([{"paragraph": text["paragraph"]}], {}),
            slug="demo",
            locale=section.locale,
            translation_key=key,
            is_urgent=True,
            live=False,
        )
        section.add_child(instance=notice)
        notice.save_revision().publish()


def _make_point(texts: dict[str, str], outcome: Outcome) -> None:
    centre = Centre.objects.filter(slug=CENTRE, province__code=settings.PROVINCE_CODE).first()
    # Beside an open draft the point would be lost when that draft is published.
    if centre is None or centre.has_unpublished_changes:
        return
    is_new = not centre.points.filter(name_vi__startswith=MARK).exists()
    outcome.count(is_new=is_new)
    if not is_new:
        return
    point = ServicePoint.objects.create(centre=centre, kind=ServicePoint.Kind.HELP, **_columns("name", texts))
    for day in WORKING_DAYS:
        for opens, closes in SPANS:
            OpeningHours.objects.create(centre=centre, point=point, weekday=day, opens=opens, closes=closes)
    # The editors' form shows the last revision: without the point in it, their next publish would drop the point.
    Centre.objects.get(pk=centre.pk).save_revision().publish()


def _make_hotline(texts: dict[str, str], outcome: Outcome) -> None:
    committee = Agency.objects.filter(
        role__code=PROVINCE_COMMITTEE, place__code=settings.PROVINCE_CODE, valid_to=None
    ).first()
    if committee is None:
        return
    is_new = not Hotline.objects.filter(agency=committee, label_vi__startswith=MARK).exists()
    outcome.count(is_new=is_new)
    if not is_new:
        return
    hotline = Hotline(agency=committee, phone=PHONE, is_round_the_clock=True, live=False, **_columns("label", texts))
    hotline.save()
    hotline.save_revision().publish()


def _columns(column: str, texts: dict[str, str]) -> dict[str, Any]:
    """Return the text of each of the site's languages by its column; one without a text stays empty."""
    codes = [code for code, _name in settings.LANGUAGES if code in texts]
    return {f"{column}_{code.replace('-', '_')}": texts[code] for code in codes}
