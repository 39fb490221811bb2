"""Learn the weights of the ranking from judged queries: the right documents should stand above the others.

A softmax over the documents of each query (ListNet's top-one loss), held near weights set by hand, so that a few
hundred queries are enough. A part of the queries, split by procedure, is held back and only measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from search import public
from search.documents import PROCEDURE
from search.evaluation import DEPTH, Judged, ndcg
from search.ranking import FACTS, facts, gather

BY_HAND = {
    "name": 0.6, "everyday": 0.8, "second": 0.2, "third": 0.1, "situation": 0.7, "body": 0.3, "covered": 0.3,
    "weight": 0.08, "best": 0.6,
}  # fmt: skip
SHARPNESS = 8.0
"""What a score is multiplied by before the softmax: scores lie between 0 and about 3."""
NEARNESS = 0.0003
"""How strongly the weights are held to those set by hand."""
ROUNDS = 400


@dataclass(frozen=True)
class Example:
    """A judged query with the facts of each document that was found for it."""

    judged: Judged
    codes: tuple[str, ...]
    facts: Any
    """An array, documents × facts."""
    right: Any
    """An array of truth values, one a document."""


def is_held_back(judged: Judged, *, part: int = 3) -> bool:
    """Return whether the query belongs to the part that is never learned from: a third, split by procedure."""
    first = min(judged.codes, default="")
    return int(hashlib.sha256(first.encode()).hexdigest(), 16) % part == 0


def examples(queries: Sequence[Judged], known: frozenset[str]) -> list[Example]:
    """Return what the ranking sees of each query with a known answer."""
    import numpy as np

    found = []
    for judged in queries:
        right = judged.codes & known
        if not right:
            continue
        query, lexicon = public.understood(judged.text, language=judged.language)
        documents = list(gather(query, lexicon, public.candidates(query, lexicon, (PROCEDURE,))).values())
        codes = tuple(document.key.partition(":")[2] for document in documents)
        table = np.array([facts(document) for document in documents], float).reshape(len(documents), len(FACTS))
        is_right = np.array([code in right for code in codes], bool)
        found.append(Example(Judged(judged.text, right, judged.language), codes, table, is_right))
    return found


def learn(groups: Sequence[Sequence[Example]]) -> dict[str, float]:
    """Return the weights, by the names of FACTS, that put right documents first (Adam on the softmax loss).

    A group counts by the square root of its size, so that many queries of one hand don't drown few of others.
    """
    import numpy as np

    usable = [example for group in groups for example in group if example.right.any()]
    counts = np.array([1 / len(group) ** 0.5 for group in groups for example in group if example.right.any()])
    counts /= counts.sum()
    table = np.concatenate([example.facts for example in usable])
    right = np.concatenate([example.right for example in usable])
    sizes = [len(example.codes) for example in usable]
    of = np.repeat(np.arange(len(usable)), sizes)
    start = np.array([BY_HAND.get(name, 0.0) for name in FACTS]) * SHARPNESS
    weights, first, second = start.copy(), np.zeros(len(FACTS)), np.zeros(len(FACTS))
    for number in range(ROUNDS):
        scores = table @ weights
        highest = np.full(len(usable), -np.inf)
        np.maximum.at(highest, of, scores)
        grown = np.exp(scores - highest[of])
        everything = np.bincount(of, grown, len(usable))
        good = np.bincount(of, grown * right, len(usable))
        wrong = (grown / everything[of] - grown * right / good[of]) * counts[of]
        gradient = (wrong[:, None] * table).sum(0)
        gradient += 2 * NEARNESS * (weights - start)
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        step = 0.05 if number < ROUNDS * 3 // 4 else 0.015
        weights = weights - step * first / (np.sqrt(second) + 1e-6)
    return {name: round(float(weight), 4) for name, weight in zip(FACTS, weights / SHARPNESS, strict=True)}


def quality(measured: Sequence[Example], weights: dict[str, float]) -> tuple[float, float]:
    """Return nDCG@10 and the share of queries with a right answer among the first three."""
    import numpy as np

    rule = np.array([weights[name] for name in FACTS])
    gains, successes = [], []
    for example in measured:
        scores = np.round(example.facts @ rule, 6)
        order = sorted(range(len(example.codes)), key=lambda at: (-scores[at], example.codes[at]))
        got = [example.codes[at] for at in order[:DEPTH]]
        gains.append(ndcg(got, example.judged.codes))
        successes.append(any(code in example.judged.codes for code in got[:3]))
    return sum(gains) / len(gains), sum(successes) / len(successes)
