"""What agencies took over from others: what a post reaches of it, and who has an ended agency's work now.

A dossier keeps the units under which it was received (`docs/decisions/0018`), so whoever has their work reaches them.
What an heir took over by field or area is asked of `catalogue.reorganising.heirs` alone, once for each kind of dossier
that the successions tell apart: the condition for the database and the answer for one dossier both come from that.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from catalogue.models import AdministrativeUnit, Agency, AgencySuccession, Procedure, UnitChange
from catalogue.reorganising.heirs import Areas, Heirs, Share

LIES_IN = """
WITH RECURSIVE lies (area, place) AS (
    SELECT id, id FROM {units} WHERE id IN ({marks})
    UNION
    SELECT lies.area, inside.id FROM lies JOIN (
        SELECT id, parent_id AS within FROM {units} UNION ALL SELECT id, province_id FROM {units}
        UNION ALL SELECT old_id, new_id FROM {changes}
    ) AS inside ON inside.within = lies.place
) SELECT {agencies}.id, lies.area FROM lies JOIN {agencies} ON {agencies}.place_id = lies.place
"""
"""Agencies in areas, by the places that lie in one or became a part of it: `Areas.above` read from the other end."""


@dataclass(frozen=True)
class Listed:
    """Some keys, or all but some."""

    keys: frozenset[int]
    is_but: bool = False

    def __contains__(self, key: int) -> bool:
        return (key in self.keys) is not self.is_but

    def condition(self, column: str) -> Q:
        """Return it as a condition on a column that is never empty."""
        if self.is_but and not self.keys:
            return Q()
        chosen = Q((f"{column}__in", sorted(self.keys)))
        return ~chosen if self.is_but else chosen


EVERYTHING = Listed(frozenset(), is_but=True)
Kind = tuple[Listed, Listed]
"""Procedures, and the units that received: all dossiers of an agency that have both."""


@dataclass(frozen=True)
class Part:
    """Of an ended agency's dossiers those whose work came to one's own agencies."""

    agency_id: int
    kinds: tuple[Kind, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether it is all of them."""
        return self.kinds == ((EVERYTHING, EVERYTHING),)

    def has(self, dossier: Any) -> bool:
        """Return whether a dossier's work is in it, wherever the agency stands at it."""
        return any(
            dossier.procedure_id in procedures and dossier.received_by_id in receivers
            for procedures, receivers in self.kinds
        )

    def condition(self, dossier: str = "") -> Q:
        """Return it as a condition without joins; `dossier`: the way to it, as «dossier__»."""
        found = Q()
        for procedures, receivers in self.kinds:
            found |= procedures.condition(f"{dossier}procedure_id") & receivers.condition(f"{dossier}received_by_id")
        return found


@dataclass(frozen=True)
class Inheritance:
    """Who has the work of some ended agencies on a day: by agency, procedure and the unit that received."""

    heirs: Heirs
    fields: Mapping[int, int]
    """Fields that a succession names, by procedure."""
    areas: Mapping[int, frozenset[int]]
    """Areas that a succession names, by the agencies that lie in them."""
    groups: Mapping[frozenset[int], int] = field(default_factory=dict)
    """What stands for a place in these areas."""

    @classmethod
    def of(cls, agencies: Collection[int], day: dt.date) -> Inheritance:
        """Read it (a query a generation, one more where fields and one where areas are named)."""
        shares = shares_from(agencies, day)
        named = [share for each in shares.values() for share in each]
        fields = {share.field for share in named if share.field is not None}
        rows = Procedure.objects.filter(field__in=fields).values_list("pk", "field_id") if fields else ()
        areas = areas_of({share.area for share in named if share.area is not None})
        groups = {group: -number for number, group in enumerate(sorted(set(areas.values()), key=sorted), 1)}
        heirs = Heirs(shares, Areas({place: set(group) for group, place in groups.items()}))
        return cls(heirs, dict(rows), areas, groups)

    def heir(self, agency: int, dossier: Any) -> int | None:
        """Return who has an agency's work on a dossier, itself where none took it over; None: the records don't say."""
        return self.heir_of(agency, dossier.procedure_id, dossier.received_by_id)

    def heir_of(self, agency: int, procedure: int, receiver: int) -> int | None:
        """Return it by the dossier's procedure and the unit that received it."""
        place = self.groups.get(self.areas.get(receiver, frozenset()))
        return self.heirs.of(agency, field=self.fields.get(procedure), place=place)

    def part(self, agency: int, own: Collection[int]) -> Part:
        """Return what of an ended agency's work came to some agencies."""
        receivers: dict[frozenset[int], set[int]] = defaultdict(set)
        for key, group in self.areas.items():
            receivers[group].add(key)
        groups = [(place, Listed(frozenset(receivers[group]))) for group, place in self.groups.items()]
        nowhere: tuple[int | None, Listed] = (None, Listed(frozenset(self.areas), is_but=True))
        found = [(self._procedures(agency, place, own), which) for place, which in [nowhere, *groups]]
        if all(procedures == EVERYTHING for procedures, _which in found):
            return Part(agency, ((EVERYTHING, EVERYTHING),))
        return Part(agency, tuple(kind for kind in found if kind[0].keys or kind[0].is_but))

    def _procedures(self, agency: int, place: int | None, own: Collection[int]) -> Listed:
        """Return the procedures of which some agencies took over the work at a place."""
        fields = set(self.fields.values())
        ours = {each for each in fields if self.heirs.of(agency, field=each, place=place) in own}
        if self.heirs.of(agency, place=place) in own:
            return Listed(frozenset(key for key, each in self.fields.items() if each not in ours), is_but=True)
        return Listed(frozenset(key for key, each in self.fields.items() if each in ours))


def shares_from(agencies: Collection[int], day: dt.date) -> dict[int, tuple[Share, ...]]:
    """Return what agencies and their heirs handed on until a day (a query a generation)."""
    found: dict[int, tuple[Share, ...]] = {}
    wave, asked = set(agencies), set()
    while wave:
        asked |= wave
        more = Heirs.until(day, agencies=wave).shares
        found |= more
        wave = {share.successor for shares in more.values() for share in shares} - asked
    return found


def areas_of(areas: Collection[int]) -> dict[int, frozenset[int]]:
    """Return which of some areas each agency lies in (one query; none without areas)."""
    if not areas:
        return {}
    names = {
        "units": AdministrativeUnit._meta.db_table, "changes": UnitChange._meta.db_table,
        "agencies": Agency._meta.db_table, "marks": ", ".join(["%s"] * len(areas)),
    }  # fmt: skip
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(LIES_IN.format(**names), sorted(areas))
        for agency, area in cursor.fetchall():
            found[agency].add(area)
    return {agency: frozenset(within) for agency, within in found.items()}


def predecessors(agencies: Collection[int], day: dt.date) -> set[int]:
    """Return every agency of whose work some came to these, at whatever remove (a query a generation, and one)."""
    found: set[int] = set()
    wave = set(agencies)
    while wave:
        rows = AgencySuccession.objects.filter(successor__in=wave, effective_on__lte=day)
        wave = set(rows.values_list("agency", flat=True)) - found - set(agencies)
        found |= wave
    return found


def parts_for(own: Collection[int], day: dt.date) -> tuple[Part, ...]:
    """Return what came to agencies of the work of each that handed some on to them."""
    before = predecessors(own, day)
    known = Inheritance.of(before, day) if before else None
    found = (known.part(agency, own) for agency in sorted(before)) if known else ()
    return tuple(part for part in found if part.kinds)


def whole(parts: Iterable[Part]) -> Iterator[int]:
    """Yield the agencies whose work came whole."""
    return (part.agency_id for part in parts if part.is_whole)


def divided(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return what came of agencies whose work went to several."""
    return tuple(part for part in parts if not part.is_whole)
