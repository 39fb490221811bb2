"""What only the demo has: urgent notices, a help point with hours and a hotline, each marked «DEMO»."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from wagtail.models import Page

from catalogue.editing.four_eyes import by_rule
from catalogue.loading.agencies import PROVINCE_COMMITTEE
from catalogue.models import Agency, Centre, Hotline, OpeningHours, ServicePoint
from catalogue.models.procedures import column_suffixes
from portal.models import NoticePage
from portal.site.building import Tally
from portal.site.plan import FALLBACK, FOLDER, KEYS, planned_pages

MARK = "DEMO"
CENTRE = "phuong-cam-le"
PHONE = "0236 0000 000"
SPANS = ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17, 0)))
WORKING_DAYS = range(OpeningHours.Day.MONDAY, OpeningHours.Day.SATURDAY)


class NoSiteError(Exception):
    """The site's pages aren't there."""


def make_demo_rows() -> Tally:
    """Make the demo's rows that are missing; the point and the hotline need the loaded catalogue.

    Raises NoSiteError before `make_site` was run.
    """
    tally = Tally()
    texts = json.loads((FOLDER / "demo.json").read_text(encoding="utf-8"))
    # A revision taken in another language would fill the bare columns with that language's text.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE), by_rule("a demo is made"):
        _make_notices(texts["notice"], tally)
        _make_point(texts["point"], tally)
        _make_hotline(texts["hotline"], tally)
    return tally


def _make_notices(texts: dict[str, dict[str, str]], tally: Tally) -> None:
    """Put an urgent notice without an end into each language's section of notices."""
    section_key = next(plan.translation_key for plan in planned_pages() if plan.key == "notices")
    sections = Page.objects.filter(translation_key=section_key).select_related("locale")
    if not sections:
        raise NoSiteError("There are no pages yet: run make_site first.")
    key = uuid5(KEYS, "demo/notice")
    present = set(Page.objects.filter(translation_key=key).values_list("locale_id", flat=True))
    for section in sections:
        if section.locale_id in present:
            tally.existing += 1
            continue
        text = texts.get(section.locale.language_code, texts[FALLBACK])
        notice = NoticePage(
            title=text["title"],
            summary=text["summary"],
            body=[{"type": "paragraph", "value": f"<p>{text['text']}</p>"}],
            slug="demo",
            locale=section.locale,
            translation_key=key,
            is_urgent=True,
            live=False,
        )
        section.add_child(instance=notice)
        notice.save_revision().publish()
        tally.created += 1


def _make_point(texts: dict[str, str], tally: Tally) -> None:
    """Give one commune centre a help point with hours."""
    centre = Centre.objects.filter(slug=CENTRE, province__code=settings.PROVINCE_CODE).first()
    # Beside an open draft the point would be lost when that draft is published.
    if centre is None or centre.has_unpublished_changes:
        return
    if centre.points.filter(name_vi__startswith=MARK).exists():
        tally.existing += 1
        return
    point = ServicePoint.objects.create(centre=centre, kind=ServicePoint.Kind.HELP, **_columns("name", texts))
    OpeningHours.objects.bulk_create(
        OpeningHours(centre=centre, point=point, weekday=day, opens=opens, closes=closes)
        for day in WORKING_DAYS
        for opens, closes in SPANS
    )
    # The editors' form shows the last revision: without the point in it, their next publish would drop the point.
    Centre.objects.get(pk=centre.pk).save_revision(log_action=True).publish()
    tally.created += 1


def _make_hotline(texts: dict[str, str], tally: Tally) -> None:
    """Give the province's People's Committee a hotline with a number that nobody has."""
    place = {"place__code": settings.PROVINCE_CODE, "place__level": "province"}
    committee = Agency.objects.on(timezone.localdate()).filter(role__code=PROVINCE_COMMITTEE, **place).first()
    if committee is None:
        return
    if Hotline.objects.filter(agency=committee, label_vi__startswith=MARK).exists():
        tally.existing += 1
        return
    hotline = Hotline(agency=committee, phone=PHONE, is_round_the_clock=True, live=False, **_columns("label", texts))
    hotline.save()
    hotline.save_revision().publish()
    tally.created += 1


def _columns(column: str, texts: dict[str, str]) -> dict[str, Any]:
    """Return the text of each language by its column; one without a text stays empty."""
    by_suffix = {language.replace("-", "_"): text for language, text in texts.items()}
    return {f"{column}_{suffix}": by_suffix[suffix] for suffix in column_suffixes() if suffix in by_suffix}
