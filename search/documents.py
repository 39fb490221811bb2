"""What is found: a document a row or page, made of short texts that are each matched by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import pairwise
from sys import intern

from catalogue.text import display_name
from search.tokens import foreign_terms, tokens

PROCEDURE, CENTRE, HOTLINE, GUIDE, PLACE = "procedure", "centre", "hotline", "guide", "place"
KINDS = (PROCEDURE, CENTRE, HOTLINE, GUIDE, PLACE)
NAME, EVERYDAY, SITUATION, BODY = "name", "everyday", "situation", "body"
"""Roles of a text: what it is called, what people say for it, where they stand when they need it, all its words."""
SHORT, LONG = "short", "long"
FIELDS = tuple(f"{kind}_{length}" for kind in KINDS for length in (SHORT, LONG))
"""Where an engine keeps the terms: apart by kind and length, so that a search needs no filter."""
VIETNAMESE = "vi"
FIRST = "~first"
"""A term of no language: which texts an engine puts first among those that hold the same words."""
FEW, FEW_OF_KNOWN = 3, 7
"""How many words a text has at most that is put first, and one of a document that many need."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a document. A situation's `rank` says how soon the document is needed in it, 0 first."""

    role: str
    language: str
    text: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A row or page as search knows it.

    `key` names it («procedure:1.001193»); `stamp` changes when the source does; `shown` holds what a
    suggestion shows without asking the database (titles by language, an address's tail).
    """

    key: str
    kind: str
    stamp: str
    texts: tuple[Text, ...]
    shown: dict[str, str] = field(default_factory=dict)
    weight: float = 0.0
    """How well known it is, 0 to 1."""
    is_abroad: bool = False
    """Whether it is about foreigners or another country, so that it is what foreign words probably mean."""

    def entries(self) -> Iterator[Entry]:
        """Yield what an engine keeps: one entry a text; the first holds what is true of them all."""
        found = [
            Entry(
                id=f"{self.key}#{number}",
                owner=self.key,
                kind=self.kind,
                role=text.role,
                language=text.language,
                text=text.text,
                rank=text.rank,
                weight=self.weight,
                stamp=self.stamp,
                is_abroad=self.is_abroad,
            )
            for number, text in enumerate(self.texts)
        ]
        if found:
            found[0] = replace(found[0], shown=self.shown, often=counted(found))
        yield from found


@dataclass(frozen=True)
class Entry:
    """One text as the engines keep it, and as the ranking reads it (its sets are made when first asked for)."""

    id: str
    owner: str
    kind: str
    role: str
    language: str
    text: str
    rank: int = 0
    weight: float = 0.0
    stamp: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    often: dict[str, int] = field(default_factory=dict)
    """Of a document's first text only: in how many of its short texts a term stands, and a pair if in several."""
    is_abroad: bool = False

    @property
    def field(self) -> str:
        """Return the field of FIELDS that its terms go into."""
        return f"{self.kind}_{LONG if self.role == BODY else SHORT}"

    @cached_property
    def words(self) -> list[tuple[str, str]]:
        """Return (marked, folded) of each Vietnamese word in order; empty for another language's text."""
        if self.language != VIETNAMESE:
            return []
        return [(token.marked, token.folded) for token in tokens(self.text)]

    @cached_property
    def whole(self) -> tuple[str, str]:
        """Return the whole text as its marked and its folded words."""
        return whole(self.text)

    @cached_property
    def terms(self) -> list[str]:
        """Return the terms in order that engines match: folded words, or another language's terms."""
        if self.language != VIETNAMESE:
            return foreign_terms(self.text, self.language)
        return [folded for _marked, folded in self.words]

    @cached_property
    def term_set(self) -> frozenset[str]:
        """Return the terms."""
        return frozenset(self.terms)

    @cached_property
    def marked_set(self) -> frozenset[str]:
        """Return the Vietnamese words with their marks."""
        return frozenset(marked for marked, _folded in self.words)

    @cached_property
    def marked_pair_set(self) -> frozenset[str]:
        """Return the pairs of neighbouring Vietnamese words with their marks."""
        return frozenset(pairs_of([marked for marked, _folded in self.words[:MOST_PAIRS]]))

    @cached_property
    def pair_set(self) -> frozenset[str]:
        """Return the pairs of neighbouring terms; of a long text those of its beginning."""
        return frozenset(pairs_of(self.terms[:MOST_PAIRS]))

    def prepare(self) -> None:
        """Make the sets that the ranking reads, and forget the lists that they were made of."""
        _ = self.term_set, self.pair_set, self.marked_set
        for name in ("words", "terms"):
            self.__dict__.pop(name, None)

    def indexed(self) -> str:
        """Return all that an engine matches, between spaces: terms, and pairs except of long texts."""
        unique = dict.fromkeys(self.terms)
        if self.role != BODY:
            unique |= dict.fromkeys(pairs_of(self.terms))
            unique |= {FIRST: None} if self.is_first else {}
        return " ".join(unique)

    @property
    def is_first(self) -> bool:
        """Return whether it is read before other texts that hold the same words: brief, of a known document less so."""
        return len(self.term_set) <= (FEW_OF_KNOWN if self.weight else FEW)

    def stored(self) -> str:
        """Return the entry as JSON."""
        return json.dumps({column.name: getattr(self, column.name) for column in fields(self)}, ensure_ascii=False)

    @classmethod
    def load(cls, stored: str) -> Entry:
        """Return the entry of its JSON."""
        kept = json.loads(stored)
        kept["often"] = {intern(term): count for term, count in kept["often"].items()}
        return cls(**kept)


def counted(entries: Iterable[Entry]) -> dict[str, int]:
    """Return in how many of the short texts each term stands, and each pair of neighbours that stands in several."""
    terms: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for entry in entries:
        if entry.role != BODY:
            terms.update(entry.term_set)
            pairs.update(set(pairs_of(entry.terms)))
    return terms | {pair: count for pair, count in pairs.items() if count > 1}


def pairs_of(terms: list[str]) -> list[str]:
    """Return neighbouring terms as one term each: words together count more than words apart.

    One string for all that are equal: thousands of texts share them.
    """
    return [intern(f"{first}_{second}") for first, second in pairwise(terms)]


MOST_PAIRS = 200


def whole(text: str) -> tuple[str, str]:
    """Return a text as its marked and its folded words: what says that two texts are one."""
    found = tokens(display_name(text))
    return " ".join(token.marked for token in found), " ".join(token.folded for token in found)


Source = Callable[[Iterable[str] | None], Iterator[Document]]
"""Gives the documents of the keys, or all with None; a key without a document isn't there any more."""
Stamps = Callable[[], dict[str, str]]
"""Gives the stamp of each document as its row stands now, cheaply."""
_sources: dict[str, tuple[Source, Stamps]] = {}


def register(kind: str, source: Source, stamps: Stamps) -> None:
    """Let a room give documents of a kind: the catalogue's rows here, the portal's guides in its `ready()`."""
    assert kind in KINDS, kind
    _sources[kind] = source, stamps


def all_documents() -> Iterator[Document]:
    """Yield every document of every source."""
    for source, _stamps in _sources.values():
        yield from source(None)


def documents(keys: Iterable[str]) -> Iterator[Document]:
    """Yield the documents that still exist among the keys."""
    by_kind: dict[str, list[str]] = {}
    for key in keys:
        by_kind.setdefault(key.partition(":")[0], []).append(key)
    for kind, wanted in by_kind.items():
        if kind in _sources:
            yield from _sources[kind][0](wanted)


def all_stamps() -> dict[str, str]:
    """Return the stamp of every document that should be found."""
    found: dict[str, str] = {}
    for _source, stamps in _sources.values():
        found |= stamps()
    return found
