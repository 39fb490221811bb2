"""The words that the indexed texts use, how rare each is, and which stand together.

Made from the documents at each rebuild, kept as a file beside the embedded index, read by every process.
Both engines rank by it, so they agree.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path

from search.documents import BODY, Entry, pairs_of
from search.syllables import is_folded_syllable

_EDITED = "abcdefghijklmnopqrstuvwxyz"
LONGEST_MENDED = 24
"""Letters of a word of which one may be a slip: more are no word of any language here."""


Words = tuple[set[str], set[str]]
"""Terms and pairs."""


def script(term: str) -> str:
    """Return which words a term is counted among: «en», «c» (East Asian) or «» (Vietnamese)."""
    return term.partition(":")[0] if ":" in term else ""


class Lexicon:
    """Counts of terms and pairs; `count` is in how many texts a term stands."""

    def __init__(
        self,
        texts: dict[str, int] | None = None,
        terms: dict[str, int] | None = None,
        pairs: dict[str, int] | None = None,
    ):
        self.texts: Counter[str] = Counter(texts or {})
        """How many texts there are of each script: what is rare among few isn't among all."""
        self.terms: Counter[str] = Counter(terms or {})
        self.pairs: Counter[str] = Counter(pairs or {})
        self.idf = lru_cache(maxsize=100_000)(self._idf)
        self.corrections = lru_cache(maxsize=20_000)(self._corrections)
        self.segmented = lru_cache(maxsize=20_000)(self._segmented)

    def add(self, entries: Iterable[Entry]) -> None:
        """Count the entries' terms; of long texts only as known words, so that they don't look common."""
        for entry in entries:
            if entry.role == BODY:
                for term in entry.term_set:
                    self.terms.setdefault(term, 1)
            else:
                self.texts.update({script(term) for term in entry.term_set})
                self.terms.update(entry.term_set)
            self.pairs.update(set(pairs_of(entry.terms)))

    def unknown(self, entries: Iterable[Entry]) -> Words:
        """Return the terms and pairs of the entries that aren't known yet."""
        terms: set[str] = set()
        pairs: set[str] = set()
        for entry in entries:
            terms.update(term for term in entry.term_set if term not in self.terms)
            pairs.update(pair for pair in pairs_of(entry.terms) if pair not in self.pairs)
        return terms, pairs

    def with_words(self, words: Words) -> Lexicon:
        """Return the lexicon with more known words; counts stay until the next rebuild, so that they don't drift."""
        terms, pairs = words
        return Lexicon(self.texts, dict.fromkeys(terms, 1) | self.terms, dict.fromkeys(pairs, 1) | self.pairs)

    def _idf(self, term: str) -> float:
        """Return the term's weight, 0.3 for the commonest to about 10 for one that stands once or never."""
        count = self.terms.get(term, 0)
        return max(math.log((self.texts[script(term)] + 1) / (count + 0.5)), 0.3)

    def knows(self, term: str) -> bool:
        """Return whether any text holds the term."""
        return term in self.terms

    def fit(self, before: str, term: str, after: str) -> int:
        """Return how often the term stands between its neighbours (either pair)."""
        return self.pairs.get(f"{before}_{term}", 0) + self.pairs.get(f"{term}_{after}", 0)

    @cached_property
    def sorted_terms(self) -> list[str]:
        """Return all terms in order, for prefixes."""
        return sorted(self.terms)

    def beginning_with(self, prefix: str, limit: int) -> list[str]:
        """Return the commonest terms that begin with the prefix."""
        at = bisect_left(self.sorted_terms, prefix)
        found: list[str] = []
        while at < len(self.sorted_terms) and self.sorted_terms[at].startswith(prefix) and len(found) < 200:
            found.append(self.sorted_terms[at])
            at += 1
        return sorted(found, key=lambda term: (-self.terms[term], term))[:limit]

    def _corrections(self, word: str) -> tuple[str, ...]:
        """Return known folded words one slip away: a letter swapped, missing, doubled or wrong."""
        if not 2 <= len(word) <= LONGEST_MENDED or not word.isascii():
            return ()
        splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
        near = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
        near |= {a + b[1:] for a, b in splits if b}
        near |= {a + letter + b for a, b in splits for letter in _EDITED}
        near |= {a + letter + b[1:] for a, b in splits if b for letter in _EDITED}
        near.discard(word)
        known = (term for term in near if term in self.terms)
        return tuple(sorted(known, key=lambda term: (-self.terms[term], term))[:12])

    def _segmented(self, word: str) -> tuple[str, ...]:
        """Return the known words that a run without spaces is made of, empty where it isn't.

        The best split is the one whose words and pairs are the commonest (at most 60 letters are read).
        """
        if not 4 <= len(word) <= 60 or word.isdigit():
            return ()
        best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
        total = sum(self.terms.values()) + 1
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 7), end):
                piece = word[start:end]
                count = self.terms.get(piece, 0)
                if start not in best or not count or not is_folded_syllable(piece):
                    continue
                cost, before = best[start]
                if len(piece) == 1 and before and len(before[-1]) == 1:
                    continue  # «aaaa» is no four words.
                pair = self.pairs.get(f"{before[-1]}_{piece}", 0) if before else 0
                cost += math.log(total / count) + 3 - min(math.log1p(pair), 5)
                if end not in best or cost < best[end][0]:
                    best[end] = (cost, (*before, piece))
        found = best.get(len(word), (0.0, ()))[1]
        return found if len(found) > 1 else ()

    def save(self, path: Path) -> None:
        """Write the lexicon."""
        pairs = {pair: count for pair, count in self.pairs.items() if count > 0}
        path.write_text(json.dumps({"texts": self.texts, "terms": self.terms, "pairs": pairs}, ensure_ascii=False))

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Return the lexicon of a file; an empty one where there is none yet."""
        try:
            kept = json.loads(path.read_text())
        except FileNotFoundError:
            return cls()
        return cls(kept["texts"], kept["terms"], kept["pairs"])


def save_words(words: Words, path: Path) -> None:
    """Write words that became known since the lexicon was made; a reader never sees half of them."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps([sorted(kept) for kept in words], ensure_ascii=False))
    part.replace(path)


def load_words(path: Path) -> Words:
    """Return these words, none where there is no file."""
    try:
        terms, pairs = json.loads(path.read_text())
    except FileNotFoundError:
        return set(), set()
    return set(terms), set(pairs)
