"""What a receipt would say, before it is given: limit, due date with its days, fee."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalogue.models import Agency, Centre, ProcedureVersion
from desk import deadlines
from desk.calendar import work_calendar
from desk.explaining import explain, limit_text
from desk.limits import DeadlineError, NoNumberError, SetDate
from desk.public_days import CalendarError
from desk.refusals import Invalid
from desk.versions import channel_of, fee_of, limit_of, overlay_on


@dataclass(frozen=True)
class Preview:
    """`needs_date`: the limit has no number, so the officer sets the date. No `fee`: it isn't stated whole."""

    limit: str = ""
    due_at: dt.datetime | None = None
    days: tuple[str, ...] = ()
    needs_date: bool = False
    fault: str = ""
    fee: Decimal | None = None
    fee_texts: tuple[str, ...] = ()


def preview(
    version: ProcedureVersion,
    centre: Centre,
    agency: Agency,
    at: dt.datetime,
    *,
    channel: str,
    day: dt.date,
    term_key: str = "",
    due: SetDate | None = None,
) -> Preview:
    """Return what a dossier that is received at a moment would be promised."""
    fees = channel_of(version, channel).get("fees", [])
    overlay = overlay_on(version, channel, agency, day)
    fee = fee_of(version, channel, overlay)
    texts = tuple(filter(None, (each.get("text") or each.get("label") for each in fees))) if fee is None else ()
    try:
        limit, _source = limit_of(version, channel, overlay, term_key)
    except (Invalid, DeadlineError) as error:
        return Preview(fault=str(error), fee=fee, fee_texts=texts)
    try:
        first = deadlines.due(at, due or limit, work_calendar(centre))
    except NoNumberError as error:
        fault = str(error) if limit.text else _("The catalogue states no time limit: set the date and quote its text.")
        return Preview(limit.text or limit_text(limit), needs_date=True, fault=fault, fee=fee, fee_texts=texts)
    except (DeadlineError, CalendarError) as error:
        text = limit_text(due or limit)
        return Preview(text, needs_date=due is not None, fault=str(error), fee=fee, fee_texts=texts)
    return Preview(limit_text(due or limit), first.at, explain(first), due is not None, fee=fee, fee_texts=texts)
