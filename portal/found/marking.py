"""Mark the words of a text that were looked for: folded words, English stems, East Asian letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.texts import SOURCE
from search.tokens import english, is_east_asian, token, tokens

_WORD = re.compile(r"[^\W_]+")
_GRAMMAR = re.compile("[\u3040-\u309f]+")
"""Hiragana."""
_GAP = re.compile(r"[\s\-–/]*")
_WEAK = (
    "cho của và các về với để tại ở có là được theo trong từ đến không những một khi do hoặc bị này đó ra vào trên "
    "dưới đã đang sẽ thì mà như a an the of for to in on and or at by with from is"
)
WEAK = frozenset(_WEAK.split())
"""Words that say nothing alone: they are marked between others only."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Wanted:
    """The words that were looked for, and those among them whose marks were typed."""

    terms: frozenset[str] = frozenset()
    typed: dict[str, frozenset[str]] = field(default_factory=dict)
    """The marked words that were typed, by folded word; empty where no marks were typed."""
    phrases: tuple[tuple[str, ...], ...] = ()
    """Legal phrases that were meant, as folded words: marked as a whole or not at all."""


def wanted(query: str, terms: Iterable[str], phrases: Iterable[tuple[str, ...]] = ()) -> Wanted:
    """Return what to mark for a query, the folded terms that search looked for, and the phrases that they mean."""
    words = tokens(query)
    typed: dict[str, frozenset[str]] = {}
    if any(word.has_marks for word in words):
        for word in words:
            typed[word.folded] = typed.get(word.folded, frozenset()) | {word.marked}
    return Wanted(frozenset(terms), typed, tuple(phrases))


def mark(text: str, language: str, what: Wanted) -> SafeString:
    """Return the text as HTML with the wanted words inside `<mark>`; everything else is escaped."""
    text = unicodedata.normalize("NFC", text)
    found = joined(text, sorted(spans(text, language, what)))
    pieces, at = [], 0
    for start, end in found:
        pieces += [conditional_escape(text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return mark_safe("".join([*pieces, conditional_escape(text[at:])]))


def spans(text: str, language: str, what: Wanted) -> Iterator[Span]:
    """Yield where the wanted words stand."""
    words: list[tuple[Span, str]] = []
    for run in _WORD.finditer(text):
        at = run.start()
        for is_eastern, letters in groupby(run.group(), key=is_east_asian):
            part = "".join(letters)
            if is_eastern:
                yield from eastern_spans(part, at, what.terms)
            else:
                words.append(((at, at + len(part)), part.lower()))
            at += len(part)
    fitting = vietnamese(words, what) if language == SOURCE else foreign(words, what)
    yield from strong(words, fitting)


def eastern_spans(run: str, at: int, terms: frozenset[str]) -> Iterator[Span]:
    """Yield the pairs of letters that were looked for, and single letters that were; grammar alone says nothing."""
    for start in range(len(run)):
        if _GRAMMAR.fullmatch(run, start, start + 2):
            continue
        if "c:" + run[start : start + 2] in terms:
            yield at + start, at + min(start + 2, len(run))
        elif "c:" + run[start] in terms and not _GRAMMAR.match(run, start):
            yield at + start, at + start + 1


def vietnamese(words: list[tuple[Span, str]], what: Wanted) -> list[bool]:
    """Return which words fit: with the marks that were typed where a word has them, else whatever their marks."""
    read = [token(word) for _span, word in words]
    exact = {word.folded for word in read if word.marked in what.typed.get(word.folded, ())}
    fitting = [
        word.folded in what.terms and (word.folded not in exact or word.marked in what.typed[word.folded])
        for word in read
    ]
    folded = [word.folded for word in read]
    for phrase in what.phrases:
        for at in range(len(folded) - len(phrase) + 1):
            if folded[at : at + len(phrase)] == list(phrase):
                fitting[at : at + len(phrase)] = [True] * len(phrase)
    return fitting


def foreign(words: list[tuple[Span, str]], what: Wanted) -> list[bool]:
    """Return which Latin words of a text in another language fit."""
    return [english(word) in what.terms for _span, word in words]


def strong(words: list[tuple[Span, str]], fitting: list[bool]) -> Iterator[Span]:
    """Yield the fitting words; in each run of neighbours the weak ones at its ends are left out."""
    at = 0
    for fits, group in groupby(fitting):
        size = len(list(group))
        run = words[at : at + size]
        at += size
        if not fits:
            continue
        while run and run[-1][1] in WEAK:
            run.pop()
        while run and run[0][1] in WEAK:
            run.pop(0)
        yield from (span for span, _word in run)


def joined(text: str, found: list[Span]) -> list[Span]:
    """Return the spans with neighbours as one: overlapping, or with nothing but a space or a dash between."""
    result: list[Span] = []
    for start, end in found:
        if result and (start <= result[-1][1] or _GAP.fullmatch(text, result[-1][1], start)):
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
