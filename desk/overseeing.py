"""The agencies below another, and below those whose work it took over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalogue.models import Agency
from desk.inheriting import Part, parts_for, whole

Children = Mapping[int, list[int]]


@dataclass(frozen=True)
class Overseen:
    """What somebody who is over others reaches besides the own agency; `inherited`: which of them came whole."""

    own: frozenset[int] = frozenset()
    below: frozenset[int] = frozenset()
    inherited: frozenset[int] = frozenset()
    parts: tuple[Part, ...] = ()
    parts_below: tuple[Part, ...] = ()


def children_of_all() -> Children:
    """Return the agencies right under each (one query)."""
    children: dict[int, list[int]] = {}
    for pk, parent in Agency.objects.exclude(parent=None).values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    return children


def below(agencies: Iterable[int], children: Children) -> frozenset[int]:
    """Return every agency under some, however deep."""
    found: set[int] = set()
    wave = list(agencies)
    while wave := [child for pk in wave for child in children.get(pk, ()) if child not in found]:
        found.update(wave)
    return frozenset(found)


def overseen(agency: int, day: dt.date | None) -> Overseen:
    """Return what is below an agency, and from a day on what came to it and to those below (`day`: if any did).

    Whoever took over an agency whole has those that were below it. One query, without a day.
    """
    children = children_of_all()
    under = below([agency], children)
    if day is None:
        return Overseen(below=under)
    parts = parts_for({agency}, day)
    own = frozenset(whole(parts))
    under |= below(own, children)
    ended: frozenset[int] = frozenset()
    while True:
        parts_below = parts_for({agency} | own | under, day)
        more = frozenset(whole(parts_below)) - own - under
        if not more:
            return Overseen(own, under, own | ended, parts, parts_below)
        ended |= more
        under |= more | below(more, children)
