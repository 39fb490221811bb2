"""How pressing a dossier is: a word and a shape of its own for each, never a colour alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.opening import ZONE
from desk.calendar import WorkCalendar
from desk.deadlines import SOON
from desk.due_dates import is_in_hours
from desk.models import Dossier
from desk.rows import Row
from desk.states import FINAL, PAUSED, Settlement


@dataclass(frozen=True)
class Pressing:
    """`shape` names the icon: late, now, soon, ok, hold, done; `text` says it in words."""

    shape: str
    text: str


def pressing(dossier: Dossier | Row, at: dt.datetime, calendar: WorkCalendar) -> Pressing:
    """Return how pressing a dossier is at a moment (no query)."""
    if dossier.settled_at is not None:
        late = dossier.settlement == Settlement.LATE
        return Pressing("late" if late else "done", str(Settlement(dossier.settlement).label))
    if dossier.state in FINAL:
        return Pressing("done", _("Nothing more to do"))
    if dossier.due_at is None:
        if dossier.received_at is None:
            return Pressing("hold", _("Not received yet: no due date"))
        return Pressing("hold", _("The clock stands") if dossier.state in PAUSED else _("No due date yet"))
    today, due_on = at.astimezone(ZONE).date(), dossier.due_at.astimezone(ZONE).date()
    if due_on < today:
        return Pressing("late", _overdue(calendar.working_days(due_on, today)))
    if is_in_hours(dossier) and at > dossier.due_at:
        return Pressing("late", _("Overdue"))
    if due_on == today:
        return Pressing("now", _("Today %(time)s") % {"time": f"{dossier.due_at.astimezone(ZONE):%H:%M}"})
    left = calendar.working_days(today, due_on)
    text = ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}
    return Pressing("soon" if left <= SOON else "ok", text)


def _overdue(days: int) -> str:
    if not days:
        return _("Overdue")
    return ngettext("Overdue by %(n)d working day", "Overdue by %(n)d working days", days) % {"n": days}
