"""What falls due at the desk by the clock: it tells people, and leaves every act to them."""

from __future__ import annotations

import datetime as dt

from catalogue import clock
from desk import notices
from desk.calendar import work_calendar
from desk.files import sweeping
from desk.notices import Kind


def register() -> None:
    """Have it done by the clock: once for the whole province, but on each machine what uploads have left there."""
    clock.register("warnings", warn)
    clock.register("supplements", tell_of_unanswered)
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


def sweep_files(at: dt.datetime) -> str:
    """Delete each hour what was cut off, has no row or was removed long ago."""
    swept = sweeping.sweep_if_due(at)
    if swept is None:
        return "swept within the hour"
    return f"{swept.cut_off} cut off, {swept.without_row} without a row, {swept.removed} removed ones deleted"
