"""Tell in words how a due date was found, in the active language; the values are `Due.days`."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalogue.models import OpeningHours
from catalogue.opening import ZONE
from desk.calendar import SpecialDay
from desk.due import Basis, CountedDay, Due, Why
from desk.interruptions import Ground
from desk.limits import Limit, SetDate, Unit


def explain(due: Due) -> tuple[str, ...]:
    """Return a line for what was counted from, one for each day with its reason and law, and one for the result.

    In the active language; names of days off in Vietnamese or English, names of laws in Vietnamese.
    """
    began = _("%(what)s: %(moment)s. Time limit: %(limit)s.") % {
        "what": due.basis.label,
        "moment": _moment(due.began_at),
        "limit": limit_text(due.limit),
    }
    lines = [began]
    if due.counted_from > due.began_at:
        lines.append(_("The office was closed then: counted from %(moment)s.") % {"moment": _moment(due.counted_from)})
    lines += [_line(day, due.basis) for day in due.days]
    return (*lines, _("Due: %(moment)s.") % {"moment": _moment(due.at)})


def limit_text(limit: Limit | SetDate) -> str:
    """Return «5 working days», or the date that an officer set with the text it was read from."""
    if isinstance(limit, SetDate):
        return _("%(day)s, set by the officer («%(text)s»)") % {"day": day_text(limit.on), "text": limit.text}
    if limit.number is None:
        return str(Unit(limit.unit).label)
    texts = {
        Unit.HOUR: ngettext("%(n)d hour", "%(n)d hours", limit.number),
        Unit.WORKING_HOUR: ngettext("%(n)d working hour", "%(n)d working hours", limit.number),
        Unit.WORKING_DAY: ngettext("%(n)d working day", "%(n)d working days", limit.number),
        Unit.DAY: ngettext("%(n)d day", "%(n)d days", limit.number),
        Unit.MONTH: ngettext("%(n)d month", "%(n)d months", limit.number),
    }
    return texts[Unit(limit.unit)] % {"n": limit.number}


def _line(day: CountedDay, basis: Basis) -> str:
    why = _why(day, basis)
    return f"{day_text(day.day)}: {why} ({day.source})" if day.source else f"{day_text(day.day)}: {why}"


def _why(day: CountedDay, basis: Basis) -> str:
    if day.minutes:
        hours, minutes = divmod(day.minutes, 60)
        return _("%(hours)d h %(minutes)d min counted") % {"hours": hours, "minutes": minutes}
    values = {
        "number": day.number,
        "name": _name(day.special),
        "ground": Ground(day.ground).label if day.ground else "",
    }
    texts = {
        Why.CLOSED: _("not counted: the office was closed"),
        Why.FIRST: _first(basis),
        Why.WORKING: _("working day %(number)s"),
        Why.MADE_UP: _("working day %(number)s, worked for a day off: %(name)s"),
        Why.CALENDAR: _("day %(number)s"),
        Why.REST: _("not counted: weekly rest"),
        Why.OFF: _("not counted: %(name)s"),
        Why.STANDS: _("not counted: the clock stands (%(ground)s)"),
        Why.SLID: _("due here, because the limit ended on a day off"),
        Why.LATE: _("asked for after 15:00: due on the next working day"),
    }
    return texts[day.why] % values


def _first(basis: Basis) -> str:
    texts = {
        Basis.RECEIPT: _("day of receipt, not counted"),
        Basis.SUPPLEMENT: _("day on which the supplement was complete, not counted"),
        Basis.EXTENSION: _("day of the extension, not counted"),
    }
    return texts[basis]


def _name(special: SpecialDay | None) -> str:
    if not special:
        return ""
    return special.name_vi if get_language() == "vi" else special.name_en


def day_text(day: dt.date) -> str:
    """Return «Thứ Hai 09/03/2026»."""
    return f"{OpeningHours.Day(day.weekday()).label} {day:%d/%m/%Y}"


def _moment(moment: dt.datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{local:%H:%M} {day_text(local.date())}"
