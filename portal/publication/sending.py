"""Whether a publication decision came into the national database of procedures in time.

Nghị định 63/2010/NĐ-CP Điều 24: within 5 working days of the decision of the province's chair, 10 of a minister's, 2 of
one over texts made by the shortened procedure. Working days are those of the province's calendar; the day itself
isn't counted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models import Decision
from catalogue.text import fold
from desk.public import CalendarError, WorkCalendar

PROVINCE_DAYS, MINISTER_DAYS, FAST_TRACK_DAYS = 5, 10, 2
_OF_PROVINCE = ("ubnd", "uy ban nhan dan", "chu tich uy ban", "chu tich ubnd", "hoi dong nhan dan", "hdnd", "trung tam")


class Sent(models.TextChoices):
    """Where a decision stands."""

    IN_TIME = "in_time", _("Sent in time")
    LATE = "late", _("Sent late")
    UNDATED = "undated", _("Sent; whether in time can't be told")
    OVERDUE = "overdue", _("Not sent, overdue")
    WAITING = "waiting", _("Not sent, there is time left")
    UNKNOWN = "unknown", _("Not sent; the day of the decision isn't known")


DONE = frozenset({Sent.IN_TIME, Sent.LATE, Sent.UNDATED})


class Issuer(models.TextChoices):
    """Whose decision it is, and so who must send it."""

    PROVINCE = "province", _("The province's own")
    OTHER = "other", _("Ministries' and others'")


@dataclass(frozen=True)
class Sending:
    """A decision's state, the last day in time where it can be counted, and the working days past it or left."""

    state: Sent
    due_on: dt.date | None = None
    days: int = 0


def issuer_of(decision: Decision) -> Issuer:
    """Return whether the province itself made a decision, by its issuer's name; without one it counts as its own."""
    name = fold(decision.issuer)
    return Issuer.PROVINCE if not name or name.startswith(_OF_PROVINCE) else Issuer.OTHER


def days_allowed(decision: Decision) -> int:
    """Return in how many working days a decision must be sent."""
    if decision.is_fast_track:
        return FAST_TRACK_DAYS
    return PROVINCE_DAYS if issuer_of(decision) == Issuer.PROVINCE else MINISTER_DAYS


def due_on(decision: Decision, calendar: WorkCalendar) -> dt.date | None:
    """Return the last day in time; None without the day of the decision, or where no calendar knows its year."""
    if decision.signed_on is None:
        return None
    day = decision.signed_on
    try:
        for _each in range(days_allowed(decision)):
            day = calendar.next_working(day)
    except CalendarError:
        return None
    return day


def sending(decision: Decision, calendar: WorkCalendar, today: dt.date) -> Sending:
    """Return where a decision stands on a day.

    One of a year before the calendar's that nobody sent is overdue; the days past aren't counted then.
    """
    last = due_on(decision, calendar)
    if decision.sent_on is not None:
        if last is None:
            return Sending(Sent.UNDATED)
        late = calendar.working_days(last, decision.sent_on)
        return Sending(Sent.LATE if late else Sent.IN_TIME, last, late)
    if decision.signed_on is None:
        return Sending(Sent.UNKNOWN)
    if last is None:
        return Sending(Sent.OVERDUE)
    if today > last:
        return Sending(Sent.OVERDUE, last, calendar.working_days(last, today))
    return Sending(Sent.WAITING, last, calendar.working_days(today, last))


def count(
    decisions: Iterable[Decision], calendar: WorkCalendar, today: dt.date
) -> dict[Issuer, tuple[int, Counter[Sent]]]:
    """Return, by whose they are, how many decisions there are and how many stand where."""
    found: dict[Issuer, Counter[Sent]] = {issuer: Counter() for issuer in Issuer}
    for decision in decisions:
        found[issuer_of(decision)][sending(decision, calendar, today).state] += 1
    return {issuer: (states.total(), states) for issuer, states in found.items()}
