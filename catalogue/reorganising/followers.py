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


@dataclass(frozen=True)
class Follower:
    """One kind of thing that follows, in the order of registration.

    `look` tells what would move and writes nothing; before the day the successions that it asks for may be written in a
    transaction that is rolled back. `follow` moves what is left, on the day or later: it does nothing twice, may be
    stopped in the middle, and opens its own transactions (acts of the desk are durable, so none may be open).
    """

    name: str
    look: Callable[[Reorganisation, dt.datetime], Moves]
    follow: Callable[[Reorganisation, dt.datetime], Moves]


_registered: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Have a kind of thing follow every reorganisation."""
    if follower.name in _registered:
        raise ValueError(f"There are two followers named «{follower.name}».")
    _registered[follower.name] = follower


def followers() -> list[Follower]:
    """Return the followers in the order in which they were registered."""
    return list(_registered.values())
