"""The list of dossiers as its page shows it: rows with how pressing each is, and exactly how many there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desk import queues
from desk.actors import Actor
from desk.calendar import work_calendar
from desk.cursors import CursorError
from desk.filters import filter_for
from desk.pressing import Pressing, pressing
from desk.rows import Row

PAGE = 25


@dataclass(frozen=True)
class Line:
    """A row of the list, and how pressing it is."""

    row: Row
    pressing: Pressing


@dataclass(frozen=True)
class Listing:
    """A page of the list; `after` opens the next one, empty on the last. `fault`: why it is the first one after all."""

    lines: Sequence[Line]
    count: int
    after: str
    fault: str = ""


def listing(by: Actor, at: dt.datetime, filters: dict[str, Any], after: str = "") -> Listing:
    """Return a page of what somebody sees, and how many there are in all (as `queues.page` and `queues.count` cost).

    What is open stands by its due date, everything else with the newest first.
    """
    chosen, fault = filter_for(by, at, **filters), ""
    try:
        page = queues.page(chosen, after, PAGE)
    except CursorError as error:
        page, fault = queues.page(chosen, "", PAGE), str(error)
    calendar = work_calendar()
    lines = [Line(row, pressing(row, at, calendar)) for row in page.rows]
    return Listing(lines, queues.count(chosen), page.next_cursor, fault)
