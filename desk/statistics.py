"""Received, settled early, on time and late, pending: by month, with closed months as they were told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from desk.counters import month_of, next_month, totals
from desk.folding import lock
from desk.models import ClosedMonth, Measure
from desk.refusals import Invalid

TOLD = (Measure.RECEIVED, Measure.EARLY, Measure.ON_TIME, Measure.LATE)
SETTLED = TOLD[1:]
Cells = Counter[tuple[str, int, int]]
"""How many by measure, deciding agency and procedure."""


@dataclass(frozen=True)
class Figures:
    """What an agency received and settled in a time, and what was pending at its end."""

    received: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    pending: int = 0

    @property
    def settled(self) -> int:
        """Return all that were settled."""
        return self.early + self.on_time + self.late


def all_time() -> dict[int, Figures]:
    """Return each deciding agency's figures of all time. Raises ValueError unless received = settled + pending."""
    found = by_agency(totals((*TOLD, Measure.PENDING), "measure", "agency"))
    for agency, figures in found.items():
        if figures.received != figures.settled + figures.pending:
            raise ValueError(f"Agency {agency}: {figures} doesn't add up. Run verify_desk.")
    return found


def pending_by_month() -> Counter[tuple[Any, ...]]:
    """Return how many are pending now, by deciding agency and month of receipt."""
    return totals(Measure.PENDING, "agency", "month")


def figures(month: dt.date) -> dict[int, Figures]:
    """Return each deciding agency's figures of a month, its first day given; pending: at its end.

    A closed month's are those that were told. What was corrected in closed months since then (a result taken back, say)
    stands in the first month that isn't closed, so that all months together are what was really received and settled.
    """
    closed = ClosedMonth.objects.filter(month=month).first()
    if closed is not None:
        return by_agency(cells_of(closed.figures["month"]), cells_of(closed.figures["until"]))
    before = ClosedMonth.objects.order_by("-month").first()
    until = live(month)
    if before is None or next_month(before.month) != month:
        return by_agency(totals(TOLD, "measure", "agency", "procedure", month=month), until)
    return by_agency(less(until, cells_of(before.figures["until"])), until)


def figures_of_year(year: int, until: dt.date) -> dict[dt.date, dict[int, Figures]]:
    """Return what `figures` returns for each month of a year, up to one given by its first day (three queries).

    An agency that nothing stands at is left out.
    """
    known = totals(TOLD, "measure", "agency", "month")
    closed = {row.month: row for row in ClosedMonth.objects.filter(month__year=year)}
    last = ClosedMonth.objects.order_by("-month").first()
    found = {}
    for month in (dt.date(year, number, 1) for number in range(1, 13)):
        if month > until:
            break
        if month in closed:
            cells = (cells_of(closed[month].figures[name]) for name in ("month", "until"))
            found[month] = by_agency(*cells)
            continue
        so_far = over_procedures({key: number for key, number in known.items() if key[2] <= month})
        if last is not None and next_month(last.month) == month:
            own = less(so_far, over_procedures(cells_of(last.figures["until"])))
        else:
            own = over_procedures({key: number for key, number in known.items() if key[2] == month})
        found[month] = by_agency(own, so_far)
    return {month: {key: each for key, each in row.items() if each != Figures()} for month, row in found.items()}


def over_procedures(cells: Mapping[tuple[Any, ...], int]) -> Cells:
    """Return cells added up over what stands after measure and agency in their keys."""
    found: Cells = Counter()
    for (measure, agency, _other), number in cells.items():
        found[measure, agency, 0] += number
    return found


def live(month: dt.date) -> Cells:
    """Return what was received and settled until the end of a month, as it is known now."""
    return totals(TOLD, "measure", "agency", "procedure", month__lte=month)


def close_month(month: dt.date, at: dt.datetime) -> ClosedMonth:
    """Freeze a month's figures, its first day given, and those of open months before it.

    Raises Invalid before its end, or where it is closed.
    """
    if month.day != 1 or month_of(at) <= month:
        raise Invalid(_("A month can be closed when it is over."), "month")
    with transaction.atomic():
        lock()
        last = ClosedMonth.objects.order_by("-month").first()
        if last is not None and month <= last.month:
            raise Invalid(_("This month is closed already: its figures were told."), "month")
        each = next_month(last.month) if last else min(first_month(), month)
        told = cells_of(last.figures["until"]) if last else Counter()
        while each <= month:
            until = live(each)
            frozen = {"month": rows_of(less(until, told)), "until": rows_of(until)}
            last = ClosedMonth.objects.create(month=each, closed_at=at, figures=frozen)
            each, told = next_month(each), until
    assert last is not None
    return last


def first_month() -> dt.date:
    """Return the first month in which anything was received or settled; the last that can be, if nothing was."""
    return min((month for (month,) in totals(TOLD, "month")), default=dt.date.max.replace(day=1))


def less(cells: Cells, others: Cells) -> Cells:
    """Return the difference, below zero too."""
    found = Counter(cells)
    found.subtract(others)
    return Counter({key: number for key, number in found.items() if number})


def rows_of(cells: Cells) -> list[list[Any]]:
    """Return cells as JSON holds them."""
    return [[*key, number] for key, number in sorted(cells.items())]


def cells_of(rows: list[list[Any]]) -> Cells:
    """Return cells from JSON."""
    return Counter({(measure, agency, procedure): number for measure, agency, procedure, number in rows})


def by_agency(cells: Counter[Any], until: Cells | None = None) -> dict[int, Figures]:
    """Return figures by agency; `until`: all that was received and settled so far, for what is pending."""
    found: dict[int, Counter[str]] = {}
    for (measure, agency, *_procedure), number in cells.items():
        found.setdefault(agency, Counter())[measure] += number
    for (measure, agency, _procedure), number in (until or {}).items():
        found.setdefault(agency, Counter())[Measure.PENDING] += -number if measure in SETTLED else number
    return {agency: Figures(**{str(name): number for name, number in each.items()}) for agency, each in found.items()}
