"""The door of the desk for the portal: following a dossier, figures for everybody, working days, tables, rights."""

from __future__ import annotations

import datetime as dt
import re

from desk.calendar import WorkCalendar, work_calendar
from desk.counters import month_of
from desk.factors import LENGTH, plain_code, plain_factor, proven
from desk.models import Dossier
from desk.permissions import RULES, SCREENS, Screen, Side
from desk.public_days import CalendarError
from desk.querysets import DossierQuerySet
from desk.slips.from_dossier import make_slip
from desk.statistics import Figures, figures_of_year, first_month
from desk.tables import MOST, sent_as
from desk.tracking import APPLICANTS_FORMS, Tracked, heavy_columns, offered, tracked

__all__ = [
    "LENGTH", "MOST", "RULES", "SCREENS", "CalendarError", "Figures", "Screen", "Side", "Tracked", "WorkCalendar",
    "figures_by_month", "first_year", "plain_code", "plain_factor", "sent_as", "slip_pdf", "track", "track_token",
    "work_calendar",
]  # fmt: skip
TOKEN = re.compile(r"[\w\-]{43}", re.ASCII)


def track(code: str, last_six: str, at: dt.datetime) -> Tracked | None:
    """Return the dossier of a code for whoever knows the end of a number of its people, in the active language.

    None otherwise, after the same work whether or not there is such a code. Opens no slip: they hold whole numbers.
    """
    key = proven(code, last_six)
    dossier = None if key is None else rows().filter(pk=key).first()
    return tracked(dossier, at) if dossier else None


def track_token(token: str, at: dt.datetime) -> Tracked | None:
    """Return the dossier of a token of a slip's QR code, in the active language; None where there is none."""
    dossier = rows().filter(tracking_token=token).first() if TOKEN.fullmatch(token) else None
    return tracked(dossier, at, token=token) if dossier else None


def slip_pdf(token: str, number: int, form: str, at: dt.datetime) -> bytes | None:
    """Return a slip that is meant for the applicant as PDF, by the event that it tells of; None for any other."""
    rows = Dossier.objects.filter(tracking_token=token, system="", anonymised_at=None)
    dossier = rows.first() if TOKEN.fullmatch(token) else None
    event = dossier.events.select_related("dossier").filter(number=number).first() if dossier else None
    if event is None or form not in APPLICANTS_FORMS or form not in offered(event):
        return None
    return make_slip(event, form, at=at)[1]


def rows() -> DossierQuerySet:
    """Return dossiers with what their page reads, without the catalogue's long texts."""
    joined = ("procedure", "centre", "received_by", "decided_by", "extension")
    return Dossier.objects.select_related(*joined).defer(*heavy_columns())


def figures_by_month(year: int, at: dt.datetime) -> dict[dt.date, dict[int, Figures]]:
    """Return each deciding agency's figures of a year's months, up to the present one, by their first days."""
    return figures_of_year(year, month_of(at))


def first_year(at: dt.datetime) -> int:
    """Return the first year of which there are figures; the present one before there are any."""
    return min(first_month(), month_of(at)).year
