"""A dossier's due date: reckoned from the limit that was pinned, and what happened to its clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from catalogue.opening import ZONE
from desk import deadlines
from desk.calendar import work_calendar
from desk.deadlines import Deadline, Extension
from desk.interruptions import Effect, Ground, Interruption
from desk.limits import IN_HOURS, DeadlineError, Limit, SetDate
from desk.models import ClockStop, Dossier, DossierExtension
from desk.refusals import Invalid
from desk.states import Settlement


def start_clock(dossier: Dossier, at: dt.datetime) -> None:
    """Give a dossier that is being received its first due date. Raises Invalid where the limit has no number."""
    try:
        first = deadlines.due(at, dossier.limit, work_calendar(dossier.centre))
    except DeadlineError as error:
        raise Invalid(str(error), "due") from error
    dossier.original_due_at = dossier.due_at = first.at


def pin(dossier: Dossier, limit: Limit | SetDate, published: Limit | None = None) -> None:
    """Keep the limit that holds for a dossier: the catalogue's number, or the date that an officer has set."""
    if isinstance(limit, SetDate):
        dossier.limit_set_on, dossier.limit_text = limit.on, limit.text
        number, unit = (published.number, published.unit) if published else (None, "")
        dossier.limit_number, dossier.limit_unit = number, unit
        return
    dossier.limit_number, dossier.limit_unit, dossier.limit_text = limit.number, limit.unit, limit.text


def reckon(dossier: Dossier, stops: Sequence[ClockStop], extension: DossierExtension | None) -> Deadline:
    """Return the due dates of a received dossier from its clock. Raises DeadlineError."""
    assert dossier.received_at is not None
    return deadlines.reckon(
        dossier.received_at,
        dossier.limit,
        work_calendar(dossier.centre),
        interruptions=[Interruption(each.ground, each.began_at, each.ended_at, each.effect) for each in stops],
        extensions=[Extension(extension.agreed_at, extension.on, extension.reason)] if extension else [],
    )


def deadline_of(dossier: Dossier) -> Deadline:
    """Return a received dossier's due dates, each with the days that led to it (two queries)."""
    return reckon(dossier, list(dossier.clock_stops.all()), extension_of(dossier))


def extension_of(dossier: Dossier) -> DossierExtension | None:
    """Return the dossier's one extension (one query)."""
    return DossierExtension.objects.filter(dossier=dossier).first()


def move_due(dossier: Dossier, stops: Sequence[ClockStop], extension: DossierExtension | None) -> None:
    """Set the current due date anew: empty while the clock stands. Raises Invalid."""
    try:
        current = reckon(dossier, stops, extension).current
    except DeadlineError as error:
        raise Invalid(str(error), "due") from error
    dossier.due_at = current.at if current else None


def stop(dossier: Dossier, ground: str, at: dt.datetime) -> ClockStop:
    """Return the unsaved stop of a received dossier's clock."""
    restarts = ground == Ground.SUPPLEMENT and dossier.restarts
    return ClockStop(dossier=dossier, ground=ground, effect=Effect.RESTART if restarts else Effect.PAUSE, began_at=at)


def settlement_of(dossier: Dossier, at: dt.datetime) -> str:
    """Return whether a dossier that ends now does so early, on time or late, against its current due date.

    By the day; limits in hours by the minute (one query for those). What ends while the clock stands isn't late.
    """
    if dossier.due_at is None:
        return Settlement.ON_TIME
    day, due_day = at.astimezone(ZONE).date(), dossier.due_at.astimezone(ZONE).date()
    by_the_minute = is_in_hours(dossier) and extension_of(dossier) is None
    is_late = at > dossier.due_at if by_the_minute else day > due_day
    if is_late:
        return Settlement.LATE
    return Settlement.EARLY if day < due_day else Settlement.ON_TIME


def is_in_hours(dossier: Dossier) -> bool:
    """Return whether the pinned limit is one of hours."""
    return dossier.limit_unit in IN_HOURS and not dossier.limit_set_on
