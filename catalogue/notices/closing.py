"""Closing a centre for a day: one notice is drafted that tells of it and shuts it, and waits for a second person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from wagtail.log_actions import log

from catalogue.models import Centre, Notice, ServicePoint
from catalogue.notices.wording import texts
from catalogue.opening import ZONE

URGENT_AHEAD = dt.timedelta(days=1)
"""Who would go today or tomorrow must see it at once."""


@dataclass(frozen=True)
class Closing:
    """What is to be shut: a centre, None for every one; a point of it or the whole; a day or a span of it (local)."""

    centre: Centre | None
    point: ServicePoint | None
    day: dt.date
    span: tuple[dt.time, dt.time] | None
    reason: str = ""
    own_reason: str = ""

    @property
    def ends_at(self) -> dt.datetime:
        """Return when it is over."""
        if self.span is None:
            return dt.datetime.combine(self.day + dt.timedelta(days=1), dt.time.min, ZONE)
        return dt.datetime.combine(self.day, self.span[1], ZONE)


class AlreadyClosedError(Exception):
    """A notice closes the same already, or waits for approval."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(str(notice))
        self.notice = notice


@transaction.atomic
def draft_closing(closing: Closing, *, by: Any, at: dt.datetime) -> Notice:
    """Write the notice as a draft in every language and ask for its approval; readers see nothing of it yet.

    Raises AlreadyClosedError where a notice does the same, so that sending twice makes one.
    """
    start, end = closing.span or (None, None)
    # Two who send at once stand in line at the centre.
    Centre.objects.select_for_update().filter(pk=closing.centre.pk if closing.centre else None).first()
    alike = {"centre": closing.centre, "point": closing.point, "closes_on": closing.day}
    standing = Notice.objects.filter(Q(live=True) | Q(first_published_at=None), **alike)
    if same := standing.filter(closes_from=start, closes_until=end).first():
        raise AlreadyClosedError(same)
    notice = Notice(
        live=False,
        level=Notice.Level.URGENT if closing.day <= at.astimezone(ZONE).date() + URGENT_AHEAD else "information",
        centre=closing.centre,
        point=closing.point,
        starts_at=at.replace(second=0, microsecond=0),
        ends_at=closing.ends_at,
        closes_on=closing.day,
        closes_from=start,
        closes_until=end,
        **texts(
            closing.centre,
            closing.point,
            closing.day,
            closing.span,
            reason=closing.reason,
            own_reason=closing.own_reason,
        ),
    )
    # A revision taken in another language would fill the bare columns with that language's text.
    with translation.override(settings.LANGUAGE_CODE):
        notice.full_clean(exclude=["title", "text", "reason"])
        notice.save()
        notice.save_revision(user=by)
        log(instance=notice, action="wagtail.create", user=by, content_changed=True)
    workflow = notice.get_workflow()
    if workflow is not None:
        workflow.start(notice, by)
    return notice
