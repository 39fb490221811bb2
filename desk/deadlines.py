"""When a dossier must be settled: pure functions of moments, a working calendar and a limit.

Nothing here reads the clock, a row or a setting: the caller hands over the moments, a `Limit` and
`desk.calendar.work_calendar(centre)`. Moments are aware, dates are local, limits are whole numbers of their unit.
`docs/deadlines.md` tells the rules with worked examples; `desk/law.py` says where each stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.opening import ZONE
from desk.calendar import WorkCalendar
from desk.counting import count, is_late_in_the_day
from desk.due import Basis, Due
from desk.interruptions import Effect, Interruption, closed, require_aware, require_order
from desk.limits import DeadlineError, Limit, SetDate
from desk.states import Settlement

SOON = 3
"""A dossier is «soon due» on this many working days before its day, and on the day itself."""


class Urgency(models.TextChoices):
    ON_TIME = "on_time", _("on time")
    SOON = "soon", _("soon due")
    OVERDUE = "overdue", _("overdue")
    STANDING = "standing", _("clock stands")


@dataclass(frozen=True)
class Extension:
    """A new due date with its reason, told by the apology slip (Thông tư 03/2025/TT-VPCP Mẫu số 04).

    Raises DeadlineError without a reason.
    """

    agreed_at: dt.datetime
    on: dt.date
    reason: str

    def __post_init__(self) -> None:
        require_aware(self.agreed_at)
        if not self.reason.strip():
            raise DeadlineError(gettext("An extension needs its reason: the apology slip prints it."))


@dataclass(frozen=True)
class Deadline:
    """The due date first given, the one that holds now (None while the clock stands), and what moved it."""

    original: Due
    current: Due | None
    standing: Interruption | None = None
    extension: Extension | None = None


def due(received_at: dt.datetime, limit: Limit | SetDate, calendar: WorkCalendar) -> Due:
    """Return when a dossier that was received at a moment must be settled, with every day that led there.

    A receipt while the doors are shut counts from the next opening. The first day isn't counted, months end by their
    number or with the month, a last day that is off slides to the next working day (BLDS 2015 Điều 147–148), and the
    time is the end of work on that day. Limits in hours run from the moment itself. A same-day result is due the same
    day, after 15:00 the next working day; longer limits don't know the 15:00.
    Raises NoNumberError where the officer must set the date, DeadlineError, CalendarError beyond the known years.
    """
    require_aware(received_at)
    return count(received_at, limit, calendar)


def reckon(
    received_at: dt.datetime,
    limit: Limit | SetDate,
    calendar: WorkCalendar,
    *,
    interruptions: Sequence[Interruption] = (),
    extensions: Sequence[Extension] = (),
) -> Deadline:
    """Return the original and the current due date of a dossier, from all that happened to its clock, in order.

    A restart counts the whole limit anew from the answer. A pause moves the end by the days for which the clock stood,
    and nothing once the time had run out. One extension at most, in all. Raises as `due` does.
    """
    original = due(received_at, limit, calendar)
    require_order(received_at, interruptions)
    if len(extensions) > 1:
        raise DeadlineError(gettext("The due date can be extended once only."))
    extension = extensions[0] if extensions else None
    if extension:
        _require_later(received_at, limit, calendar, interruptions, extension)
    current = _run(received_at, limit, calendar, interruptions, extension)
    standing = interruptions[-1] if interruptions and interruptions[-1].ended is None else None
    if standing and (standing.effect == Effect.RESTART or not current.has_nothing_left(standing.began)):
        return Deadline(original, None, standing, extension)
    return Deadline(original, current, standing, extension)


def _run(
    received_at: dt.datetime,
    limit: Limit | SetDate,
    calendar: WorkCalendar,
    interruptions: Sequence[Interruption],
    extension: Extension | None = None,
) -> Due:
    """Count from the newest beginning: receipt, answered supplement that restarts, or extension."""
    moment, basis = received_at, Basis.RECEIPT
    for each in interruptions:
        if each.effect == Effect.RESTART and each.ended is not None:
            moment, basis = each.ended, Basis.SUPPLEMENT
    if isinstance(limit, SetDate) and basis == Basis.SUPPLEMENT:
        limit = _as_long(received_at, moment, limit, calendar)
    if extension and extension.agreed_at >= moment:
        moment, basis, limit = extension.agreed_at, Basis.EXTENSION, SetDate(extension.on, extension.reason)
    later = [each for each in interruptions if each.began >= moment]
    return count(moment, limit, calendar, closed(later, calendar), basis)


def _as_long(received_at: dt.datetime, moment: dt.datetime, limit: SetDate, calendar: WorkCalendar) -> SetDate:
    """Return a set date as many working days after a moment as the first was after the receipt."""
    day = calendar.next_open(moment).date()
    for _each in range(calendar.working_days(calendar.next_open(received_at).date(), limit.on)):
        day = calendar.next_working(day)
    return SetDate(day if calendar.is_working(day) else calendar.next_working(day), limit.text)


def _require_later(
    received_at: dt.datetime,
    limit: Limit | SetDate,
    calendar: WorkCalendar,
    interruptions: Sequence[Interruption],
    extension: Extension,
) -> None:
    """Raise DeadlineError unless an extension moves the due date of its moment on, while the clock runs."""
    if extension.agreed_at < received_at:
        raise DeadlineError(gettext("An extension can't be earlier than the receipt."))
    before = [each for each in interruptions if each.began <= extension.agreed_at]
    if before and (before[-1].ended is None or before[-1].ended > extension.agreed_at):
        raise DeadlineError(gettext("The clock stands: a due date can be extended only while it runs."))
    moved = _run(received_at, limit, calendar, before)
    if extension.on <= moved.on or not calendar.is_working(extension.on):
        raise DeadlineError(gettext("Extend to a working day after the present due date."))
    if extension.on < calendar.next_open(extension.agreed_at).date():
        raise DeadlineError(gettext("Extend to a day that is still to come."))


def forward_by(received_at: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """Return when a received dossier must have been passed on: by the end of work that day.

    After 15:00, or received on a day off: at the opening of the next working day. Source of the duty: Nghị định
    118/2025/NĐ-CP Điều 18.
    """
    require_aware(received_at)
    start = calendar.next_open(received_at)
    day = start.date()
    if start > received_at and day > received_at.astimezone(ZONE).date():
        return start if calendar.is_working(day) else calendar.opening(calendar.next_working(day))
    if is_late_in_the_day(received_at) or not calendar.is_working(day):
        return calendar.opening(calendar.next_working(day))
    return calendar.closing(day)


def working_days_left(due_at: Due, now: dt.datetime, calendar: WorkCalendar) -> int:
    """Return how many working days are left after today: 0 on the due day and later."""
    return calendar.working_days(now.astimezone(ZONE).date(), due_at.on)


def urgency(deadline: Deadline, now: dt.datetime, calendar: WorkCalendar) -> Urgency:
    """Return how pressing a dossier is that isn't settled: overdue by date (limits in hours: by the minute)."""
    if deadline.current is None:
        return Urgency.STANDING
    if deadline.current.is_past(now):
        return Urgency.OVERDUE
    return Urgency.SOON if working_days_left(deadline.current, now, calendar) <= SOON else Urgency.ON_TIME


def settlement(deadline: Deadline, finished_at: dt.datetime) -> Settlement:
    """Return whether a dossier was settled early, on time or late, against the current due date and by its date.

    A clock that stands has no due date, so nothing that ends there (a withdrawal) is late.
    """
    if deadline.current is None:
        return Settlement.ON_TIME
    if deadline.current.is_past(finished_at):
        return Settlement.LATE
    is_early = finished_at.astimezone(ZONE).date() < deadline.current.on
    return Settlement.EARLY if is_early else Settlement.ON_TIME
