"""Notices in force and to come."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from catalogue.models import Notice
from portal import notices
from portal.api.centre_schemas import NoticeRow
from portal.api.centres import written
from portal.api.parameters import Paging
from portal.api.schemas import Page, Refusal, localized, named, page_links

router = Router(tags=["notices"])


@router.get("", response={200: Page[NoticeRow], 422: Refusal}, url_name="notices", summary="List notices")
def list_notices(request: HttpRequest, paging: Query[Paging]) -> Page[NoticeRow]:
    """Return the notices of the province and its centres that are in force or will be, the urgent ones first."""
    rows = sorted(notices.read(timezone.now()), key=lambda row: (not row.is_urgent, row.starts_at, row.pk))
    found = rows[paging.offset : paging.offset + paging.limit]
    results = [notice_row(row, paging.lang) for row in found]
    return Page[NoticeRow](count=len(rows), results=results, **page_links(request, paging, len(rows)))


def notice_row(notice: Notice, language: str) -> NoticeRow:
    """Return a notice."""
    return NoticeRow(
        level=Notice.Level(notice.level),
        title=named(notice, language, "title"),
        text=localized(notice, "text", language),
        link=notice.link or None,
        centre=notice.centre.slug if notice.centre else None,
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        closes_on=notice.closes_on,
        closes_from=written(notice.closes_from),
        closes_until=written(notice.closes_until),
        reason=localized(notice, "reason", language),
    )
