"""What an old unit became: followed through every change until units of today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from catalogue.models import AdministrativeUnit, UnitChange

LONGEST_CHAIN = 8
"""Reorganisations in a row; more would be a circle in the data."""


@dataclass
class Outcome:
    """The present units, and whether the records name them all."""

    units: list[AdministrativeUnit] = field(default_factory=list)
    is_split: bool = False
    is_complete: bool = True


def present_of(unit: AdministrativeUnit, today: dt.date) -> Outcome:
    """Return what a unit is today (one query a reorganisation). A district became what its communes became."""
    outcome = Outcome()
    found: dict[int, AdministrativeUnit] = {}
    seen: set[int] = set()
    frontier = [unit]
    for _generation in range(LONGEST_CHAIN):
        found |= {each.pk: each for each in frontier if stands(each, today)}
        ended = [each for each in frontier if not stands(each, today) and each.pk not in seen]
        if not ended:
            break
        seen |= {each.pk for each in ended}
        changes = changes_of(ended)
        outcome.is_complete = outcome.is_complete and are_all_told(ended, changes)
        frontier = list({change.new.pk: change.new for change in changes if change.new}.values())
    else:
        outcome.is_complete = False
    outcome.units = sorted(found.values(), key=lambda each: (each.folded_name, each.code))
    outcome.is_split = len(found) > 1
    return outcome


def stands(unit: AdministrativeUnit, day: dt.date) -> bool:
    """Return whether a unit exists on a day."""
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or unit.valid_to > day)


def changes_of(units: list[AdministrativeUnit]) -> list[UnitChange]:
    """Return what units became; a district's changes are its own and its communes'."""
    districts = [unit.pk for unit in units if unit.level == AdministrativeUnit.Level.DISTRICT]
    wanted = Q(old__in=[unit.pk for unit in units]) | Q(old__parent__in=districts)
    return list(UnitChange.objects.filter(wanted).select_related("old", "new__parent", "new__province"))


def are_all_told(ended: list[AdministrativeUnit], changes: list[UnitChange]) -> bool:
    """Return whether the records say of every unit, and wholly, what it became."""
    told = {change.old_id for change in changes} | {change.old.parent_id for change in changes}
    return all(unit.pk in told for unit in ended) and all(change.is_complete and change.new for change in changes)
