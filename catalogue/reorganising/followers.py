"""What follows agencies and places on the day of a reorganisation: each room registers its own when it starts.

It stands in the lowest room, as the clock does (`catalogue/clock.py`), so that every room can reach it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalogue.models import Reorganisation


EXAMPLES = 5


@dataclass(frozen=True)
class Conflict:
    """Something that can't follow by itself: nobody overwrites it, somebody must look."""

    what: str
    """In words, with its code or name, without personal data."""
    why: str
    """What to do about it."""


@dataclass
class Moves:
    """What would follow, or followed."""

    count: int = 0
    examples: list[str] = field(default_factory=list)
    """A few of them in words, for the dry run."""
    conflicts: list[Conflict] = field(default_factory=list)

    def add(self, count: int, example: str = "") -> None:
        """Count things of one kind, and keep a few of them in words."""
        self.count += count
        if example and len(self.examples) < EXAMPLES:
            self.examples.append(example)


@dataclass(frozen=True)
class Follower:
    """One kind of thing that follows, in the order of rank, then of registration.

    `look` tells what would move and writes nothing; before the day the successions that it asks for may be written in a
    transaction that is rolled back. `follow` moves what is left, on the day or later: it does nothing twice, may be
    stopped in the middle, and opens its own transactions (acts of the desk are durable, so none may be open).
    """

    name: str
    look: Callable[[Reorganisation, dt.datetime], Moves]
    follow: Callable[[Reorganisation, dt.datetime], Moves]
    rank: int = 50
    """The catalogue's own rows stand before: what follows them can rely on that."""


_registered: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Have a kind of thing follow every reorganisation."""
    if follower.name in _registered:
        raise ValueError(f"There are two followers named «{follower.name}».")
    _registered[follower.name] = follower


def followers() -> list[Follower]:
    """Return the followers in the order in which they are to run: the rooms start in another one."""
    return sorted(_registered.values(), key=lambda follower: follower.rank)
