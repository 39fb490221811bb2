"""What a load did, in the same shape for every loader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """A row that wasn't loaded."""

    row: int
    reason: str
    key: str = ""


@dataclass(frozen=True)
class Conflict:
    """A row whose change wasn't written, because somebody else's work stands there."""

    key: str
    reason: str
    fields: tuple[str, ...] = ()
    row: int = 0


@dataclass(frozen=True)
class Change:
    """A changed row, the names of its changed fields and what changed, old → new."""

    key: str
    fields: tuple[str, ...]
    diff: tuple[str, ...] = ()


@dataclass
class Report:
    """Created, changed, unchanged and refused rows, and conflicts."""

    created: int = 0
    new: list[str] = field(default_factory=list)
    unchanged: int = 0
    changed: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        """Tell whether anything was written."""
        return bool(self.created or self.changed)

    def as_dict(self) -> dict[str, Any]:
        """Return the four counts and the conflicts."""
        return {
            "created": self.created,
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "refused": len(self.refused),
            "conflicts": len(self.conflicts),
        }

    def as_json(self) -> str:
        """Return `as_dict` as one line."""
        return json.dumps(self.as_dict())

    def lines(self, *, with_diff: bool = False) -> Iterator[str]:
        """Yield the report in words, the counts last."""
        if with_diff:
            yield from (f"created   {key}" for key in self.new)
        for change in self.changed:
            yield f"changed   {change.key}: {', '.join(change.fields)}"
            if with_diff:
                yield from (f"            {line}" for line in change.diff)
        for refusal in self.refused:
            yield f"refused   row {refusal.row}{f' ({refusal.key})' if refusal.key else ''}: {refusal.reason}"
        for conflict in self.conflicts:
            where = f"row {conflict.row}, " if conflict.row else ""
            fields = f" [{', '.join(conflict.fields)}]" if conflict.fields else ""
            yield f"conflict  {where}{conflict.key}{fields}: {conflict.reason}"
        yield from self.notes
        yield ", ".join(f"{count} {name}" for name, count in self.as_dict().items())
