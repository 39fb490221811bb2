"""Provinces, districts and communes, and how the old became the present ones, written in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from catalogue.loading.place_files import (
    COMMUNE,
    DISTRICT,
    PROVINCE,
    Key,
    ParsedChange,
    ParsedPlaces,
    ParsedUnit,
    read_places,
)
from catalogue.loading.reading import UntrustedFileError
from catalogue.loading.report import Change, Report
from catalogue.models import AdministrativeUnit, UnitChange
from catalogue.models.places import TWO_TIER_FROM
from catalogue.signals import catalogue_changed
from catalogue.text import fold

MOST_REFUSED = 20
"""More bad rows than these mean a damaged file, and nothing is loaded."""


def load_places(folder: Path, *, dry_run: bool = False) -> Report:
    """Bring units and what they became to what the files say, in one transaction; the units' ids stay."""
    places = read_places(folder)
    if len(places.refused) > MOST_REFUSED:
        first = places.refused[0]
        raise UntrustedFileError(
            f"{len(places.refused)} rows of the unit files don't fit together (row {first.row}: {first.reason}): "
            "one of them seems cut or mixed up. Fetch the three files anew."
        )
    report = Report(refused=places.refused)
    with transaction.atomic():
        units = _write_units(places.units.values(), report)
        _write_changes(places, units, report)
        if dry_run:
            transaction.set_rollback(True)
        elif report.has_changes:
            transaction.on_commit(lambda: catalogue_changed.send(sender=AdministrativeUnit))
    return report


def _write_units(parsed: Iterable[ParsedUnit], report: Report) -> dict[Key, AdministrativeUnit]:
    # What a later reorganisation made isn't in these files, and may bear the same codes.
    theirs = AdministrativeUnit.objects.filter(Q(valid_from=None) | Q(valid_from=TWO_TIER_FROM))
    present = {key_of(unit): unit for unit in theirs}
    changed: list[AdministrativeUnit] = []
    for level in (PROVINCE, DISTRICT, COMMUNE):
        created = []
        for row in (row for row in parsed if row.key[0] == level):
            unit = present.get(row.key)
            if unit is None:
                created.append(_fill(AdministrativeUnit(level=level, code=row.key[1]), row, present))
                continue
            fields = _differences(unit, row, present)
            report.unchanged += not fields
            if fields:
                report.changed.append(Change("/".join(row.key[:2]), fields, (f"{unit.name} → {row.name}",)))
                changed.append(_fill(unit, row, present))
        AdministrativeUnit.objects.bulk_create(created, batch_size=500)
        report.created += len(created)
        present.update((key_of(unit), unit) for unit in created)
    columns = ["name", "kind", "folded_name", "parent", "province"]
    AdministrativeUnit.objects.bulk_update(changed, columns, batch_size=200)
    return present


def key_of(unit: AdministrativeUnit) -> Key:
    """Return the key by which files name the unit."""
    return (unit.level, unit.code, unit.valid_from == TWO_TIER_FROM)


def _fill(unit: AdministrativeUnit, row: ParsedUnit, present: dict[Key, AdministrativeUnit]) -> AdministrativeUnit:
    unit.name, unit.kind, unit.folded_name = row.name, row.kind, fold(row.name)
    unit.parent = present[row.parent] if row.parent else None
    unit.province = present[row.province] if row.province else None
    if unit.pk is None:
        unit.valid_from, unit.valid_to = (TWO_TIER_FROM, None) if row.key[2] else (None, TWO_TIER_FROM)
    return unit


def _differences(unit: AdministrativeUnit, row: ParsedUnit, present: dict[Key, AdministrativeUnit]) -> tuple[str, ...]:
    parent = present[row.parent].pk if row.parent else None
    province = present[row.province].pk if row.province else None
    pairs = {
        "name": (unit.name, row.name),
        "kind": (unit.kind, row.kind),
        "parent": (unit.parent_id, parent),
        "province": (unit.province_id, province),
    }
    return tuple(name for name, (mine, theirs) in pairs.items() if mine != theirs)


def _write_changes(places: ParsedPlaces, units: dict[Key, AdministrativeUnit], report: Report) -> None:
    """Bring what each old unit of the files became to what they say; units that they don't name keep theirs."""
    present: dict[int, list[UnitChange]] = defaultdict(list)
    for row in UnitChange.objects.filter(effective_on=TWO_TIER_FROM).select_related("new").order_by("pk"):
        present[row.old_id].append(row)
    wanted: dict[Key, list[UnitChange]] = defaultdict(list)
    for change in places.changes.values():
        wanted[change.old].append(_link(change, units))
    created: list[UnitChange] = []
    replaced: list[int] = []
    for key, links in wanted.items():
        old = present[units[key].pk]
        if not old:
            created += links
            report.created += len(links)
        elif key in places.doubtful or _facts(old) == _facts(links):
            report.unchanged += len(old)
        else:
            diff = f"{links[0].old.name}: {_heirs(old)} → {_heirs(links)}"
            report.changed.append(Change("/".join(key[:2]), ("became",), (diff,)))
            replaced += [row.pk for row in old]
            created += links
    UnitChange.objects.filter(pk__in=replaced).delete()
    UnitChange.objects.bulk_create(created, batch_size=500)


def _link(change: ParsedChange, units: dict[Key, AdministrativeUnit]) -> UnitChange:
    return UnitChange(
        old=units[change.old],
        new=units[change.new] if change.new else None,
        effective_on=TWO_TIER_FROM,
        is_split=change.is_split,
        is_complete=change.is_complete,
    )


def _facts(links: Iterable[UnitChange]) -> set[tuple[int | None, bool, bool]]:
    return {(link.new_id, link.is_split, link.is_complete) for link in links}


def _heirs(links: Iterable[UnitChange]) -> str:
    names = sorted(link.new.name if link.new else "not named" for link in links)
    unclear = "" if all(link.is_complete for link in links) else " (not all are named)"
    return " + ".join(names) + unclear
