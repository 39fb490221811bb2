"""What a reorganisation will write, put together before anything is written."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from catalogue.loading.report import Refusal
from catalogue.models import (
    AdministrativeUnit,
    Agency,
    AgencySuccession,
    Centre,
    Posting,
    ProvinceProcedure,
    UnitChange,
)
from catalogue.reorganising.followers import Conflict
from catalogue.reorganising.lines import Line, LineError
from catalogue.reorganising.standing import Standing


@dataclass(frozen=True)
class Fate:
    """What becomes of a centre: it goes on at a place, becomes a service point of the place's centre, or closes."""

    centre: Centre
    becomes: str
    place: AdministrativeUnit | None
    """Where it goes on, or whose centre readers are led to; None where several or nobody took its area."""


@dataclass
class Draft:
    """New rows, unsaved; rows that end; what couldn't be said. Places and agencies are known by their objects."""

    standing: Standing
    units: dict[tuple[str, str], AdministrativeUnit] = field(default_factory=dict)
    ended_units: dict[int, AdministrativeUnit] = field(default_factory=dict)
    changes: list[UnitChange] = field(default_factory=list)
    became: dict[int, list[AdministrativeUnit]] = field(default_factory=lambda: defaultdict(list))
    """What each old unit became, whether the change is new or known already."""
    predecessors: Counter[int] = field(default_factory=Counter)
    """How many old units each new one came from, by the `id()` of its object."""
    untold: set[int] = field(default_factory=set)
    """Old units of which the source names no heir, or not all."""
    agencies: list[Agency] = field(default_factory=list)
    shared: set[int] = field(default_factory=set)
    """Old agencies whose one known heir took over a part alone: nobody says who has the rest."""
    ended_agencies: dict[int, Agency] = field(default_factory=dict)
    successions: list[AgencySuccession] = field(default_factory=list)
    heirs: dict[int, list[Agency]] = field(default_factory=lambda: defaultdict(list))
    """Who took over each old agency, whether the succession is new or known already."""
    identifiers: list[tuple[Agency, Agency]] = field(default_factory=list)
    """(new, old): agencies that go on under another name and bear the same identifier from the day on."""
    posts: list[Posting] = field(default_factory=list)
    ended_posts: list[Posting] = field(default_factory=list)
    overlays: list[ProvinceProcedure] = field(default_factory=list)
    ended_overlays: list[ProvinceProcedure] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def day(self) -> dt.date:
        """Return the first day of the new order."""
        return self.standing.day

    def unit_on(self, level: str, code: str) -> AdministrativeUnit | None:
        """Return the unit that bears a code on the day: a new one, else one that stands on."""
        key = (level, code)
        unit = self.units.get(key) or self.standing.coming_units.get(key)
        if unit is None and (old := self.standing.units.get(key)) and old.pk not in self.ended_units:
            unit = old
        return unit

    def present(self, unit: AdministrativeUnit) -> list[AdministrativeUnit]:
        """Return what a unit is on the day; a district is what its communes became."""
        if unit.pk is None or unit.pk not in self.ended_units:
            return [unit]
        found = {id(new): new for new in self.became.get(unit.pk, ())}
        if not found and unit.level == AdministrativeUnit.Level.DISTRICT:
            for child in self.standing.communes_of(unit):
                found |= {id(new): new for new in self.present(child)}
        return list(found.values())

    def is_told(self, unit: AdministrativeUnit) -> bool:
        """Return whether all that a unit became is named; of a district, of every commune."""
        if unit.level == AdministrativeUnit.Level.DISTRICT and not self.became.get(unit.pk):
            return all(self.is_told(child) for child in self.standing.communes_of(unit))
        return unit.pk not in self.untold

    def end_unit(self, unit: AdministrativeUnit) -> None:
        """Let a unit end with the day; raises LineError where it ends on another one."""
        if unit.valid_to not in (None, self.day):
            raise LineError(f"{unit} ends on {unit.valid_to:%d/%m/%Y} already: mend the day, or take the line away")
        self.ended_units[unit.pk] = unit

    def link(
        self, old: AdministrativeUnit, new: AdministrativeUnit | None, *, is_split: bool, is_complete: bool = True
    ) -> None:
        """Keep what a unit became."""
        if new is None or not is_complete:
            self.untold.add(old.pk)
        if new is not None and all(new is not each for each in self.became[old.pk]):
            self.became[old.pk].append(new)
            self.predecessors[id(new)] += 1
        if (old.pk, new.pk if new else None) in self.standing.changes and not (new and new.pk is None):
            return
        row = UnitChange(old=old, new=new, effective_on=self.day, is_split=is_split, is_complete=is_complete)
        self.changes.append(row)

    def succeed(
        self,
        old: Agency,
        new: Agency,
        *,
        field: int | None = None,
        area: AdministrativeUnit | None = None,
    ) -> None:
        """Keep who took over an agency's work."""
        if all(new is not each for each in self.heirs[old.pk]):
            self.heirs[old.pk].append(new)
        known = (old.pk, new.pk, field, area.pk if area else None)
        if new.pk is None or (area and area.pk is None) or known not in self.standing.successions:
            self.successions.append(
                AgencySuccession(agency=old, successor=new, field_id=field, area=area, effective_on=self.day)
            )

    def agencies_on(self) -> Iterable[Agency]:
        """Return the agencies of the day: new ones, and those that stand on."""
        yield from self.agencies
        yield from self.standing.coming_agencies
        yield from (each for each in self.standing.agencies.values() if each.pk not in self.ended_agencies)


@contextmanager
def refusing(line: Line, draft: Draft) -> Iterator[None]:
    """Refuse a line where its judging raises LineError."""
    try:
        yield
    except LineError as error:
        draft.refused.append(Refusal(line.number, str(error)))
