"""A row's text in the reader's language, and which language it really is in."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Model
from django.utils.translation import get_language

SOURCE = "vi"


class Text(NamedTuple):
    """A text and the language it stands in."""

    text: str
    lang: str

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def is_fallback(self) -> bool:
        """Return whether the reader's language has no text and the Vietnamese stands in for it."""
        return bool(self.text and self.lang) and self.lang != (get_language() or SOURCE)


def text(row: Model, column: str, language: str | None = None) -> Text:
    """Return the column in the reader's language, else in Vietnamese."""
    language = language or get_language() or SOURCE
    own = getattr(row, f"{column}_{language.replace('-', '_')}", None)
    if own:
        return Text(own, language)
    return Text(getattr(row, f"{column}_{SOURCE}", None) or "", SOURCE)


class LegalText(NamedTuple):
    """A long text cut into lines with their depth: the first ones, and the rest that is folded under them."""

    text: Text
    first: list[tuple[int, str]]
    rest: list[tuple[int, str]]


SHOWN_LINES = 10
"""A legal text of up to this many lines and a half more stands open as a whole."""


def legal_text(value: Text) -> LegalText:
    """Cut a legal text so that a page stays readable; nothing is left out."""
    found = lines(value)
    if len(found) <= SHOWN_LINES * 3 // 2:
        return LegalText(value, found, [])
    return LegalText(value, found[:SHOWN_LINES], found[SHOWN_LINES:])


def lines(value: Text) -> list[tuple[int, str]]:
    """Return the lines of a legal text with their depth: 0 plain, 1 after «-», 2 after «+»."""
    found = []
    for raw in value.text.splitlines():
        line = raw.strip()
        if not line:
            continue
        mark = line[0]
        depth = {"-": 1, "–": 1, "•": 1, "+": 2, "*": 0}.get(mark, 0)
        found.append((depth, line[1:].strip() if mark in "-–•+*" and len(line) > 1 else line))
    return found
