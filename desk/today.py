"""What an officer finds in the morning: the piles with their exact numbers, and the most pressing dossiers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from desk import piles, queues
from desk.actors import Actor
from desk.filters import is_everything
from desk.listing import Line, lines_of
from desk.models import Notice
from desk.piles import Pile

FEW = 8
"""Rows that are shown: what can be begun in a morning."""


@dataclass(frozen=True)
class Counted:
    """A pile, how many dossiers lie in it, and the address that shows exactly these."""

    pile: Pile
    count: int

    @property
    def query(self) -> str:
        """Return what the address of the list has after its question mark."""
        return urlencode(self.pile.asked)


@dataclass(frozen=True)
class Today:
    """The page: whole piles with their parts, the piles of everybody, the notices, the most pressing."""

    groups: Sequence[tuple[Counted, Sequence[Counted]]]
    shared: Sequence[Counted]
    notices: int
    begin: Counted
    lines: Sequence[Line]
    is_over_others: bool
    is_over_many: bool


def today(by: Actor, at: dt.datetime) -> Today:
    """Return an officer's morning (five queries at most; two more for posts that reach many agencies)."""
    is_over = piles.is_over_others(by)
    whole = [piles.of_the_agency(), piles.own(by)[:1]] if is_over else [piles.own(by)]
    begin, shared = piles.to_begin(by), piles.shared(by)
    every = [begin, *shared, *(pile for group in whole for pile in group)]
    is_whole = is_everything(by.agencies)
    filters = [replace(pile.filter(by, at), is_whole=is_whole) for pile in every]
    numbers = queues.counts(filters)
    counted = {pile.name: Counted(pile, number) for pile, number in zip(every, numbers, strict=True)}
    return Today(
        [(counted[group[0].name], [counted[pile.name] for pile in group[1:]]) for group in whole],
        [counted[pile.name] for pile in shared],
        Notice.objects.addressed_to(by).unread().count(),
        counted["begin"],
        lines_of(queues.page(filters[0], size=FEW).rows, at),
        is_over,
        is_over and len(by.standing) > 1,
    )
