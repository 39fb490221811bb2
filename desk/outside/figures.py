"""What the board counts: by system and by agency, each figure with the address of exactly its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from desk.outside.board import COUNTED, SHAPES, Board, Line, Standing


@dataclass(frozen=True)
class Cell:
    """A number and what its address has after the question mark."""

    standing: Standing
    count: int
    asked: dict[str, Any]

    @property
    def query(self) -> str:
        """Return it for a link."""
        return urlencode({**self.asked, "standing": self.standing.value})

    @property
    def shape(self) -> str:
        """Return the shape that goes with it; none where there is nothing."""
        return SHAPES[self.standing] if self.count else ""


@dataclass(frozen=True)
class Row:
    """A system or an agency with its figures; `procedures`: how many are filed on a system, None for an agency."""

    key: str
    label: str
    cells: list[Cell]
    procedures: int | None = None


def whole(board: Board) -> list[Cell]:
    """Return the figures of all lines."""
    return cells(board.lines, {})


def by_system(board: Board) -> list[Row]:
    """Return a row for each system, also for those on which only accounts are left."""
    parted: dict[str, list[Line]] = {key: [] for key in board.names}
    for line in board.lines:
        parted[line.system_key].append(line)
    found = []
    for key, name in board.names.items():
        system = board.systems.get(key)
        found.append(Row(key, name, cells(parted[key], {"system": key}), len(system.procedures) if system else 0))
    return found


def by_agency(board: Board) -> list[Row]:
    """Return a row for each agency with something to do, the most first; who has posts at two counts at both."""
    parted: dict[int, list[Line]] = {agency.pk: [] for agency in board.agencies}
    for line in board.lines:
        for agency in line.agencies:
            if agency.pk in parted:
                parted[agency.pk].append(line)
    rows = [
        Row(str(agency.pk), str(agency), cells(parted[agency.pk], {"agency": agency.pk})) for agency in board.agencies
    ]
    rows = [row for row in rows if any(cell.count for cell in row.cells[:2])]
    return sorted(rows, key=lambda row: (*(-cell.count for cell in row.cells[:2]), row.label))


def cells(lines: Iterable[Line], asked: dict[str, Any]) -> list[Cell]:
    """Return how many of some lines stand how."""
    counted = Counter(line.standing for line in lines)
    return [Cell(standing, counted[standing], asked) for standing in COUNTED]
