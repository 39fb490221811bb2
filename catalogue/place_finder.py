"""Find an old unit by the name that people remember, and follow units through their changes, forward and back."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Case, IntegerField, Q, Value, When

from catalogue.models import AdministrativeUnit, UnitChange
from catalogue.text import fold, marked

LONGEST_CHAIN = 8
"""Reorganisations in a row; more would be a circle in the data."""
_KINDS = re.compile(r"\b(xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tp|tinh|p|q|h|x|tt|tx)\b\.?\s*")


def find_units(query: str, *, limit: int, province_code: str, on: dt.date) -> tuple[list[AdministrativeUnit], int]:
    """Return districts and communes that are no more on a day and whose name fits, and how many there are in all.

    «Phường 1, Quận 3» narrows by what stands after the comma. Marks that were typed count: exact
    ones come first. Units of the portal's province come before those of others with the same name.
    """
    first, *rest = [part.strip() for part in query.split(",") if part.strip()] or [""]
    folded = fold(first)
    if not folded:
        return [], 0
    rows = AdministrativeUnit.objects.filter(
        level__in=[AdministrativeUnit.Level.DISTRICT, AdministrativeUnit.Level.COMMUNE], valid_to__lte=on
    )
    fitting = rows.filter(Q(folded_name__contains=folded))
    for part in rest:
        inside = fold(part)
        fitting = fitting.filter(
            Q(parent__folded_name__contains=inside)
            | Q(province__folded_name__contains=inside)
            | Q(parent__parent__folded_name__contains=inside)
        )
    bare = _KINDS.sub("", folded, count=1) or folded
    ranked = fitting.select_related("parent", "province").annotate(
        rank=Case(
            When(folded_name=folded, then=Value(0)),
            When(folded_name__endswith=f" {bare}", then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )
    own = provinces_of(province_code, on)
    found: list[AdministrativeUnit] = list(ranked)
    wanted = marked(first)
    found.sort(
        key=lambda unit: (
            unit.rank,  # type: ignore[attr-defined]
            wanted not in marked(unit.name),
            unit.province_id not in own,
            unit.level != AdministrativeUnit.Level.DISTRICT,
            unit.folded_name,
        )
    )
    return found[:limit], len(found)


def provinces_of(code: str, on: dt.date) -> set[int]:
    """Return a province and all that became part of it by a day, one change after the other (two queries)."""
    level = AdministrativeUnit.Level.PROVINCE
    own = AdministrativeUnit.objects.on(on).filter(level=level, code=code)
    changes = UnitChange.objects.filter(new__level=level, effective_on__lte=on)
    came_from: dict[int | None, set[int]] = {}
    for old, new in changes.values_list("old", "new"):
        came_from.setdefault(new, set()).add(old)
    found: set[int] = set()
    wave = set(own.values_list("pk", flat=True))
    while wave := wave - found:
        found |= wave
        wave = set().union(*(came_from.get(each, set()) for each in wave))
    return found


def changes_from(units: Collection[int], on: dt.date) -> dict[int, list[UnitChange]]:
    """Return by old unit what units became by a day, and what that became (one query a reorganisation).

    Of a district what its communes became is there too.
    """
    found: dict[int, list[UnitChange]] = {}
    wave = set(units)
    for _generation in range(LONGEST_CHAIN):
        rows = UnitChange.objects.filter(Q(old__in=wave) | Q(old__parent__in=wave), effective_on__lte=on)
        for change in rows.select_related("old", "new__province").order_by("pk"):
            if change not in found.setdefault(change.old_id, []):
                found[change.old_id].append(change)
        known = [change.new for changes in found.values() for change in changes if change.new]
        wave = {unit.pk for unit in known if unit.valid_to and unit.valid_to <= on} - set(found)
        if not wave:
            break
    return found


def changes_into(places: Collection[int], on: dt.date) -> dict[int, list[UnitChange]]:
    """Return by present unit the changes that made it by a day, at whatever remove (one query a reorganisation)."""
    found: dict[int, list[UnitChange]] = defaultdict(list)
    leads_to = {place: {place} for place in places}
    for _generation in range(LONGEST_CHAIN):
        rows = UnitChange.objects.filter(new__in=leads_to, effective_on__lte=on)
        earlier: dict[int, set[int]] = defaultdict(set)
        for change in rows.select_related("old__parent", "old__province").order_by("old__folded_name", "pk"):
            for place in leads_to[change.new_id or 0]:
                found[place].append(change)
                if change.old.valid_from is not None:  # Else it is older than these records.
                    earlier[change.old_id].add(place)
        if not earlier:
            break
        leads_to = earlier
    return found
