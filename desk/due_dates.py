"""A dossier's due date: reckoned from the limit that was pinned, and what happened to its clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from catalogue.opening import ZONE
from desk import deadlines
from desk.calendar import work_calendar
from desk.deadlines import Deadline, Extension
from desk.identities import clean_lines
from desk.interruptions import Effect, Ground, Interruption
from desk.limits import IN_HOURS, WITHOUT_NUMBER, DeadlineError, Limit, SetDate
from desk.models import ClockStop, Dossier, DossierExtension
from desk.public_days import CalendarError
from desk.refusals import Invalid
from desk.states import Settlement


def start_clock(dossier: Dossier, at: dt.datetime) -> None:
    """Give a dossier that is being received its first due date. Raises Invalid where the limit has no number."""
    try:
        first = deadlines.due(at, dossier.limit, work_calendar(dossier.centre))
    except (DeadlineError, CalendarError) as error:
        raise Invalid(str(error), "due") from error
    dossier.original_due_at = dossier.due_at = first.at


def pin(dossier: Dossier, published: Limit) -> None:
    """Keep the limit that holds for a dossier."""
    dossier.limit_number, dossier.limit_unit, dossier.limit_text = published.number, published.unit, published.text


def pin_set(dossier: Dossier, date: SetDate) -> None:
    """Keep the date that an officer sets. Raises Invalid where the pinned limit has a number, which binds."""
    if dossier.limit_unit not in WITHOUT_NUMBER:
        raise Invalid(_("The version says how long it may take: no other date can be set."), "due")
    dossier.limit_set_on, dossier.limit_text = date.on, clean_lines(date.text)


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
    return getattr(dossier, "extension", None)


def move_due(dossier: Dossier, stops: Sequence[ClockStop], extension: DossierExtension | None) -> None:
    """Set the current due date anew: empty while the clock stands. Raises Invalid."""
    try:
        current = reckon(dossier, stops, extension).current
    except (DeadlineError, CalendarError) as error:
        raise Invalid(str(error), "due") from error
    dossier.due_at = current.at if current else None


def stop(dossier: Dossier, ground: str, at: dt.datetime) -> ClockStop:
    """Return the unsaved stop of a received dossier's clock."""
    restarts = ground == Ground.SUPPLEMENT and dossier.restarts
    return ClockStop(dossier=dossier, ground=ground, effect=Effect.RESTART if restarts else Effect.PAUSE, began_at=at)


def settlement_of(dossier: Dossier, at: dt.datetime) -> str:
    """Return whether a dossier that ends now does so early, on time or late, against its current due date.

    By the day; limits in hours by the minute (queries for those alone). What ends while the clock stands isn't late.
    """
    if dossier.due_at is None:
        return Settlement.ON_TIME
    day, due_day = at.astimezone(ZONE).date(), dossier.due_at.astimezone(ZONE).date()
    is_late = at > dossier.due_at if runs_by_the_minute(dossier) else day > due_day
    if is_late:
        return Settlement.LATE
    return Settlement.EARLY if day < due_day else Settlement.ON_TIME


def runs_by_the_minute(dossier: Dossier) -> bool:
    """Return whether the current due date comes from a limit in hours: not from an extension, unless begun anew."""
    if not is_in_hours(dossier):
        return False
    extension = extension_of(dossier)
    if extension is None:
        return True
    return dossier.clock_stops.filter(effect=Effect.RESTART, ended_at__gt=extension.agreed_at).exists()


def is_in_hours(dossier: Any) -> bool:
    """Return whether the pinned limit of a dossier, or of a row of a list, is one of hours."""
    return dossier.limit_unit in IN_HOURS and not dossier.limit_set_on
