"""Word knowledge: everyday words and the legal ones that they mean, what people abbreviate, how they ask.

Compiled from rows that editors change; plain values, so that ranking needs no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
    replaces: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """Words of a question that name no procedure; `part` is the part of the page that answers, or «strip»."""

    terms: tuple[str, ...]
    marked: tuple[str, ...]
    part: str


@dataclass
class Knowledge:
    """All of it, by the first term; runs are East Asian words, found inside text without spaces."""

    meanings: dict[str, list[Meaning]] = field(default_factory=lambda: defaultdict(list))
    askings: dict[str, list[Asking]] = field(default_factory=lambda: defaultdict(list))
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
            meaning = Meaning(terms, marked, legal, group.kind in REPLACING)
            if is_run(phrase):
                self.runs[run_key(phrase)] = meaning
                self.longest_run = max(self.longest_run, len(run_key(phrase)))
            else:
                self._put(self.meanings[terms[0]], meaning)
                if group.kind not in REPLACING:
                    self.taught.update(terms)

    def add_asking(self, phrases: Iterable[str], part: str, language: str) -> None:
        """Take in words of a question."""
        for phrase in phrases:
            terms, marked = phrase_terms(phrase, language)
            if not terms:
                continue
            asking = Asking(terms, marked, part)
            if is_run(phrase):
                self.asking_runs[run_key(phrase)] = asking
                self.longest_run = max(self.longest_run, len(run_key(phrase)))
            else:
                self._put(self.askings[terms[0]], asking)

    @staticmethod
    def _put(rows: list, row: Meaning | Asking) -> None:  # type: ignore[type-arg]
        rows.append(row)
        rows.sort(key=lambda other: -len(other.terms))


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
