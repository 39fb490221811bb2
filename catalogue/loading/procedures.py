"""Load a province's procedures: create, three-way update, conflicts, history, one report."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from catalogue.loading.agencies import ensure_agencies
from catalogue.loading.catalogue_file import read_catalogue
from catalogue.loading.comparing import show_difference
from catalogue.loading.departed import departed
from catalogue.loading.history import record_procedures
from catalogue.loading.judging import Differing, Judgement, judge_all, present_rows, sort
from catalogue.loading.lookups import ensure_lookups
from catalogue.loading.output import Progress, silent
from catalogue.loading.parts import digests
from catalogue.loading.provinces import get_home
from catalogue.loading.report import Change, Conflict, Report
from catalogue.loading.rows import ParsedProcedure
from catalogue.loading.sentences import Sentence
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
        found_in = sort(rows, present_rows())
        created, report.unchanged = found_in.created, found_in.unchanged
        planned = _plan(found_in.differing, report)
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


def _plan(differing: Differing, report: Report) -> list[Planned]:
    """Return what may be written; the rest goes into the report."""
    # An editor who publishes meanwhile waits: what is compared here is what is written over.
    list(Procedure.objects.select_for_update().filter(pk__in=differing).order_by("pk").values_list("pk"))
    planned = []
    for found in judge_all(differing, on=timezone.localdate()):
        change = _decide(found, report)
        if change:
            planned.append((found.procedure, found.row, change))
    return planned


def _decide(found: Judgement, report: Report) -> list[str]:
    """Return the parts to write; none where somebody's work stands there, or an editor made the same change."""
    row, names = found.row, found.names
    if reason := found.work or found.too_old:
        report.conflicts.append(Conflict(row.code, reason, tuple(names), row.row))
        return []
    if found.met:
        shown = "; ".join(show_difference(name, found.mine[name], row.parts[name]) for name in found.met)
        reason = Sentence(_("an editor changed it since the last load (ours → file's): %(shown)s"), shown=shown)
        report.conflicts.append(Conflict(row.code, reason, tuple(found.met), row.row))
        return []
    if not found.changing:
        _adopt(found.procedure, row, names)
        report.unchanged += 1
        return []
    diff = tuple(show_difference(name, found.mine[name], row.parts[name]) for name in found.changing)
    report.changed.append(Change(row.code, tuple(found.changing), diff))
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
