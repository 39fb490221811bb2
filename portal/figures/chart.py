"""A chart of months as shapes: the server draws it, it prints, and its numbers stand in the table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.public import Figures

HEIGHT, STEP, BAR, LEFT, BELOW = 220, 56, 36, 8, 24
KINDS = ("early", "on_time", "late")


@dataclass(frozen=True)
class Shape:
    """A part of a bar, in units of the drawing; `kind` is its class in the style sheet."""

    x: int
    y: float
    width: int
    height: float
    kind: str


@dataclass(frozen=True)
class Chart:
    """Bars of what was settled, stacked, with a line at what was received, and the names under them."""

    shapes: tuple[Shape, ...]
    marks: tuple[Shape, ...]
    labels: tuple[tuple[int, str], ...]
    width: int
    height: int = HEIGHT + BELOW


def chart(months: Sequence[tuple[str, Figures]]) -> Chart:
    """Return the chart of months with their names; below zero (taken back later) nothing is drawn."""
    most = max((max(each.settled, each.received) for _name, each in months), default=0) or 1
    scale = (HEIGHT - 12) / most
    shapes, marks, labels = [], [], []
    for place, (name, each) in enumerate(months):
        x, top = LEFT + place * STEP, float(HEIGHT)
        for kind in KINDS:
            height = max(getattr(each, kind), 0) * scale
            top -= height
            if height:
                shapes.append(Shape(x, round(top, 1), BAR, round(height, 1), kind))
        marks.append(Shape(x - 4, round(HEIGHT - max(each.received, 0) * scale, 1), BAR + 8, 3, "received"))
        labels.append((x + BAR // 2, name))
    return Chart(tuple(shapes), tuple(marks), tuple(labels), LEFT + max(len(months), 1) * STEP)
