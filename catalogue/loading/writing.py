"""Procedures' own columns and links, written in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone

from catalogue.loading.children import ChildBatch, clear_wrong_translations, with_translations
from catalogue.loading.lookups import Lookups
from catalogue.loading.parts import digests
from catalogue.loading.rows import ParsedProcedure
from catalogue.models import AdministrativeUnit, Procedure

_LINKS = {"authorities": "roles", "audiences": "audiences", "legal_basis": "legal_basis"}
_SAME = ("issuer", "description", "receiving_address", "coordinating_agency", "field", "decision")
COLUMNS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in _SAME},
    "name": ("name_vi", "search_marked", "search_folded"),
    "steps": ("steps_vi",),
    "conditions": ("conditions_vi",),
    "levels": ("is_ministry_level", "is_province_level", "is_commune_level", "is_other_level"),
    "authorities": ("roles_text", "roles_need_review"),
    "foreigners": ("is_for_foreigners",),
    "links": ("portal_url", "national_id"),
    "flags": ("mentions_district", "has_details"),
    "guesses": ("is_papers_split_guessed", "is_fees_split_guessed"),
    "source": ("source", "checked_on"),
}
"""Columns of a procedure's own by the part that sets them."""


def create_procedures(
    rows: Sequence[ParsedProcedure], lookups: Lookups, *, province: AdministrativeUnit, importance: dict[str, int]
) -> list[Procedure]:
    """Make procedures with all that is below them; they are live at once."""
    now = timezone.now()
    procedures = []
    for row in rows:
        procedure = Procedure(
            code=row.code,
            province=province if row.is_own else None,
            importance=importance.get(row.code, 0),
            live=True,
            first_published_at=now,
            has_unpublished_changes=False,
        )
        fill(procedure, row, row.parts.keys(), lookups)
        procedures.append(procedure)
    Procedure.objects.bulk_create(procedures, batch_size=200)
    children = ChildBatch(lookups)
    for procedure, row in zip(procedures, rows, strict=True):
        plan_children(children, procedure, row, row.parts.keys())
    children.write()
    for part, name in _LINKS.items():
        wanted = [(procedure, row) for procedure, row in zip(procedures, rows, strict=True) if part in row.parts]
        _write_links(part, name, wanted, lookups)
    return procedures


def update_procedures(changes: Sequence[tuple[Procedure, ParsedProcedure, list[str]]], lookups: Lookups) -> None:
    """Bring the named parts of procedures to what the file says; the rest stays."""
    children = ChildBatch(lookups)
    for procedure, row, names in changes:
        fill(procedure, row, names, lookups)
        plan_children(children, procedure, row, names)
    # Only what the parts name: an update of many rows costs Django a case a column and row.
    parts = {name for _procedure, _row, names in changes for name in names}
    columns = with_translations(column for part in parts for column in COLUMNS.get(part, ()))
    written = [procedure for procedure, _row, _names in changes]
    Procedure.objects.bulk_update(written, ["imported", *columns], batch_size=100)
    children.write()
    for part, name in _LINKS.items():
        wanted = [(procedure, row) for procedure, row, names in changes if part in names]
        through = Procedure._meta.get_field(name).remote_field.through  # type: ignore[union-attr]
        through.objects.filter(procedure__in=[procedure.pk for procedure, _row in wanted]).delete()
        _write_links(part, name, wanted, lookups)


def fill(procedure: Procedure, row: ParsedProcedure, names: Collection[str], lookups: Lookups) -> None:
    """Set the columns of the named parts, their digests and the search columns."""
    for name in names:
        _fill_part(procedure, name, row.parts[name], lookups)
    marks = dict(procedure.imported.get("digests", {})) if procedure.imported else {}
    marks.update(digests({name: row.parts[name] for name in names}))
    procedure.imported = {"digests": marks}
    procedure.fill_search_columns()


def plan_children(children: ChildBatch, procedure: Procedure, row: ParsedProcedure, names: Collection[str]) -> None:
    """Plan the rows below the procedure for the named parts."""
    is_new = procedure.latest_revision_id is None
    for name, relation, plan in (
        ("results", "results", children.results),
        ("channels", "channels", children.channels),
        ("papers", "cases", children.papers),
    ):
        if name in names:
            plan(procedure, row.parts[name], [] if is_new else list(getattr(procedure, relation).all()))


def _fill_part(procedure: Procedure, name: str, part: Any, lookups: Lookups) -> None:
    if name in ("name", "steps", "conditions"):
        setattr(procedure, f"{name}_vi", part)
        clear_wrong_translations(procedure, name)
    elif name in ("issuer", "description", "receiving_address", "coordinating_agency"):
        setattr(procedure, name, part)
    elif name in ("links", "flags", "guesses"):
        for column, value in part.items():
            setattr(procedure, column, value)
    elif name == "field":
        procedure.field_id = lookups.fields[part]
    elif name == "levels":
        for level in ("ministry", "province", "commune", "other"):
            setattr(procedure, f"is_{level}_level", level in part)
    elif name == "authorities":
        procedure.roles_text, procedure.roles_need_review = part["text"], part["needs_review"]
    elif name == "foreigners":
        procedure.is_for_foreigners = part
    elif name == "decision":
        procedure.decision_id = lookups.decisions[tuple(part)] if part else None
    elif name == "source":
        procedure.source = part["source"]
        procedure.checked_on = dt.date.fromisoformat(part["checked_on"])


def _write_links(part: str, name: str, wanted: Sequence[tuple[Procedure, ParsedProcedure]], lookups: Lookups) -> None:
    field = Procedure._meta.get_field(name)
    through = field.remote_field.through  # type: ignore[union-attr]
    target = field.m2m_reverse_field_name()  # type: ignore[union-attr]
    links = []
    for procedure, row in wanted:
        ids = dict.fromkeys(_linked(part, row.parts[part], lookups))
        links += [through(procedure_id=procedure.pk, **{f"{target}_id": pk}) for pk in ids]
    through.objects.bulk_create(links, batch_size=1000)


def _linked(part: str, value: Any, lookups: Lookups) -> list[int]:
    if part == "authorities":
        return [lookups.roles[code] for code in value["roles"]]
    if part == "audiences":
        return [lookups.audiences[code] for code in value]
    return [lookups.documents[tuple(pair)] for pair in value]
