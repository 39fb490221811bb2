"""The officers' lists: a page at any depth, and how many there are, both by indexes or counters however many rows.

Decisions: `docs/decisions/0009-queues-by-branches.md`; figures: `docs/desk-queries.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import F, FilteredRelation, OrderBy, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from desk import cursors
from desk.counters import next_month, total
from desk.cursors import Spot
from desk.filters import ONE_DAY, Filter, conditions, reach_of
from desk.models import Dossier, Measure, Party
from desk.needles import text_conditions
from desk.permissions import Side
from desk.rows import COLUMNS, Row, row_of

SIZE, MOST = 50, 200
BRANCHES = 32
"""Index scans that one page may put together; a wider reach reads the whole order and leaves out what isn't its own."""
DUE, CAME = "due", "came"


@dataclass(frozen=True)
class Page:
    """Rows of a list, and the cursor of the next page, empty on the last."""

    rows: list[Row]
    next_cursor: str


@dataclass(frozen=True)
class Part:
    """A run of rows that one index has in their order: `columns` (descending for what came last) after a spot."""

    columns: tuple[str, ...]
    only: Q
    is_descending: bool = False

    @property
    def order(self) -> list[OrderBy]:
        """Return the order."""
        return [OrderBy(F(name), descending=self.is_descending) for name in self.columns]

    def after(self, *values: Any) -> Part:
        """Return what is left of it after a row with these values."""
        lookup = TupleLessThan if self.is_descending else TupleGreaterThan
        if len(values) == 1:
            return replace(self, only=self.only & Q(**{f"{self.columns[0]}__gt": values[0]}))
        return replace(self, only=self.only & Q(lookup(Tuple(*map(F, self.columns)), values)))


DATED = Part(("due_at", "pk"), Q(due_at__isnull=False))
UNDATED = Part(("pk",), Q(due_at=None))
NEWEST = Part(("submitted_at", "pk"), Q(), is_descending=True)


def page(chosen: Filter, after: str = "", size: int = SIZE) -> Page:
    """Return a page of what a filter chooses: open work by due date, what has none at its end; else the newest first.

    `after`: the cursor of the page before. Raises CursorError. One query, two where due dates end in the page; one
    more for a reach of many agencies, one or two for a text.
    """
    size = max(1, min(size, MOST))
    order = DUE if chosen.is_queue else CAME
    spot = cursors.read(after, order) if after else None
    search = Search(chosen)
    rows: list[Row] = []
    for part in parts(order, spot):
        rows += search.first(part, size + 1 - len(rows))
        if len(rows) > size:
            break
    shown, more = rows[:size], len(rows) > size
    return Page(shown, cursors.written(spot_of(shown[-1], order)) if more else "")


def spot_of(row: Row, order: str) -> Spot:
    """Return where a row stands."""
    return Spot(order, row.due_at if order == DUE else row.submitted_at, row.pk)


def parts(order: str, spot: Spot | None) -> Iterator[Part]:
    """Yield the runs of rows that come after a spot."""
    if order == CAME:
        yield NEWEST.after(spot.moment, spot.pk) if spot else NEWEST
        return
    if spot is None or spot.moment is not None:
        yield DATED.after(spot.moment, spot.pk) if spot else DATED
    yield UNDATED.after(spot.pk) if spot and spot.moment is None else UNDATED


def count(chosen: Filter) -> int:
    """Return exactly how many dossiers a filter chooses: from the counters where they know it, else by index.

    The counters know agency, side, states, procedure and whole months of submission; days at the ends of a time are
    counted by index. One query (two for such days); one more for a reach of many agencies.
    """
    search = Search(chosen)
    known = counted_by(search)
    if known is None:
        return search.count()
    first, last = whole_months(chosen)
    if first is None and last is None:
        return total(**known)
    if first is not None and last is not None and first > last:
        return search.count()
    return total(**known, **months(first, last)) + sum(Search(each).count() for each in ends(chosen, first, last))


def counted_by(search: Search) -> dict[str, Any] | None:
    """Return measure and dimensions of the counters that know a filter, None where they don't."""
    chosen, reach = search.chosen, search.reach
    if chosen.holder or chosen.is_about_due or chosen.channel or chosen.is_text or reach.visible is not None:
        return None
    found: dict[str, Any] = {"measure": Measure.DECIDED}
    if reach.agencies is not None:
        measure = MEASURES.get(chosen.side)
        if measure is None or len(reach.agencies) != 1 and measure == Measure.CONCERNS:
            return None
        found = {"measure": measure, "agency__in": sorted(reach.agencies)}
    if chosen.procedure is not None:
        found["procedure"] = chosen.procedure
    if chosen.states:
        found["state__in"] = sorted(chosen.chosen_states)
    return found


MEASURES = {None: Measure.CONCERNS, Side.HOLDING: Measure.HELD, Side.DECIDING: Measure.DECIDED}
"""Which counters know the dossiers of an agency by side."""


def whole_months(chosen: Filter) -> tuple[dt.date | None, dt.date | None]:
    """Return the first days of the first and last month that lie whole between a filter's days."""
    first, last = chosen.submitted_from, chosen.submitted_to
    if first is not None:
        first = first if first.day == 1 else next_month(first)
    if last is not None:
        last = ((last + ONE_DAY).replace(day=1) - ONE_DAY).replace(day=1)
    return first, last


def months(first: dt.date | None, last: dt.date | None) -> dict[str, dt.date]:
    """Return the counters' lookups for months from first to last."""
    lookups = {"month__gte": first, "month__lte": last}
    return {name: value for name, value in lookups.items() if value is not None}


def ends(chosen: Filter, first: dt.date | None, last: dt.date | None) -> Iterator[Filter]:
    """Yield a filter for the days before the first whole month, and one for those after the last."""
    if first is not None and chosen.submitted_from != first:
        yield replace(chosen, submitted_to=first - ONE_DAY)
    if last is not None and chosen.submitted_to is not None and chosen.submitted_to + ONE_DAY != next_month(last):
        yield replace(chosen, submitted_from=next_month(last))


class Search:
    """A filter on its way to the database."""

    def __init__(self, chosen: Filter) -> None:
        self.chosen, self.reach = chosen, reach_of(chosen)
        self.narrowed, self.text = conditions(chosen), text_conditions(chosen)

    @property
    def matching(self) -> QuerySet[Dossier]:
        """Return what the filter chooses, by conditions alone: right whatever the plan."""
        return Dossier.objects.filter(self.reach.condition, self.narrowed, self.text)

    def first(self, part: Part, most: int) -> list[Row]:
        """Return the first rows of a part, at most so many (one query)."""
        if self.is_plain:
            return self.read(self.matching.filter(part.only), part, most)
        # The reach holds again where rows are read: keys that were wrong would show less, never more.
        return self.read(Dossier.objects.filter(self.reach.condition, pk__in=self.keys(part, most)), part, most)

    @property
    def is_plain(self) -> bool:
        """Return whether conditions alone will do: a number has few dossiers, SQLite no sorted parts of a union."""
        return bool(self.chosen.number) or connection.vendor != "postgresql"

    def keys(self, part: Part, most: int) -> QuerySet[Any, Any]:
        """Return the keys of a part's first rows, and perhaps more, each branch from an index that has their order."""
        branches = [
            Dossier.objects.filter(branch, self.narrowed, self.text, part.only).order_by(*part.order).values("pk")[:most]
            for branch in self.branches(part)
        ]
        return branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]

    def count(self) -> int:
        """Return how many dossiers the filter chooses, counted by indexes (one query)."""
        branches = [] if self.is_plain else self.agency_branches()
        if len(branches) < 2:
            return self.matching.count()
        keys = [Dossier.objects.filter(branch, self.narrowed, self.text).values("pk") for branch in branches]
        return keys[0].union(*keys[1:]).count()

    def agency_branches(self) -> list[Q]:
        """Return a condition for each agency and side of the reach; none where it is everything or too wide."""
        reach = self.reach
        if reach.agencies is None or len(reach.agencies) * len(reach.sides) > BRANCHES:
            return []
        seen = replace(reach, agencies=None).condition
        return [Q(**{side: agency}) & seen for agency in sorted(reach.agencies) for side in reach.sides]

    def branches(self, part: Part) -> list[Q]:
        """Return conditions that together are the reach, each with an index that has the part's order."""
        if found := self.agency_branches():
            return found
        if part.is_descending:
            return [self.reach.condition & Q(state=state) for state in sorted(self.chosen.chosen_states)]
        return [self.reach.condition]

    def read(self, matching: QuerySet[Dossier], part: Part, most: int) -> list[Row]:
        """Return the first rows with the names that lists show (one query)."""
        named = matching.annotate(
            applicant=FilteredRelation("parties", condition=Q(parties__role=Party.Role.APPLICANT))
        )
        columns = named.order_by(*part.order).values_list(*COLUMNS)[:most]
        return [row_of(values) for values in columns]
