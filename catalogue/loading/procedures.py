"""Load a province's procedures: create, three-way update, conflicts, history, one report."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalogue.loading.agencies import ensure_agencies
from catalogue.loading.catalogue_file import read_catalogue
from catalogue.loading.comparing import changed_parts, edited_parts, open_work, show_difference
from catalogue.loading.departed import departed
from catalogue.loading.history import batches, record_procedures, whole
from catalogue.loading.lookups import ensure_lookups
from catalogue.loading.output import Progress, silent
from catalogue.loading.parts import digests, part_digest, parts_of
from catalogue.loading.provinces import get_home
from catalogue.loading.report import Change, Conflict, Report
from catalogue.loading.rows import ParsedProcedure
from catalogue.loading.writing import create_procedures, update_procedures
from catalogue.models import Procedure
from catalogue.signals import catalogue_changed

Planned = tuple[Procedure, ParsedProcedure, list[str]]


def load_procedures(
    path: Path, index: Path | None, *, province_code: str, dry_run: bool = False, progress: Progress = silent
) -> Report:
    """Bring the province's catalogue to what the file says, in one transaction.

    A row that somebody else worked on comes out as a conflict. Rows that the file no longer has stay, and are noted.
    """
    home = get_home(province_code)
    progress(f"reading {path.name} for {home.province.name}")
    found = read_catalogue(path, index, home=home)
    rows = found.procedures
    report = Report(refused=found.refused, notes=departed(found, province_code))
    with transaction.atomic():
        created, differing = _sort(rows, report)
        planned = _plan(differing, report)
        if created or planned:
            progress(f"writing {len(created)} new and {len(planned)} changed procedures")
            lookups = ensure_lookups([*created, *(row for _procedure, row, _names in planned)])
            new = create_procedures(created, lookups, province=home.province, importance=read_importance())
            update_procedures(planned, lookups)
            _record(new, created, planned, progress)
            report.created = len(created)
            report.new = [f"{row.code} {row.parts['name']}" for row in created]
        agencies = ensure_agencies(home.province, rows) if rows else 0
        if agencies:
            report.notes.append(f"{agencies} agencies of the province made")
        if dry_run:
            transaction.set_rollback(True)
        elif report.has_changes or agencies:
            codes = [row.code for row in created] + [change.key for change in report.changed]
            transaction.on_commit(lambda: catalogue_changed.send(sender=Procedure, codes=codes))
    return report


def read_importance() -> dict[str, int]:
    """Return the curated weight of well-known procedures by code; higher comes first in lists."""
    path = Path(settings.CATALOGUE_DATA_DIR) / "importance.json"
    codes = json.loads(path.read_text(encoding="utf-8"))["codes"] if path.is_file() else []
    return {code: len(codes) - place for place, code in enumerate(codes)}


def _sort(
    rows: Sequence[ParsedProcedure], report: Report
) -> tuple[list[ParsedProcedure], dict[int, tuple[ParsedProcedure, list[str]]]]:
    """Part new rows from those that differ from the last import; count the unchanged ones."""
    present = {code: (pk, imported) for pk, code, imported in Procedure.objects.values_list("pk", "code", "imported")}
    created = []
    differing = {}
    for row in rows:
        if row.code not in present:
            created.append(row)
            continue
        pk, imported = present[row.code]
        names = changed_parts(imported or {}, digests(row.parts))
        # The index knows less than a detail row that was loaded before: it takes nothing away.
        knows_less = not row.parts["flags"]["has_details"] and "steps" in (imported or {}).get("digests", {})
        if names and not knows_less:
            differing[pk] = (row, names)
        else:
            report.unchanged += 1
    return created, differing


def _plan(differing: dict[int, tuple[ParsedProcedure, list[str]]], report: Report) -> list[Planned]:
    """Return what may be written; the rest goes into the report."""
    # An editor who publishes meanwhile waits: what is compared here is what is written over.
    list(Procedure.objects.select_for_update().filter(pk__in=differing).order_by("pk").values_list("pk"))
    reasons = open_work(list(differing), on=timezone.localdate())
    planned = []
    for pks in batches(list(differing)):
        for procedure in whole(pks):
            row, names = differing[procedure.pk]
            if procedure.pk in reasons:
                report.conflicts.append(Conflict(row.code, reasons[procedure.pk], tuple(names), row.row))
                continue
            change = _judge(procedure, row, names, report)
            if change:
                planned.append((procedure, row, change))
    return planned


def _judge(procedure: Procedure, row: ParsedProcedure, names: list[str], report: Report) -> list[str]:
    """Return the parts to write; none where an editor's change meets the file's, or made the same one."""
    mine = parts_of(procedure)
    is_older = row.recorded_on and procedure.checked_on and row.recorded_on < procedure.checked_on
    if is_older:
        reason = f"the file's row is of {row.recorded_on}, ours of {procedure.checked_on}: load a newer file"
        report.conflicts.append(Conflict(row.code, reason, tuple(names), row.row))
        return []
    agreed = [name for name in names if part_digest(mine[name]) == part_digest(row.parts[name])]
    met = edited_parts(procedure.imported or {}, mine, [name for name in names if name not in agreed])
    if met:
        shown = "; ".join(show_difference(name, mine[name], row.parts[name]) for name in met)
        reason = f"an editor changed it since the last load (ours → file's): {shown}"
        report.conflicts.append(Conflict(row.code, reason, tuple(met), row.row))
        return []
    if len(agreed) == len(names):
        _adopt(procedure, row, agreed)
        report.unchanged += 1
        return []
    diff = tuple(show_difference(name, mine[name], row.parts[name]) for name in names if name not in agreed)
    report.changed.append(Change(row.code, tuple(name for name in names if name not in agreed), diff))
    return names


def _adopt(procedure: Procedure, row: ParsedProcedure, names: list[str]) -> None:
    """Note that file and editor agree, so that the next load compares with that."""
    marks = procedure.imported.get("digests", {}) | digests({name: row.parts[name] for name in names})
    procedure.imported = {"digests": marks}
    Procedure.objects.filter(pk=procedure.pk).update(imported=procedure.imported)


def _record(
    new: Sequence[Procedure], created: Sequence[ParsedProcedure], planned: Sequence[Planned], progress: Progress
) -> None:
    days: dict[int, dt.date | None] = {
        procedure.pk: row.recorded_on for procedure, row in zip(new, created, strict=True)
    }
    record_procedures(days, action="wagtail.create", progress=progress)
    days = {procedure.pk: row.recorded_on for procedure, row, _names in planned}
    changed = {procedure.pk: names for procedure, _row, names in planned}
    record_procedures(days, action="wagtail.edit", changed=changed, progress=progress)
