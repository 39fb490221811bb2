"""The officers' lists: a page at any depth, and how many there are, both by indexes or counters however many rows.

Decisions: `docs/decisions/0010-lists-from-branches.md`; figures: `docs/desk-queries.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from desk import cursors
from desk.branches import Statement, count_of, counted_together, counting, first_named, first_of
from desk.counters import next_month, total
from desk.cursors import Spot
from desk.filters import ONE_DAY, Filter, conditions, reach_of
from desk.models import Dossier, Measure
from desk.needles import name_condition, named, text_conditions
from desk.parts import SETTLED, Part, order_of, parts, parts_after
from desk.permissions import Side
from desk.rows import Row, read_rows

SIZE, MOST = 50, 200
FEW = 5_000
"""Dossiers of a procedure up to which an agency's are looked for among them, not among the agency's."""


@dataclass(frozen=True)
class Page:
    """Rows of a list, and the cursor of the next page, empty on the last."""

    rows: list[Row]
    next_cursor: str


def page(chosen: Filter, after: str = "", size: int = SIZE) -> Page:
    """Return a page of what a filter chooses: open work by due date, what has none at its end; else the newest first.

    `after`: the cursor of the page before. Raises CursorError. Two queries, one more for each end of a part in the page
    (what is due today, what has no due date), for a reach of many agencies, a procedure, a number, a rare name.
    """
    size = max(1, min(size, MOST))
    order = order_of(chosen)
    spot = cursors.read(after, order) if after else None
    search = Search(chosen)
    keys: list[Any] = []
    for part in parts_after(chosen, spot):
        keys += search.first(part, size + 1 - len(keys))
        if len(keys) > size:
            break
    shown = keys[:size]
    next_cursor = cursors.written(Spot(order, *shown[-1])) if len(keys) > size else ""
    return Page(read_rows([pk for _moment, pk in shown]), next_cursor)


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


def counts(every: Sequence[Filter]) -> list[int]:
    """Return exactly how many dossiers each filter chooses, at one moment, by index (one query for all).

    One or two more for a filter whose reach isn't known (`with_reach_known`).
    """
    wanted = [(number, *statement) for number, chosen in enumerate(every) for statement in Search(chosen).counting()]
    found = dict(counted_together(wanted)) if wanted else {}
    return [found[number] for number in range(len(every))]


def counted_by(search: Search) -> dict[str, Any] | None:
    """Return measure and dimensions of the counters that know a filter, None where they don't."""
    chosen, reach = search.chosen, search.reach
    if chosen.is_about_hands or chosen.is_about_due or chosen.is_about_work:
        return None
    if chosen.channel or chosen.is_text or reach.visible is not None:
        return None
    found: dict[str, Any] = {"measure": Measure.DECIDED}
    if reach.agencies is not None:
        measure = MEASURES.get(chosen.side)
        if measure is None or (len(reach.agencies) != 1 and measure == Measure.CONCERNS):
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


def months(first: dt.date | None, last: dt.date | None) -> dict[str, Any]:
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
        self.narrowed = conditions(chosen) & text_conditions(chosen)
        self.name = name_condition(chosen.name)

    def matching(self, part: Part | None = None) -> QuerySet[Dossier]:
        """Return what the filter chooses, by conditions alone: right whatever the plan."""
        return self.within(part).filter(self.name, self.reach.condition)

    def within(self, part: Part | None) -> QuerySet[Dossier]:
        """Return what it would choose of everything that the officer may see, whatever the name."""
        return Dossier.objects.filter(self.narrowed, part.only if part else Q())

    def first(self, part: Part, most: int) -> list[Any]:
        """Return moments and keys of the first rows of a part, at most so many (one query, two for a rare name)."""
        if self.is_plain:
            return list(self.matching(part).order_by(*part.order).values_list(part.moment, "pk")[:most])
        within = self.within(part).filter(self.reach.seen)
        columns = self.reach.columns or self.states_of(part)
        if self.chosen.name:
            return first_named(within, columns, part, most, named(self.chosen.name))
        if part.is_descending and self.has_few:
            return first_of(within.filter(self.reach.condition), {}, part, most)
        return first_of(within, columns, part, most)

    @cached_property
    def has_few(self) -> bool:
        """Return whether the procedure has so few dossiers in the province that all are read from its own index."""
        procedure = self.chosen.procedure
        return procedure is not None and total(Measure.DECIDED, procedure=procedure) <= FEW

    def states_of(self, part: Part) -> dict[str, list[int]]:
        """Return the states as branches: for everything there is, the newest stand in an index by state.

        What is ready to be handed over or suspended has an index of its own: few rows, sorted at once. What was settled
        stands in order by the agency that decided.
        """
        if part.moment == SETTLED.moment:
            return {"decided_by_id": sorted(self.chosen.scope)}
        is_by_state = part.is_descending and not self.chosen.is_ready and not self.chosen.is_suspended
        return {"state": sorted(self.chosen.chosen_states)} if is_by_state else {}

    @property
    def is_plain(self) -> bool:
        """Return whether conditions alone must do: SQLite knows no LATERAL."""
        return connection.vendor != "postgresql"

    def count(self) -> int:
        """Return how many dossiers the filter chooses, counted by indexes (one query a part)."""
        return sum(count_of(statement) for statement in self.counting())

    def counting(self) -> list[Statement]:
        """Return the statements that count, one a part: an urgency has several."""
        return [self.counting_part(part) for part in (parts(self.chosen) if self.chosen.urgency else [None])]

    def counting_part(self, part: Part | None) -> Statement:
        """Return the statement that counts a part."""
        columns = self.reach.columns
        if self.is_plain or len(columns) < 2 or len(next(iter(columns.values()))) > 1:
            return counting(self.matching(part), {})
        parties = named(self.chosen.name) if self.chosen.name else None
        return counting(self.within(part).filter(self.reach.seen), columns, parties)
