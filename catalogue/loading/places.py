"""Provinces, districts and communes, and how the old became the present ones, written in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from catalogue.loading.place_files import COMMUNE, DISTRICT, PROVINCE, Key, ParsedChange, ParsedUnit, read_places
from catalogue.loading.reading import UntrustedFileError
from catalogue.loading.report import Change, Conflict, Report
from catalogue.models import AdministrativeUnit, UnitChange
from catalogue.models.places import TWO_TIER_FROM
from catalogue.signals import catalogue_changed
from catalogue.text import fold

MOST_REFUSED = 20
"""More bad rows than these mean a damaged file, and nothing is loaded."""


def load_places(folder: Path, *, dry_run: bool = False) -> Report:
    """Bring units and changes to what the files say, in one transaction; ids stay."""
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
        _write_changes(places.changes.values(), units, report)
        if dry_run:
            transaction.set_rollback(True)
        elif report.has_changes:
            transaction.on_commit(lambda: catalogue_changed.send(sender=AdministrativeUnit))
    return report


def _write_units(parsed: Iterable[ParsedUnit], report: Report) -> dict[Key, AdministrativeUnit]:
    present = {key_of(unit): unit for unit in AdministrativeUnit.objects.all()}
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


def _write_changes(parsed: Iterable[ParsedChange], units: dict[Key, AdministrativeUnit], report: Report) -> None:
    rows = UnitChange.objects.filter(effective_on=TWO_TIER_FROM)
    present = {(row.old_id, row.new_id): row for row in rows}
    created = []
    for change in parsed:
        old, new = units[change.old], units[change.new] if change.new else None
        row = present.pop((old.pk, new.pk if new else None), None)
        if row is None:
            created.append(
                UnitChange(
                    old=old,
                    new=new,
                    effective_on=TWO_TIER_FROM,
                    is_split=change.is_split,
                    is_complete=change.is_complete,
                )
            )
            continue
        same = (row.is_split, row.is_complete) == (change.is_split, change.is_complete)
        report.unchanged += same
        if not same:
            report.conflicts.append(Conflict(f"{old.code} {old.name}", "its change was edited by hand", ("became",)))
    UnitChange.objects.bulk_create(created, batch_size=500)
    report.created += len(created)
