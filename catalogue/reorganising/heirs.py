"""Who took over an agency's work: by field and area, and through one reorganisation after the other."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalogue.models import AdministrativeUnit, AgencySuccession, UnitChange

LONGEST_CHAIN = 8
"""Reorganisations in a row; more would be a circle in the data."""


@dataclass(frozen=True)
class Share:
    """What of an agency's work one heir took over; None: every field, every area."""

    successor: int
    field: int | None = None
    area: int | None = None

    @property
    def narrowness(self) -> int:
        """Return how closely it names what it takes: the narrowest that fits holds, a field before an area."""
        return 2 * (self.field is not None) + (self.area is not None)


@dataclass(frozen=True)
class Heirs:
    """The heirs of every agency that has any, up to a day."""

    shares: dict[int, tuple[Share, ...]]
    areas: Areas

    @classmethod
    def until(cls, day: dt.date, *, agencies: Iterable[int] | None = None) -> Heirs:
        """Read the successions in effect on a day, of some agencies or of all (one query; places when first asked)."""
        rows = AgencySuccession.objects.filter(effective_on__lte=day)
        if agencies is not None:
            rows = rows.filter(agency__in=agencies)
        found: dict[int, list[Share]] = defaultdict(list)
        for agency, *share in rows.order_by("pk").values_list("agency", "successor", "field", "area"):
            found[agency].append(Share(*share))
        return cls({agency: tuple(shares) for agency, shares in found.items()}, Areas())

    def of(self, agency: int, *, field: int | None = None, place: int | None = None) -> int | None:
        """Return the present heir of an agency's work in a field at a place, the agency itself where none took it.

        None: the records don't say who, since nobody took this field or area, or several did.
        """
        for _generation in range(LONGEST_CHAIN):
            shares = self.shares.get(agency)
            if not shares:
                return agency
            heirs = {share.successor for share in self._narrowest(shares, field, place)}
            if len(heirs) != 1:
                return None
            agency = heirs.pop()
        return None

    def all_of(self, agency: int) -> set[int]:
        """Return every agency that took over a part of an agency's work, at whatever remove; itself where none did."""
        found: set[int] = set()
        wave, seen = {agency}, set()
        while wave:
            seen |= wave
            found |= {each for each in wave if each not in self.shares}
            wave = {share.successor for each in wave for share in self.shares.get(each, ())} - seen
        return found

    def _narrowest(self, shares: Iterable[Share], field: int | None, place: int | None) -> list[Share]:
        fitting = [
            share
            for share in shares
            if share.field in (None, field) and (share.area is None or self.areas.has(share.area, place))
        ]
        most = max((share.narrowness for share in fitting), default=0)
        return [share for share in fitting if share.narrowness == most]


@dataclass
class Areas:
    """Which places lie in which areas, whatever they were called when: read once, when it is first asked."""

    _above: dict[int, set[int]] = field(default_factory=dict)

    def has(self, area: int, place: int | None) -> bool:
        """Return whether a place is the area, lies in it, or became a part of it."""
        return place is not None and area in self.above(place)

    def above(self, place: int) -> set[int]:
        """Return a place with all that it lies in or became."""
        if not self._above:
            self._read()
        found: set[int] = set()
        wave = {place}
        while wave:
            found |= wave
            wave = set().union(*(self._above.get(each, set()) for each in wave)) - found
        return found

    def _read(self) -> None:
        for pk, *above in AdministrativeUnit.objects.values_list("pk", "parent", "province"):
            self._above[pk] = {each for each in above if each is not None}
        for old, new in UnitChange.objects.exclude(new=None).values_list("old", "new"):
            self._above.setdefault(old, set()).add(new)
