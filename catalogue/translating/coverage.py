"""How much of what readers see is translated: figures by kind and column, the texts behind each, what to do next."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Count

from catalogue.editing.reach import editing_reach
from catalogue.models import Procedure, TranslationDraft
from catalogue.translating.kinds import KINDS, Kind, Part, public_rows
from catalogue.translating.texts import TO_DO, State, Text, read, read_marks, states


@dataclass(frozen=True)
class Share:
    """How many texts are in each state; they add up to the total."""

    counts: Counter[State]

    @property
    def total(self) -> int:
        """Return how many texts there are."""
        return self.counts.total()

    @property
    def translated(self) -> int:
        """Return how many readers see in their language, outdated ones included."""
        return self.total - self.counts[State.MISSING]

    def of(self, state: State) -> int:
        """Return how many are in a state."""
        return self.counts[state]

    @property
    def percent(self) -> int:
        """Return the translated ones in a hundred, rounded down: 100 only when nothing is missing."""
        return self.translated * 100 // self.total if self.total else 0


@dataclass
class Line:
    """One column of one kind of row, with its share in each language."""

    kind: Kind
    part: Part
    column: str
    shares: dict[str, Share]

    @property
    def label(self) -> str:
        """Return what the column is called."""
        return self.part.label(self.column)


@dataclass
class Work:
    """What is left to do in one row."""

    row: Any
    counts: Counter[State] = field(default_factory=Counter)
    drafts: int = 0
    returned: int = 0

    @property
    def total(self) -> int:
        """Return how many texts the row has."""
        return self.counts.total()

    @property
    def missing(self) -> int:
        """Return how many have no translation."""
        return self.counts[State.MISSING]

    @property
    def outdated(self) -> int:
        """Return how many are outdated."""
        return self.counts[State.OUTDATED]

    @property
    def reviewed(self) -> int:
        """Return how many are reviewed."""
        return self.counts[State.REVIEWED]


def rows_of(kind: Kind, user: Any, day: dt.date) -> models.QuerySet[Any]:
    """Return the rows of a kind that readers see and a person may edit."""
    return editing_reach(user, day).within(public_rows(kind, day))


def coverage(user: Any, day: dt.date, codes: Sequence[str]) -> list[Line]:
    """Return the shares of all kinds and columns in some languages (a query a part and one)."""
    lines: list[Line] = []
    marks = read_marks(codes)
    for kind in KINDS.values():
        rows = rows_of(kind, user, day)
        for part in kind.parts:
            counts: dict[tuple[str, str], Counter[State]] = defaultdict(Counter)
            for _root, column, found in states(part, rows, codes, marks):
                for code, state in zip(codes, found, strict=True):
                    counts[column, code][state] += 1
            for column in part.columns:
                shares = {code: Share(counts[column, code]) for code in codes}
                if any(share.total for share in shares.values()):
                    lines.append(Line(kind, part, column, shares))
    return lines


def total(lines: Sequence[Line], code: str) -> Share:
    """Return the share of all lines together in a language."""
    counts: Counter[State] = Counter()
    for line in lines:
        counts += line.shares[code].counts
    return Share(counts)


def texts_behind(
    kind: Kind, part: Part, column: str, state: State | None, language: str, user: Any, day: dt.date
) -> list[Text]:
    """Return the texts behind a number (three queries)."""
    texts = read(part, rows_of(kind, user, day), language)
    return [text for text in texts if text.column == column and state in (None, text.state)]


def work_list(kind: Kind, language: str, user: Any, day: dt.date, *, to_do_only: bool = True) -> list[Work]:
    """Return what is left in each row, the most important first: in force, for foreigners, by importance.

    Rows are loaded without their long texts. A query a part and three more.
    """
    rows = rows_of(kind, user, day)
    works = {row.pk: Work(row) for row in _ordered(kind, rows)}
    marks = read_marks([language])
    for part in kind.parts:
        for root, _column, (state,) in states(part, rows, [language], marks):
            works[root].counts[state] += 1
    drafts = TranslationDraft.objects.current().filter(root_kind=kind.name, language=language).order_by()
    for root, status, count in drafts.values_list("root", "status").annotate(count=Count("pk")):
        if root in works:
            works[root].drafts += count
            works[root].returned += count if status == TranslationDraft.Status.RETURNED else 0
    found = [work for work in works.values() if work.total or work.drafts]
    if not to_do_only:
        return found
    return [work for work in found if work.drafts or any(work.counts[state] for state in TO_DO)]


def _ordered(kind: Kind, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    if kind.model is Procedure:
        columns = ("code", "name_vi", "short_name", "is_for_foreigners", "importance", "status")
        return rows.only(*columns).order_by("-status", "-is_for_foreigners", "-importance", "code")
    return rows.order_by("label_vi" if kind.name == "hotline" else "name_vi", "pk")
