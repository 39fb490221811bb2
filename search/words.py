"""Word knowledge: everyday words and the legal ones that they mean, what people abbreviate, how they ask.

Compiled from rows that editors change; plain values, so that ranking needs no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from search.documents import VIETNAMESE
from search.tokens import foreign_terms, is_east_asian, tokens, words

REPLACING = frozenset({"teencode", "spelling"})
"""Kinds whose everyday word is never meant as itself: it is replaced, not widened."""
STRIP = "strip"


@dataclass(frozen=True, slots=True)
class Group:
    """Everyday words, and the legal words (Vietnamese, best first) that are looked for too."""

    everyday: tuple[str, ...]
    legal: tuple[str, ...]
    kind: str = "everyday"
    language: str = VIETNAMESE


@dataclass(frozen=True, slots=True)
class Meaning:
    """One everyday word group as terms, and what it means: `legal` holds (marked, folded) words a phrase."""

    terms: tuple[str, ...]
    marked: tuple[str, ...]
    legal: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Words of a question that name no procedure; `part` is the part of the page that answers, or «strip»."""

    terms: tuple[str, ...]
    marked: tuple[str, ...]
    part: str


Taught = TypeVar("Taught", Meaning, Asking)


class Phrases(Generic[Taught]):
    """Taught phrases, found at a place of a query by one look-up a length."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, ...], list[Taught]] = defaultdict(list)
        self._lengths: dict[str, list[int]] = defaultdict(list)

    def add(self, row: Taught) -> None:
        """Take in a phrase."""
        self._rows[row.terms].append(row)
        lengths = self._lengths[row.terms[0]]
        if len(row.terms) not in lengths:
            lengths.append(len(row.terms))
            lengths.sort(reverse=True)

    def at(self, terms: Sequence[str], place: int) -> Iterator[Taught]:
        """Yield the phrases that stand at this place, the longest first."""
        for length in self._lengths.get(terms[place], ()):
            yield from self._rows.get(tuple(terms[place : place + length]), ())


@dataclass
class Knowledge:
    """All of it; runs are East Asian words, found inside text without spaces."""

    meanings: Phrases[Meaning] = field(default_factory=Phrases)
    replaced: Phrases[Meaning] = field(default_factory=Phrases)
    askings: Phrases[Asking] = field(default_factory=Phrases)
    runs: dict[str, Meaning] = field(default_factory=dict)
    asking_runs: dict[str, Asking] = field(default_factory=dict)
    longest_run: int = 1
    taught: set[str] = field(default_factory=set)
    """Words that stand in no text perhaps, but were taught: they aren't slips."""

    def add_group(self, group: Group) -> None:
        """Take in a group."""
        legal = tuple(tuple((t.marked, t.folded) for t in tokens(phrase)) for phrase in group.legal)
        for phrase in group.everyday:
            terms, marked = phrase_terms(phrase, group.language)
            if not terms:
                continue
            meaning = Meaning(terms, marked, legal)
            if is_run(phrase):
                self._add_run(self.runs, phrase, meaning)
            elif group.kind in REPLACING:
                self.replaced.add(meaning)
            else:
                self.meanings.add(meaning)
                self.taught.update(terms)

    def add_asking(self, phrases: Iterable[str], part: str, language: str) -> None:
        """Take in words of a question."""
        for phrase in phrases:
            terms, marked = phrase_terms(phrase, language)
            if not terms:
                continue
            asking = Asking(terms, marked, part)
            if is_run(phrase):
                self._add_run(self.asking_runs, phrase, asking)
            else:
                self.askings.add(asking)
                self.taught.update(terms)

    def _add_run(self, runs: dict[str, Taught], phrase: str, row: Taught) -> None:
        key = run_key(phrase)
        runs[key] = row
        self.longest_run = max(self.longest_run, len(key))


def phrase_terms(phrase: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the phrase's terms and their marked forms."""
    if language == VIETNAMESE:
        found = tokens(phrase)
        return tuple(t.folded for t in found), tuple(t.marked for t in found)
    terms = tuple(foreign_terms(phrase, language))
    return terms, terms


def is_run(phrase: str) -> bool:
    """Return whether the phrase is East Asian, so that it is looked for inside words."""
    return any(is_east_asian(word) for word in words(phrase))


def run_key(phrase: str) -> str:
    """Return the phrase as it is looked for inside text without spaces."""
    return "".join(words(phrase))


def compile_knowledge(groups: Iterable[Group], askings: Sequence[tuple[tuple[str, ...], str, str]]) -> Knowledge:
    """Return the knowledge of groups and of (phrases, part, language) of questions."""
    knowledge = Knowledge()
    for group in groups:
        knowledge.add_group(group)
    for phrases, part, language in askings:
        knowledge.add_asking(phrases, part, language)
    return knowledge
