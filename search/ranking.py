"""From the texts that an engine matched to the documents in order: one small linear rule over plain facts.

The weights are learned from the catalogue itself (`manage.py train_ranking`) and ship as data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from operator import mul
from pathlib import Path

from search.documents import BODY, EVERYDAY, NAME, SITUATION, VIETNAMESE, Entry, pairs_of
from search.lexicon import Lexicon
from search.understanding import ALMOST, Query, Widening

WEIGHTS = Path(__file__).parent / "data" / "ranking.json"
NO_STRICT: dict[str, set[str]] = {}
ENOUGH = 1.5
"""How many texts must hold a word for it to be worth half."""
SECOND_MEANING = 0.3
"""What another legal phrase for the same words gains, of what the first does: to hold both isn't to be right twice."""
OWN = 0.1
"""How much better a text in another language must fit to be shown as the reason."""
MOST_COUNTED = 50
SATURATED = tuple(count / (count + ENOUGH) for count in range(MOST_COUNTED + 1))
"""What being held by so many texts is worth: the more, the surer, but ever less so."""
OTHER_MARKS = 0.45
"""What a word counts that differs only in its marks from one typed with marks."""


class Fit:
    """How well one text fits: share of the query that it covers, share of it that the query covers, pairs.

    Plain slots: hundreds are made a query.
    """

    __slots__ = ("asked", "entry", "matched", "together", "told", "whole")

    def __init__(self, entry: Entry, asked: float, told: float, together: float, matched: list[float]) -> None:
        self.entry, self.asked, self.told, self.together = entry, asked, told, together
        self.matched = matched
        """How far each word of the query is met."""
        self.whole = asked * (0.55 + 0.25 * told + 0.2 * together)
        """One figure for the three, 0 to 1."""


@dataclass
class Found:
    """A document with the best fit of each role of its texts."""

    key: str
    kind: str
    weight: float = 0.0
    is_abroad: bool = False
    language: str = VIETNAMESE
    """The reader's."""
    asked_from_abroad: bool = False
    """Whether most of the query is in another language."""
    names: Fit | None = None
    everyday: list[Fit] = field(default_factory=list)
    situation: Fit | None = None
    same: float = 0.0
    """Whether a name of it is the query itself: 2 with its marks, 1 without."""
    body: float = 0.0
    body_together: float = 0.0
    often: float = 0.0
    """How many of its texts hold the words of the query, 0 to 1."""
    often_together: float = 0.0
    """How many of its texts hold neighbours of the query, 0 to 1."""
    fits: list[Fit] = field(default_factory=list)
    covered: float = 0.0
    score: float = 0.0
    why: Entry | None = None


def engine_terms(query: Query, lexicon: Lexicon) -> list[tuple[str, float]]:
    """Return the terms that an engine is given, each with what a text that holds it gains."""
    gains: dict[str, float] = {}

    def gain(term: str, weight: float) -> None:
        if term in lexicon.terms or term in lexicon.pairs:
            gains[term] = max(gains.get(term, 0.0), weight)

    previous = None
    for want in query.wants:
        gain(want.term, want.weight)
        for other in want.others:
            gain(other, ALMOST * lexicon.idf(other))
        if previous is not None:
            gain(f"{previous.term}_{want.term}", 0.5 * (previous.weight + want.weight))
        previous = want
    spans: set[tuple[int, int]] = set()
    for widening in query.widenings:
        span = sum(want.weight for want in query.wants[widening.start : widening.end])
        if (widening.start, widening.end) in spans:
            span *= SECOND_MEANING
        spans.add((widening.start, widening.end))
        total = sum(lexicon.idf(term) for _marked, term in widening.terms) or 1.0
        for _marked, term in widening.terms:
            gain(term, span * widening.weight * lexicon.idf(term) / total)
        terms = [term for _marked, term in widening.terms]
        for first, second in pairwise(terms):
            gain(f"{first}_{second}", 0.5 * span * widening.weight / (len(terms) - 1))  # In all as much as of words.
    return list(gains.items())


class Reader:
    """Reads how well texts fit one query (each in a few microseconds)."""

    def __init__(self, query: Query, lexicon: Lexicon) -> None:
        self.query, self.lexicon = query, lexicon
        self.weights = [want.weight for want in query.wants]
        self.total = query.weight or 1.0
        self.idf: dict[str, float] = {}
        self.wants: dict[str, list[tuple[int, float]]] = {}
        self.strict: dict[str, set[str]] = {}
        self.gains: dict[str, float] = {}
        """What a text gains that holds a term, as far as words go."""
        for at, want in enumerate(query.wants):
            self._want(want.term, at, 1.0)
            for other in want.others:
                self._want(other, at, ALMOST)
            if want.is_strict:
                self.strict.setdefault(want.term, set()).add(want.marked)
        self.gain_total = sum(self.gains.values()) or 1.0
        self.pairs = {
            f"{a.term}_{b.term}": (at, 0.5 * (a.weight + b.weight)) for at, (a, b) in enumerate(pairwise(query.wants))
        }
        self.strict_pairs = {
            f"{a.term}_{b.term}": f"{a.marked}_{b.marked}"
            for a, b in pairwise(query.wants)
            if a.is_strict and b.is_strict
        }
        self.pair_total = sum(weight for _at, weight in self.pairs.values())
        self.pair_keys = frozenset(self.pairs)
        self.widenings = [Meant(widening, lexicon) for widening in query.widenings]
        for meant in self.widenings:
            self.idf.update(meant.idf)
        self.terms = frozenset(self.idf)
        self.meant = frozenset(term for meant in self.widenings for term in meant.keys)

    def _want(self, term: str, at: int, share: float) -> None:
        self.wants.setdefault(term, []).append((at, share))
        self.gains[term] = self.gains.get(term, 0.0) + share * self.weights[at]
        self.idf[term] = self.lexicon.idf(term)

    def fit(self, entry: Entry) -> Fit:
        """Return how the text fits."""
        hits = entry.term_set & self.terms
        matched = [0.0] * len(self.weights)
        told = self.meet(entry, hits, matched) if hits else 0.0
        if entry.role == BODY:
            asked = sum(map(mul, self.weights, matched)) / self.total
            return Fit(entry, asked, 0.0, self.together(entry) / (self.pair_total or 1.0), matched)
        joined: set[int] = set()
        if not self.meant.isdisjoint(hits):
            for meant in self.widenings:
                told += meant.meet(entry, hits, matched, joined)
        asked = sum(map(mul, self.weights, matched)) / self.total
        if not self.pair_total:
            return Fit(entry, asked, min(told / self.weight_of(entry), 1.0), asked, matched)
        together = self.together(entry)
        if joined and together < self.pair_total:
            together += sum(
                0.8 * weight for pair, (at, weight) in self.pairs.items() if at in joined and pair not in entry.pair_set
            )
        return Fit(entry, asked, min(told / self.weight_of(entry), 1.0), together / self.pair_total, matched)

    def meet(self, entry: Entry, hits: frozenset[str], matched: list[float]) -> float:
        """Credit the wants that the text meets by their own words; return the weight of these words in it."""
        told = 0.0
        wanted, idf = self.wants, self.idf
        strict = self.strict if entry.language == VIETNAMESE else NO_STRICT
        for term in hits:
            wants = wanted.get(term)
            if wants is None:
                continue
            if term in strict and strict[term].isdisjoint(entry.marked_set):
                told += OTHER_MARKS * idf[term]
                for at, share in wants:
                    matched[at] = max(matched[at], OTHER_MARKS * share)
            else:
                told += idf[term]
                for at, share in wants:
                    if share > matched[at]:
                        matched[at] = share
        return told

    def covered(self, fits: Sequence[Fit]) -> float:
        """Return the share of the query that any of a document's texts meets."""
        if len(fits) == 1:
            return fits[0].asked
        met = map(max, *(fit.matched for fit in fits))
        return sum(map(mul, self.weights, met)) / self.total

    def often(self, counts: Mapping[str, int]) -> tuple[float, float]:
        """Return how many of a document's texts hold the words of the query, and how many its neighbours, 0 to 1.

        Of one word alone the second is the first.
        """
        worth = SATURATED
        words = 0.0
        for term in counts.keys() & self.gains.keys():
            words += self.gains[term] * worth[min(counts[term], MOST_COUNTED)]
        words /= self.gain_total
        if not self.pair_total:
            return words, words
        neighbours = 0.0
        for pair in counts.keys() & self.pair_keys:
            neighbours += self.pairs[pair][1] * worth[min(counts[pair], MOST_COUNTED)]
        return words, neighbours / self.pair_total

    def together(self, entry: Entry) -> float:
        """Return the weight of the query's neighbours that are the text's too, with the marks that were typed."""
        held = entry.pair_set & self.pair_keys
        if not held:
            return 0.0
        if not self.strict_pairs or entry.language != VIETNAMESE:
            return sum(self.pairs[pair][1] for pair in held)
        weight = 0.0
        for pair in held:
            marked = self.strict_pairs.get(pair)
            is_right = marked is None or marked in entry.marked_pair_set
            weight += self.pairs[pair][1] * (1.0 if is_right else OTHER_MARKS)
        return weight

    def weight_of(self, entry: Entry) -> float:
        """Return the weight of all words of the text."""
        kept = entry.__dict__.get("_weight")
        if kept is None or kept[0] is not self.lexicon:
            kept = (self.lexicon, sum(map(self.lexicon.idf, entry.term_set)) or 1.0)
            entry.__dict__["_weight"] = kept
        return kept[1]


class Meant:
    """One widening of a query, prepared to be met by texts."""

    def __init__(self, widening: Widening, lexicon: Lexicon) -> None:
        self.start, self.end, self.weight = widening.start, widening.end, widening.weight
        terms = [term for _marked, term in widening.terms]
        self.idf = {term: lexicon.idf(term) for term in terms}
        self.keys = frozenset(self.idf)
        self.total = sum(self.idf.values()) or 1.0
        self.pairs = frozenset(pairs_of(terms))

    def meet(self, entry: Entry, hits: frozenset[str], matched: list[float], joined: set[int]) -> float:
        """Credit the wants that the text meets by its legal words; return the weight of these words in it.

        `joined` takes in the neighbours that it meets together.
        """
        if self.keys.isdisjoint(hits):
            return 0.0
        held = hits & self.keys
        weight = sum(self.idf[term] for term in held)
        share = weight / self.total
        if self.pairs:
            share *= 0.6 + 0.4 * len(self.pairs & entry.pair_set) / len(self.pairs)
        share = share * share * self.weight
        gained = False
        for at in range(self.start, self.end):
            if share > matched[at]:
                matched[at], gained = share, True
        if not gained:
            return 0.0
        joined.update(range(self.start, self.end - 1))
        return weight * self.weight


FACTS = (
    "name", "name_asked", "name_told", "name_together", "everyday", "everyday_asked", "everyday_told",
    "everyday_together", "second", "third", "situation", "body", "body_together", "covered", "weight", "best",
    "name_x_everyday", "exact", "name_asked_x_told", "everyday_asked_x_told", "weight_x_best", "best_squared",
    "abroad_asked", "abroad_unasked", "often", "often_together",
)  # fmt: skip


NOTHING = (0.0, 0.0, 0.0)
EXACT = 1.95
"""Sum of the two shares above which a text is the query itself."""


def facts(found: Found) -> list[float]:
    """Return the figures that the rule weighs, in the order of FACTS."""
    name = found.names
    everyday = found.everyday[0] if found.everyday else None
    second = found.everyday[1].whole if len(found.everyday) > 1 else 0.0
    third = found.everyday[2].whole if len(found.everyday) > 2 else 0.0
    n, e = name.whole if name else 0.0, everyday.whole if everyday else 0.0
    s = found.situation.whole / (1 + 0.15 * found.situation.entry.rank) if found.situation else 0.0
    n_asked, n_told, n_together = (name.asked, name.told, name.together) if name else NOTHING
    e_asked, e_told, e_together = (everyday.asked, everyday.told, everyday.together) if everyday else NOTHING
    best = max(n, e, s)
    is_exact = max(n_asked + n_told, e_asked + e_told) > EXACT
    return [
        n, n_asked, n_told, n_together, e, e_asked, e_told, e_together,
        second, third, s, found.body, found.body_together, found.covered, found.weight, best, n * e,
        float(is_exact), n_asked * n_told, e_asked * e_told, found.weight * best, best * best,
        float(found.is_abroad and found.asked_from_abroad), float(found.is_abroad and not found.asked_from_abroad),
        found.often, found.often_together,
    ]  # fmt: skip


@cache
def weights() -> tuple[float, ...]:
    """Return the learned weights, in the order of FACTS."""
    kept = json.loads(WEIGHTS.read_text())["weights"]
    return tuple(kept.get(name, 0.0) for name in FACTS)


Firsts = Callable[[Iterable[str]], Iterable[Entry]]
"""Takes keys of documents, returns their first texts, which hold what is true of them all."""


def gather(query: Query, lexicon: Lexicon, entries: Iterable[Entry], firsts: Firsts) -> list[Found]:
    """Return the documents of the matched texts with their fits."""
    reader = Reader(query, lexicon)
    from_abroad = sum(want.is_foreign for want in query.wants) * 2 > len(query.wants)
    found: dict[str, Found] = {}
    for entry in entries:
        document = found.get(entry.owner)
        if document is None:
            document = found[entry.owner] = Found(
                entry.owner, entry.kind, entry.weight, entry.is_abroad, query.language, from_abroad
            )
        fit = reader.fit(entry)
        if entry.role == NAME:
            document.same = max(document.same, sameness(query, entry))
            if document.names is None or fit.whole > document.names.whole:
                document.names = fit
        elif entry.role == EVERYDAY:
            document.everyday.append(fit)
        elif entry.role == SITUATION:
            if document.situation is None or fit.whole > document.situation.whole:
                document.situation = fit
        else:
            document.body, document.body_together = fit.asked, fit.together
        document.fits.append(fit)
    for first in firsts(found):
        document = found[first.owner]
        document.often, document.often_together = reader.often(first.often)
    for document in found.values():
        document.everyday.sort(key=lambda fit: (-fit.whole, fit.entry.id))
        document.covered = reader.covered(document.fits)
    return list(found.values())


def sameness(query: Query, entry: Entry) -> float:
    """Return 2 where the name is the query, 1 where only the marks differ."""
    if entry.language != VIETNAMESE or entry.whole[1] != query.whole[1]:
        return 0.0
    return 2.0 if entry.whole[0] == query.whole[0] else 1.0


def rank(found: Iterable[Found], *, use: Sequence[float] | None = None) -> list[Found]:
    """Return the documents, best first; equal ones by key, so that every engine gives one order."""
    rule = use or weights()
    ordered = list(found)
    for document in ordered:
        document.score = round(sum(map(mul, rule, facts(document))) + document.same, 6)
        document.why = _why(document)
    ordered.sort(key=lambda document: (-document.score, document.key))
    return ordered


def _why(document: Found) -> Entry | None:
    """Return the text that fits best, one in the reader's language before a slightly better one: why it was found."""
    fits = [fit for fit in (document.names, *document.everyday[:3], document.situation) if fit]
    return (
        max(fits, key=lambda fit: fit.whole + OWN * (fit.entry.language == document.language)).entry if fits else None
    )
