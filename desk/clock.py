"""What falls due at the desk by the clock: it tells people, and leaves every act to them."""

from __future__ import annotations

import datetime as dt

from catalogue import clock
from catalogue.opening import ZONE
from desk import anchors, folding, notices
from desk.calendar import work_calendar
from desk.counters import month_of
from desk.files import sweeping
from desk.models import ClosedMonth
from desk.notices import ONE_DAY, Kind
from desk.retention import readings, running
from desk.statistics import close_month


def register() -> None:
    """Have it done by the clock: once for the whole province, but on each machine what uploads have left there."""
    clock.register("warnings", warn)
    clock.register("supplements", tell_of_unanswered)
    clock.register("anchors", anchor_days)
    clock.register("counters", count)
    clock.register("retention", keep_no_longer)
    clock.register("files", sweep_files, is_local=True)


def warn(at: dt.datetime) -> str:
    """Tell of due dates that are near or past, of late steps, and propose apologies before a date is missed."""
    calendar = work_calendar()
    proposed = notices.to_be_excused(at, calendar)
    told = {
        "overdue": notices.tell(Kind.OVERDUE, notices.overdue(at), notices.DUE_DAY, notices.with_the_approver, at),
        "soon due": notices.tell(Kind.SOON, notices.soon(at, calendar), notices.DUE_DAY, notices.whoever_holds, at),
        "apologies proposed": notices.tell(Kind.APOLOGY_PROPOSED, proposed, notices.DUE_DAY, notices.approver, at),
        "steps overdue": notices.tell(
            Kind.STEP_OVERDUE, notices.late_steps(at), notices.STEP, notices.with_the_head, at
        ),
    }
    return ", ".join(f"{number} {what}" for what, number in told.items())


def tell_of_unanswered(at: dt.datetime) -> str:
    """Tell those who may refuse or stop it that nobody answered in time."""
    rows = notices.unanswered(at)
    told = notices.tell(Kind.SUPPLEMENT_LAPSED, rows, notices.ANSWER_DAY, notices.whoever_may_end_it, at)
    return f"{told} not answered in time"


def anchor_days(at: dt.datetime) -> str:
    """Keep the heads of the chains of each day that is over, outside the database."""
    return f"{len(anchors.anchor_due(at))} days anchored"


def count(at: dt.datetime) -> str:
    """Fold what the acts counted, and freeze the months that are over."""
    return f"{folding.fold_deltas()} deltas folded, {close_months(at)} months closed"


def close_months(at: dt.datetime) -> int:
    """Close each month that ended more than a day ago and isn't closed yet; return how many were."""
    month = (month_of(at - ONE_DAY) - ONE_DAY).replace(day=1)
    if ClosedMonth.objects.filter(month__gte=month).exists():
        return 0
    closed = ClosedMonth.objects.count()
    close_month(month, at)
    return ClosedMonth.objects.count() - closed


AT_NIGHT = range(1, 5)
"""Local hours in which data are erased: no officer waits for a lock then."""
A_MINUTE = 1_000
"""Dossiers anonymised in one run of the clock."""


def keep_no_longer(at: dt.datetime) -> str:
    """Anonymise at night what is due by the province's rules, and delete readings whose time is over."""
    local = at.astimezone(ZONE)
    if local.hour not in AT_NIGHT:
        return "not at night"
    done = running.run(local.date(), at, A_MINUTE)
    return f"{done.number} anonymised, {readings.delete_old(at)} old readings deleted"


def sweep_files(at: dt.datetime) -> str:
    """Delete each hour what was cut off, has no row or was removed long ago."""
    swept = sweeping.sweep_if_due(at)
    if swept is None:
        return "swept within the hour"
    return f"{swept.cut_off} cut off, {swept.without_row} without a row, {swept.removed} removed ones deleted"
