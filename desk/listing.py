"""The list of dossiers as a page shows it: the rows of `desk/queues.py`, with how pressing each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk import queues
from desk.calendar import work_calendar
from desk.filters import Filter
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
    page = queues.page(chosen, after, PAGE)
    calendar = work_calendar()
    lines = [Line(row, pressing(row, chosen.at, calendar)) for row in page.rows]
    return Listing(lines, queues.count(chosen), page.next_cursor)
