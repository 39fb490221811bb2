"""Centres and hotlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from catalogue.models import (
    AdministrativeUnit,
    Centre,
    Closure,
    Hotline,
    Notice,
    OpeningHours,
    ServicePoint,
    UnitChange,
)
from portal.addresses import Addresses, load
from portal.api import centre_schemas as out
from portal.api.choices import CentreLevel
from portal.api.parameters import InLanguage, Key, Paging
from portal.api.schemas import (
    Page,
    Problem,
    Refusal,
    Text,
    address,
    decision_out,
    localized,
    named,
    page_links,
    unit_key,
)
from portal.hotlines import public_hotlines
from portal.texts import SOURCE

router = Router(tags=["centres"])
hotlines = Router(tags=["hotlines"])


class CentreFilter(Schema):
    """What narrows the list."""

    level: CentreLevel | None = None
    commune: Key | None = Field(None, description="Statistics code of the present commune")


def public() -> QuerySet[Centre]:
    """Return the province's published centres."""
    return Centre.objects.live().filter(province__code=settings.PROVINCE_CODE)


def row_values(centre: Centre, *, addresses: Addresses, language: str) -> dict[str, Any]:
    """Return what a list shows of a centre."""
    return {
        "slug": centre.slug,
        "name": named(centre, language),
        "level": centre.level,
        "place": unit_key(centre.place),
        "address": centre.address or None,
        "phone": centre.phone or None,
        "email": centre.email or None,
        "latitude": centre.latitude,
        "longitude": centre.longitude,
        "checked_on": centre.checked_on,
        "changed_at": centre.updated_at,
        "page": settings.BASE_URL + addresses.centre(centre.slug, language),
        "url": address(reverse("api-v1:centre", args=[centre.slug])),
    }


def hotline_row(hotline: Hotline, language: str) -> out.HotlineRow:
    """Return a hotline."""
    return out.HotlineRow(
        phone=hotline.phone,
        label=named(hotline, language, "label"),
        is_round_the_clock=hotline.is_round_the_clock,
        hours_text=localized(hotline, "hours_text", language),
        languages=[code.strip() for code in hotline.languages.split(",") if code.strip()],
        centre=hotline.centre.slug if hotline.centre else None,
        agency=named(hotline.agency, language) if hotline.agency else None,
        checked_on=hotline.checked_on,
        source=hotline.source or None,
    )


def hours_out(rows: Iterable[OpeningHours]) -> list[out.HoursOut]:
    """Return spans of opening."""
    return [out.HoursOut(weekday=row.weekday, opens=f"{row.opens:%H:%M}", closes=f"{row.closes:%H:%M}") for row in rows]


def closures_out(rows: Iterable[Closure], language: str) -> list[out.ClosureOut]:
    """Return closures."""
    return [
        out.ClosureOut(
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            from_time=written(row.from_time),
            until_time=written(row.until_time),
            is_open=row.is_open,
            reason=row.reason or None,
            reason_text=reason_out(row, language),
        )
        for row in rows
    ]


def reason_out(closure: Closure, language: str) -> Text | None:
    """Return why a closure is, translated where a notice behind it is."""
    if closure.notice is not None:
        return localized(closure.notice, "reason", language)
    return Text(text=closure.reason, lang=SOURCE) if closure.reason else None


def written(time: dt.time | None) -> str | None:
    """Return hours:minutes."""
    return f"{time:%H:%M}" if time else None


def point_out(point: ServicePoint, hours: list[OpeningHours], closures: list[Closure], language: str) -> out.PointOut:
    """Return a service point with the hours that are its own."""
    return out.PointOut(
        kind=ServicePoint.Kind(point.kind),
        name=named(point, language),
        address=point.address or None,
        phone=point.phone or None,
        latitude=point.latitude,  # type: ignore[arg-type]
        longitude=point.longitude,  # type: ignore[arg-type]
        hours=hours_out(row for row in hours if row.point_id == point.pk),
        closures=closures_out((row for row in closures if row.point_id == point.pk), language),
    )


def for_whole(rows: QuerySet[Centre]) -> QuerySet[Centre]:
    """Join and prefetch all that is known of centres (six queries, however many rows)."""
    return rows.select_related("place", "parent", "decision").prefetch_related(
        "hours",
        "closures",
        "points",
        Prefetch("hotlines", public_hotlines()),
        Prefetch("place__came_from", UnitChange.objects.select_related("old").order_by("old__folded_name", "pk")),
    )


def whole(centre: Centre, *, addresses: Addresses, language: str, closing: Sequence[Notice]) -> out.CentreOut:
    """Return a centre with its hours, points, hotlines and the old units of its area.

    `closing` are the notices that shut centres today or later (`closing_notices`).
    """
    mine = [notice.closure() for notice in closing if notice.centre_id in (None, centre.pk)]
    hours, closures = list(centre.hours.all()), [*centre.closures.all(), *mine]
    procedures = address(reverse("api-v1:procedures"))
    return out.CentreOut(
        **row_values(centre, addresses=addresses, language=language),
        parent=centre.parent.slug if centre.parent and centre.parent.live else None,
        decision=decision_out(centre.decision),
        hours=hours_out(row for row in hours if row.point_id is None),
        closures=closures_out((row for row in closures if row.point_id is None), language),
        points=[point_out(point, hours, closures, language) for point in centre.points.all()],
        hotlines=[hotline_row(row, language) for row in centre.hotlines.all()],
        old_places=[unit_key(change.old) for change in centre.place.came_from.all()],
        procedures=f"{procedures}?centre={centre.slug}",
        source=centre.source or None,
    )


def closing_notices(day: dt.date) -> list[Notice]:
    """Return the published notices that shut a centre, or all of them, on a day or later (one query)."""
    return list(Notice.objects.live().filter(closes_on__gte=day).order_by("closes_on", "pk"))


@router.get("", response={200: Page[out.CentreRow], 422: Refusal}, url_name="centres", summary="List centres")
def list_centres(request: HttpRequest, wanted: Query[CentreFilter], paging: Query[Paging]) -> Page[out.CentreRow]:
    """Return the province's centres; one without a published address is there and says so."""
    rows = public().select_related("place")
    if wanted.level:
        rows = rows.filter(level=wanted.level)
    if wanted.commune:
        rows = rows.filter(place__level=AdministrativeUnit.Level.COMMUNE, place__code=wanted.commune)
    count = rows.count()
    addresses = load()
    results = [
        out.CentreRow(**row_values(row, addresses=addresses, language=paging.lang))
        for row in rows[paging.offset : paging.offset + paging.limit]
    ]
    return Page[out.CentreRow](count=count, results=results, **page_links(request, paging, count))


@router.get(
    "/{slug}",
    response={200: out.CentreOut, 404: Problem, 422: Refusal},
    url_name="centre",
    summary="Show a centre",
)
def show_centre(request: HttpRequest, slug: Key, language: Query[InLanguage]) -> out.CentreOut:
    """Return a centre with its hours, points, hotlines and the old units of its area."""
    centre = get_object_or_404(for_whole(public()), slug=slug)
    closing = closing_notices(timezone.localdate())
    return whole(centre, addresses=load(), language=language.lang, closing=closing)


@hotlines.get("", response={200: Page[out.HotlineRow], 422: Refusal}, url_name="hotlines", summary="List hotlines")
def list_hotlines(request: HttpRequest, paging: Query[Paging]) -> Page[out.HotlineRow]:
    """Return the province's hotlines, those that answer round the clock first."""
    rows = public_hotlines().order_by("-is_round_the_clock", "label_vi", "pk")
    count = rows.count()
    found = rows[paging.offset : paging.offset + paging.limit]
    results = [hotline_row(row, paging.lang) for row in found]
    return Page[out.HotlineRow](count=count, results=results, **page_links(request, paging, count))
