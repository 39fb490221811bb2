"""The texts of rows in one language beside their Vietnamese, and the state of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models import TranslationMark
from catalogue.translating.kinds import SOURCE, Kind, Part, suffix_of
from catalogue.versioning import digest

Key = tuple[str, int, str]
"""Kind of row, row and column: what tells a text within a language."""


class State(models.TextChoices):
    """How far a text is; each text has one of them, so that they add up."""

    MISSING = "missing", _("missing")
    OUTDATED = "outdated", _("outdated")
    TRANSLATED = "translated", _("not reviewed")
    REVIEWED = "reviewed", _("reviewed")


TO_DO = (State.MISSING, State.OUTDATED)


class Mark(NamedTuple):
    """What is known of a published translation."""

    source_digest: str
    text_digest: str
    is_reviewed: bool


Marks = Mapping[tuple[str, int, str, str], Mark]
"""By kind of row, row, column and language."""


@dataclass(frozen=True)
class Text:
    """One column of one row: the Vietnamese, and what is published in the language."""

    part: Part
    row: int
    column: str
    root: int
    source: str
    present: str
    mark: Mark | None
    under: str = ""

    @property
    def key(self) -> Key:
        """Return what tells the text within its language."""
        return self.part.name, self.row, self.column

    @cached_property
    def source_digest(self) -> str:
        """Return the digest by which marks and drafts know the Vietnamese."""
        return digest(self.source)

    @cached_property
    def state(self) -> State:
        """Return how far the published translation is; a mark of other words than those that stand says nothing."""
        return state_of(self.source, self.present, self.mark)


def state_of(source: str, present: str, mark: Mark | None) -> State:
    """Return how far a translation is, by its Vietnamese, the published words and their mark."""
    if not present:
        return State.MISSING
    if mark is None or mark.text_digest != digest(present):
        return State.TRANSLATED
    if mark.source_digest != digest(source):
        return State.OUTDATED
    return State.REVIEWED if mark.is_reviewed else State.TRANSLATED


def texts_of(kind: Kind, row: models.Model, language: str) -> list[Text]:
    """Return all texts of a row and its children in the order of reading (a query a part, and one for the marks)."""
    rows = kind.model._default_manager.filter(pk=row.pk).order_by()
    return [text for part in kind.parts for text in read(part, rows, language)]


def read(part: Part, roots: models.QuerySet[Any], language: str) -> list[Text]:
    """Return a part's texts below some rows, those whose Vietnamese isn't empty (two queries)."""
    return [texts[0] for texts in read_languages(part, roots, [language])]


def read_languages(
    part: Part, roots: models.QuerySet[Any], codes: Sequence[str], marks: Marks | None = None
) -> Iterator[list[Text]]:
    """Yield each text of a part below some rows in several languages, in their order (a query, two without marks)."""
    columns, rows = part.columns, list(_rows(part, roots, codes))
    if marks is None:
        marks = read_marks(codes, part, [row[0] for row in rows])
    for pk, root, under, values in rows:
        for index, column in enumerate(columns):
            source, *present = values[index :: len(columns)]
            if not source:
                continue
            yield [
                Text(part, pk, column, root, source, text or "", marks.get((part.name, pk, column, code)), under or "")
                for code, text in zip(codes, present, strict=True)
            ]


def states(
    part: Part, roots: models.QuerySet[Any], codes: Sequence[str], marks: Marks
) -> Iterator[tuple[int, str, list[State]]]:
    """Yield row with a screen, column and state in each language of a part's texts, as `read_languages` (one query)."""
    columns = part.columns
    for pk, root, _under, values in _rows(part, roots, codes):
        for index, column in enumerate(columns):
            source, *present = values[index :: len(columns)]
            if source:
                found = [
                    state_of(source, text, marks.get((part.name, pk, column, code))) if text else State.MISSING
                    for code, text in zip(codes, present, strict=True)
                ]
                yield root, column, found


def read_marks(codes: Sequence[str], part: Part | None = None, pks: Sequence[int] | None = None) -> Marks:
    """Return the marks in some languages, of a part or of all kinds (one query)."""
    marks = TranslationMark.objects.filter(language__in=codes)
    if part is not None:
        marks = marks.filter(model=part.name)
    if pks is not None and len(pks) <= 500:
        marks = marks.filter(row__in=pks)
    known = ("model", "row", "column", "language", "source_digest", "text_digest", "is_reviewed")
    rows = marks.order_by().values_list(*known)
    return {(model, row, column, language): Mark(*state) for model, row, column, language, *state in rows}


def _rows(
    part: Part, roots: models.QuerySet[Any], codes: Sequence[str]
) -> Iterator[tuple[int, int, str | None, list[str | None]]]:
    suffixes = [SOURCE, *map(suffix_of, codes)]
    columns = [f"{column}_{suffix}" for suffix in suffixes for column in part.columns]
    lookup = f"{part.path}__in" if part.path else "pk__in"
    rows = part.model._default_manager.filter(**{lookup: roots.order_by().values("pk")}).order_by(*part.order)
    joined = [lookup for lookup in (part.path, part.under) if lookup]
    for pk, *values in rows.values_list("pk", *joined, *columns):
        root = values.pop(0) if part.path else pk
        under = values.pop(0) if part.under else ""
        yield pk, root, under, values
