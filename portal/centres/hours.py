"""When a centre is open: what its page, its dossiers' page and the list of centres say of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from catalogue import opening
from catalogue.models import Centre, Closure, Notice, OpeningHours, ServicePoint
from portal.texts import SOURCE, Text, text


@dataclass(frozen=True)
class ShownDay:
    """One day of the week: its spans, why it's shut as a whole, and parts of it that are shut, each with its reason."""

    date: dt.date
    spans: tuple[opening.Span, ...]
    reason: Text
    parts: tuple[tuple[opening.Span, Text], ...]


@dataclass(frozen=True)
class Shut:
    """What shuts a centre on a day: the span, None for the whole day, and why."""

    span: opening.Span | None
    reason: Text


def times(now: dt.datetime, hours: list[OpeningHours], closures: list[Closure]) -> dict[str, Any]:
    """Return whether it is open and why not, the week's hours, and when that changes next."""
    local = now.astimezone(opening.ZONE)
    if not hours:
        # When it opens isn't known; that it is shut now may be.
        shut = [row for row in closures if not row.is_open and row.starts_on <= local.date() <= row.ends_on]
        now_shut = [row for row in shut if is_within(local.time(), opening.part_of_day(row))]
        why = reason(now_shut[0]) if now_shut else Text("", SOURCE)
        return {"has_hours": False, "is_shut": bool(now_shut), "why_closed": why}
    week = [opening.hours_on(local.date() + dt.timedelta(days=ahead), hours, closures) for ahead in range(7)]
    is_open = opening.is_open(now, hours, closures)
    return {
        "has_hours": True,
        "is_open": is_open,
        "why_closed": Text("", SOURCE) if is_open else why_closed(local, week[0], hours),
        "week": [shown(day) for day in week],
        "changes_at": opening.next_change(now, hours, closures),
    }


def is_within(time: dt.time, span: opening.Span | None) -> bool:
    """Return whether a time lies in a span, None being the whole day."""
    return span is None or span[0] <= time < span[1]


def shown(day: opening.Day) -> ShownDay:
    """Return a day as the table of hours shows it."""
    parts = [(opening.part_of_day(closure), reason(closure)) for closure in day.closures]
    whole = next((why for span, why in parts if span is None), Text(day.reason, SOURCE))
    return ShownDay(day.date, day.spans, whole, tuple((span, why) for span, why in parts if span is not None))


def why_closed(local: dt.datetime, day: opening.Day, hours: list[OpeningHours]) -> Text:
    """Return why the doors are shut at a local time, empty where the usual hours say so."""
    for closure in day.closures:
        span = opening.part_of_day(closure)
        if is_within(local.time(), span):
            # At night nobody asks why; on a day that is shut as a whole everybody does.
            is_usual = span is None or any(
                row.weekday == local.weekday() and row.opens <= local.time() < row.closes for row in hours
            )
            return reason(closure) if is_usual else Text("", SOURCE)
    return Text(day.reason, SOURCE)


def reason(closure: Closure) -> Text:
    """Return why a closure is, in the reader's language where the notice behind it says so."""
    if closure.notice is not None:
        return text(closure.notice, "reason")
    return Text(closure.reason, SOURCE)


def shut_centres(centres: Iterable[Centre], day: dt.date) -> dict[int, Shut]:
    """Return which of the centres are shut on a day, wholly or in part, by their keys (two queries).

    Points aside; one that is «open all the same» isn't named.
    """
    by_centre: dict[int | None, list[Closure]] = defaultdict(list)
    for closure in Closure.objects.filter(point=None, starts_on__lte=day, ends_on__gte=day):
        by_centre[closure.centre_id].append(closure)
    for notice in Notice.objects.filter(live=True, point=None, closes_on=day):
        by_centre[notice.centre_id].append(notice.closure())
    found = {}
    for centre in centres:
        closures = by_centre[centre.pk] + by_centre[None]
        if closures and not any(closure.is_open for closure in closures):
            longest = min(closures, key=lambda closure: opening.part_of_day(closure) is not None)
            found[centre.pk] = Shut(opening.part_of_day(longest), reason(longest))
    return found


def changing_times(day: dt.date) -> list[dt.time]:
    """Return the local times at which a door of any centre may open or close on a day (one query)."""
    of_hours = OpeningHours.objects.filter(weekday=day.weekday()).order_by().values_list("opens", "closes")
    timed = Q(from_time__isnull=False)
    of_closures = Closure.objects.filter(timed, starts_on__lte=day, ends_on__gte=day).order_by()
    of_notices = Notice.objects.filter(live=True, closes_on=day, closes_from__isnull=False).order_by()
    spans = of_hours.union(
        of_closures.values_list("from_time", "until_time"), of_notices.values_list("closes_from", "closes_until")
    )
    return [moment for span in spans for moment in span]


def closures_to_come(
    closures: Iterable[Closure], points: Iterable[ServicePoint], day: dt.date
) -> list[tuple[Closure, Text, ServicePoint | None]]:
    """Return the closures of a day or later, the first one first, with their reasons and the points that they shut."""
    named = {point.pk: point for point in points}
    coming = sorted((each for each in closures if each.ends_on >= day), key=lambda each: each.starts_on)
    return [(each, reason(each), named.get(each.point_id or 0)) for each in coming]
