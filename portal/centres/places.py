"""From an old district or commune to the present one and its centre."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from catalogue.models import AdministrativeUnit, Centre, UnitChange
from catalogue.place_finder import changes_from, find_units
from portal.addresses import load
from portal.frame import everywhere, frame
from portal.models import PlaceFinderPage
from portal.procedures.facets import encode

LIMIT = 40


@dataclass
class Heir:
    """A present unit that an old one became, with its centre in this province."""

    unit: AdministrativeUnit
    centre: Centre | None = None
    from_communes: list[AdministrativeUnit] = field(default_factory=list)


@dataclass
class Finding:
    """An old unit and what it became."""

    old: AdministrativeUnit
    heirs: list[Heir]
    is_split: bool
    is_complete: bool


def find(request: HttpRequest, index: PlaceFinderPage) -> HttpResponse:
    """Show the form; `?q=` is a name with or without marks, `?unit=` one unit that was meant."""
    addresses = load()
    query = request.GET.get("q", "").strip()[:100]
    units, total = (
        find_units(query, limit=LIMIT, province_code=settings.PROVINCE_CODE, on=timezone.localdate())
        if query
        else ([], 0)
    )
    context = {
        "page": index,
        "q": query,
        "findings": findings(units),
        "total": total,
        "limit": LIMIT,
        **frame(request, title=index.title, urls=everywhere("places", addresses=addresses), addresses=addresses,
                summary=index.summary, kept=encode({"q": query}) if query else ""),
    }  # fmt: skip
    return TemplateResponse(request, "portal/centres/places.html", context)


def findings(units: list[AdministrativeUnit]) -> list[Finding]:
    """Return what each old unit is today (two queries whatever their number, one more a later reorganisation)."""
    today = timezone.localdate()
    changes = changes_from([unit.pk for unit in units], today)
    by_unit = {unit.pk: present_changes(unit, changes, today) for unit in units}
    new_ids = {change.new_id for rows in by_unit.values() for change in rows}
    centres = {
        centre.place_id: centre
        for centre in Centre.objects.live().filter(place__in=new_ids, province__code=settings.PROVINCE_CODE)
    }
    return [finding(unit, by_unit[unit.pk], centres) for unit in units]


def present_changes(unit: AdministrativeUnit, changes: dict[int, list[UnitChange]], on: dt.date) -> list[UnitChange]:
    """Return the changes of a unit that lead to units of today; of a district those of its communes."""
    found: list[UnitChange] = []
    waiting, seen = [unit.pk], set()
    while waiting:
        old = waiting.pop(0)
        seen.add(old)
        rows = list(changes.get(old, ()))
        if old == unit.pk and unit.level == AdministrativeUnit.Level.DISTRICT:
            rows += [row for each in changes.values() for row in each if row.old.parent_id == old]
        for row in rows:
            is_over = row.new is not None and row.new.valid_to is not None and row.new.valid_to <= on
            if not is_over:
                found.append(row)
            elif row.new_id and row.new_id not in seen and row.new_id not in waiting:
                waiting.append(row.new_id)
    return found


def finding(unit: AdministrativeUnit, changes: list[UnitChange], centres: dict[int, Centre]) -> Finding:
    """Put together one old unit's heirs."""
    heirs: dict[int, Heir] = {}
    for change in changes:
        if change.new is None:
            continue
        heir = heirs.setdefault(change.new.pk, Heir(change.new, centres.get(change.new.pk)))
        if change.old_id != unit.pk:
            heir.from_communes.append(change.old)
    return Finding(
        old=unit,
        heirs=sorted(heirs.values(), key=lambda heir: heir.unit.folded_name),
        is_split=any(change.is_split for change in changes if change.old_id == unit.pk),
        is_complete=bool(heirs) and all(change.is_complete for change in changes),
    )
