"""What falls due by the clock: each room registers its parts when it starts, and whoever keeps the clock runs them.

It stands in the lowest room, so that every room can reach it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of work: it does what is due at a moment, nothing where nothing is, and returns what it did."""

    name: str
    run: Callable[[dt.datetime], str]
    is_local: bool
    """Its state lies in files of the machine, so each machine does it for itself."""


_registered: dict[str, Part] = {}


def register(name: str, run: Callable[[dt.datetime], str], *, is_local: bool = False) -> None:
    """Have a part run each minute; it must do nothing twice, and may be stopped in the middle."""
    if name in _registered:
        raise ValueError(f"There are two parts of the clock's work named «{name}».")
    _registered[name] = Part(name, run, is_local)


def parts() -> list[Part]:
    """Return the parts in the order in which they were registered."""
    return list(_registered.values())


def part(name: str) -> Part:
    """Return the part of a name; raises KeyError where there is none."""
    return _registered[name]
