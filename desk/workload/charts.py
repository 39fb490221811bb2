"""Charts as numbers that a template draws as SVG; the table beside each has the same figures in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.workload.figures import Line

WIDTH, MOST = 360, 12
"""Units of a drawing's width, so that its letters are as large on a telephone as the page's; bars of one chart."""
LINE, THICK, BAR_WIDTH = 40, 14, 320
TALL, FLOOR, GAP = 110, 140, 14
"""Of columns: units of the tallest one, where they stand, what lies between two."""
LETTERS = 42


@dataclass(frozen=True)
class Piece:
    """A part of a bar: how it is filled, where it begins and how wide it is."""

    shape: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """A bar with its words above it."""

    label: str
    count: int
    y: int
    pieces: Sequence[Piece]

    @property
    def text_y(self) -> int:
        """Return where its words stand."""
        return self.y - 5


@dataclass(frozen=True)
class Bars:
    """Bars under each other."""

    bars: Sequence[Bar]
    height: int
    rest: int
    """Lines of the table that have no bar."""


def bars(lines: Sequence[Line]) -> Bars:
    """Return a bar for each of the first lines that have any work, parted by due date as the table is."""
    shown = [line for line in lines if line.count][:MOST]
    longest = max((line.count for line in shown), default=1)
    found = [bar(line, number, longest) for number, line in enumerate(shown)]
    return Bars(found, LINE * len(found) + 4, sum(bool(line.count) for line in lines) - len(shown))


def bar(line: Line, number: int, longest: int) -> Bar:
    """Return a line's bar: as long as it has work, against the longest."""
    pieces, x = [], 0.0
    for figure in line.figures[1:]:
        width = BAR_WIDTH * figure.count / longest
        if figure.count:
            pieces.append(Piece(figure.shape, round(x, 1), round(width, 1)))
        x += width
    label = line.label if len(line.label) <= LETTERS else line.label[: LETTERS - 1] + "…"
    return Bar(label, line.count, LINE * number + 20, pieces)


@dataclass(frozen=True)
class Day:
    """A column of a day: what is due, and of it what has nobody's name."""

    short: str
    count: int
    x: float
    width: float
    height: float
    unheld_height: float

    @property
    def y(self) -> float:
        """Return the top of the column."""
        return FLOOR - self.height

    @property
    def unheld_y(self) -> float:
        """Return the top of what has nobody's name."""
        return FLOOR - self.unheld_height

    @property
    def middle(self) -> float:
        """Return where its words stand."""
        return self.x + self.width / 2

    @property
    def text_y(self) -> float:
        """Return where its number stands."""
        return self.y - 5


def columns(lines: Sequence[Line]) -> list[Day]:
    """Return a column for each day."""
    tallest = max((line.count for line in lines), default=0) or 1
    width = (WIDTH - GAP * (len(lines) + 1)) / len(lines)
    return [
        Day(
            line.short,
            line.count,
            round(GAP + number * (width + GAP), 1),
            round(width, 1),
            round(TALL * line.count / tallest, 1),
            round(TALL * line.figures[1].count / tallest, 1),
        )
        for number, line in enumerate(lines)
    ]
