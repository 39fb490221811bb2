"""The list of dossiers as a page shows it: the rows of `desk/queues.py`, with how pressing each is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desk import queues
from desk.calendar import work_calendar
from desk.filters import Filter, with_reach_known
from desk.pressing import Pressing, pressing
from desk.rows import Row

PAGE = 25


@dataclass(frozen=True)
class Line:
    """A dossier of the list, and how pressing it is."""

    row: Row
    pressing: Pressing


@dataclass(frozen=True)
class Listing:
    """A page of the list; `after` opens the next one, empty on the last."""

    lines: Sequence[Line]
    count: int
    after: str


def listing(chosen: Filter, after: str = "") -> Listing:
    """Return a page of what a filter chooses, and how many there are in all. Raises CursorError."""
    chosen = with_reach_known(chosen)
    page = queues.page(chosen, after, PAGE)
    return Listing(lines_of(page.rows, chosen.at), queues.count(chosen), page.next_cursor)


def lines_of(rows: Iterable[Row], at: dt.datetime) -> list[Line]:
    """Return rows with how pressing each is (no query while the calendar stays as it is)."""
    calendar = work_calendar()
    return [Line(row, pressing(row, at, calendar)) for row in rows]
