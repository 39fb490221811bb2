"""A line of a file's set: made from a judged row, and read back as a row that the loaders' writers take."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from catalogue.changesets.impact import counts_of
from catalogue.loading.judging import Judgement
from catalogue.loading.parts import digests, part_digest
from catalogue.loading.roles import Role
from catalogue.loading.rows import ParsedProcedure
from catalogue.models import ChangeLine, ChangeSet, DecisionItem

MINE, THEIRS = "mine", "theirs"
"""What is chosen where an editor's change and the file's meet: our part stays, or the file's comes in its place."""


def new_line(change_set: ChangeSet, row: ParsedProcedure, at: dt.datetime) -> ChangeLine:
    """Return the unsaved line of a procedure that the file brings."""
    effect = DecisionItem.Effect.NEW
    counts = counts_of(effect, {}, row.parts)
    return _line(change_set, row, at, effect=effect, parts=row.parts, after=_about(row), counts=counts)


def amending_line(change_set: ChangeSet, found: Judgement, at: dt.datetime) -> ChangeLine:
    """Return the unsaved line of a procedure that the file changes."""
    line = _line(change_set, found.row, at, effect=DecisionItem.Effect.AMENDED, after=_about(found.row))
    compare(line, found)
    return line


def compare(line: ChangeLine, found: Judgement) -> None:
    """Write into a line how the file's row meets the row as it is now; a choice stays where both sides are the same."""
    theirs = found.row.parts
    chosen = {clash["path"][0]: clash for clash in line.clashes if clash.get("choice")}
    line.effect, line.procedure = DecisionItem.Effect.AMENDED, found.procedure
    line.parts = {name: theirs[name] for name in found.changing}
    line.before = {name: found.mine[name] for name in found.changing}
    line.counts = counts_of(line.effect, line.before, line.parts)
    line.clashes = [
        {
            "path": [name],
            "mine": found.mine[name],
            "theirs": theirs[name],
            "choice": _choice(chosen.get(name), found, name),
        }
        for name in found.met
    ]
    # What the row says already isn't changed, but the next import must know that both agree.
    agreed = digests({name: theirs[name] for name in found.agreed if name in theirs})
    line.after = {**line.after, "agreed": {**line.after.get("agreed", {}), **agreed}}
    count(line)


def count(line: ChangeLine) -> None:
    """Note how many clashes a line has, and how many wait for a choice: lists ask for these numbers."""
    left = [clash for clash in line.clashes if not clash["choice"]]
    chosen = {clash["path"][0]: clash["choice"] for clash in line.clashes if clash["choice"]}
    line.after = {**line.after, "clashes": len(line.clashes), "open": len(left), "chosen": chosen}


def row_of_line(line: ChangeLine) -> ParsedProcedure:
    """Return the file's row with the parts that a line has of it."""
    about: dict[str, Any] = line.after
    forms = {paper["form"] for case in line.parts.get("papers", ()) for paper in case["papers"] if paper["form"]}
    day = dt.date.fromisoformat(about["day"]) if about["day"] else None
    return ParsedProcedure(
        about["row"],
        line.code,
        about["is_own"],
        line.parts,
        about["field"],
        tuple(Role(**role) for role in about["roles"]),
        tuple(about["audiences"]),
        day,
        frozenset(forms),
    )


def is_kept(line: ChangeLine, name: str) -> bool:
    """Return whether it was chosen that our part stays."""
    return bool(line.after.get("chosen", {}).get(name) == MINE)


def _choice(old: dict[str, Any] | None, found: Judgement, name: str) -> str:
    sides = (("mine", found.mine[name]), ("theirs", found.row.parts[name]))
    if old and all(part_digest(old[side]) == part_digest(part) for side, part in sides):
        return str(old["choice"])
    return ""


def _about(row: ParsedProcedure) -> dict[str, Any]:
    """Return what the file's row says beside its parts: where it stands, and the names of what parts point at."""
    return {
        "row": row.row,
        "is_own": row.is_own,
        "field": row.field_name,
        "roles": [dataclasses.asdict(role) for role in row.roles],
        "audiences": list(row.audiences),
        "day": row.recorded_on.isoformat() if row.recorded_on else "",
        "agreed": {},
        "clashes": 0,
        "open": 0,
    }


def _line(change_set: ChangeSet, row: ParsedProcedure, at: dt.datetime, **columns: Any) -> ChangeLine:
    label = row.parts["name"][:300]
    return ChangeLine(change_set=change_set, code=row.code, label=label, written_at=at, **columns)
