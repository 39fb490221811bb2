"""Figures with the address of the list that has exactly their dossiers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from desk.deadlines import Urgency
from desk.filters import ONE_DAY
from desk.parts import NEXT
from desk.workload import cells
from desk.workload.cells import Cell, Cells, Chosen, Days

Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of figures: its word and shape, what its cells have in common, and how the list's address says it."""

    name: str
    label: Any
    shape: str
    fits: Chosen
    asked: Asked


@dataclass(frozen=True)
class Figure:
    """A number and the address of its list."""

    count: int
    asked: Asked
    shape: str = ""

    @property
    def query(self) -> str:
        """Return what the address of the list has after its question mark."""
        return urlencode(self.asked)


@dataclass(frozen=True)
class Line:
    """A row of a table: what it is of, its figures in the order of the columns, the oldest due date that is past.

    `key`: person or agency, None where it is neither; `away`: who stands in, and until when; `short`: its words in a
    chart.
    """

    label: str
    columns: Sequence[Column]
    figures: Sequence[Figure]
    oldest: dt.datetime | None = None
    key: int | None = None
    away: str = ""
    short: str = ""

    @property
    def cells(self) -> list[tuple[Column, Figure]]:
        """Return each figure with its column."""
        return list(zip(self.columns, self.figures, strict=True))

    @property
    def count(self) -> int:
        """Return the first figure: all of it."""
        return self.figures[0].count


def by_due(days: Days) -> list[Column]:
    """Return the columns that part open work by due date, the whole first: the others add up to it."""
    return [
        Column("open", _("Still open"), "", lambda cell: True, {}),
        Column("overdue", _("Overdue"), "late", is_overdue, {"due": str(Urgency.OVERDUE)}),
        Column("today", _("Today"), "now", lambda cell: cell.bucket == cells.TODAY, {"due": cells.TODAY}),
        Column("next", _("In 1–3 days"), "soon", lambda cell: is_next(cell, days), {"due": NEXT}),
        Column("later", _("Later"), "ok", lambda cell: is_later(cell, days), {"due": str(Urgency.ON_TIME)}),
        Column(
            "none", _("No due date"), "hold", lambda cell: cell.bucket == cells.NONE, {"due": str(Urgency.STANDING)}
        ),
    ]


def by_lateness(days: Days) -> list[Column]:
    """Return the columns that part what is overdue by how long it is; the whole first, all that is open last."""
    short, long = days.late_from
    late = {"due": str(Urgency.OVERDUE)}
    return [
        Column("overdue", _("Overdue"), "late", is_overdue, late),
        Column("late", _("up to 5 days"), "", lambda cell: cell.bucket == cells.LATE, late | {"due_from": short}),
        Column(
            "later_late", _("6 to 30 days"), "", lambda cell: cell.bucket == cells.LATER_LATE,
            late | {"due_from": long, "due_to": short - ONE_DAY},
        ),
        Column(
            "long_late", _("more than 30 days"), "", lambda cell: cell.bucket == cells.LONG_LATE,
            late | {"due_to": long - ONE_DAY},
        ),
        Column("open", _("All that is open"), "", lambda cell: True, {}),
    ]  # fmt: skip


def by_name() -> list[Column]:
    """Return the columns of a day: what is due on it, and what of it has nobody's name, or waits for the applicant."""
    return [
        Column("due", _("Due on this day"), "", lambda cell: True, {}),
        Column("unheld", _("of these without a name"), "", lambda cell: cell.is_unheld, {"whose": "unheld"}),
        Column(
            "elsewhere", _("of these passed on, not taken over"), "", lambda cell: cell.cause == "hand_over",
            {"cause": "hand_over"},
        ),
    ]  # fmt: skip


def is_overdue(cell: Cell) -> bool:
    """Return whether its due date is past."""
    return cell.bucket in cells.OVERDUE


def is_next(cell: Cell, days: Days) -> bool:
    """Return whether it is due on one of the three working days after today."""
    return isinstance(cell.bucket, dt.date) and cell.bucket <= days.soon


def is_later(cell: Cell, days: Days) -> bool:
    """Return whether it is due after those."""
    return cell.bucket == cells.LATER or (isinstance(cell.bucket, dt.date) and cell.bucket > days.soon)


def figures(found: Iterable[Cell], columns: Sequence[Column], asked: Asked) -> list[Figure]:
    """Return how many of some cells stand in each column, with the addresses."""
    rows = list(found)
    return [
        Figure(sum(cell.count for cell in rows if column.fits(cell)), {**asked, **column.asked}, column.shape)
        for column in columns
    ]


def line(label: str, found: Cells, columns: Sequence[Column], asked: Asked, **more: Any) -> Line:
    """Return a row of a table."""
    past = [cell.oldest for cell in found if is_overdue(cell) and cell.oldest is not None]
    return Line(label, columns, figures(found, columns, asked), min(past, default=None), **more)
