"""What a process needs to check dossiers: the statements that read them as plain data, and what is legal.

Needs no Django: a process that only checks starts in a moment and stays small.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from desk.verifying.faults import Fault
from desk.verifying.heads import Heads


@dataclass(frozen=True)
class Table:
    """How the rows of a table are read: the key of the dossier comes first; `within` is what narrows them to some."""

    name: str
    sql: str
    within: str
    order: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Everything that a process needs, and nothing of Django."""

    vendor: str
    key: bytes
    dossiers: Table
    events: Table
    texts: Table
    parties: Table
    identifiers: Table
    children: tuple[Table, ...]
    blank: dict[str, Any]
    legal: frozenset[tuple[str, int | None, int]]
    heads: tuple[Heads, ...] = ()


@dataclass(frozen=True)
class Batch:
    """Keys of dossiers from low to high, both with them; or only some of those."""

    low: int
    high: int
    only: tuple[int, ...] | None = None


@dataclass
class Checked:
    """What was found in a batch."""

    dossiers: int = 0
    events: int = 0
    faults: list[Fault] = field(default_factory=list)
