"""Learn the weights of the ranking from judged queries: the right documents should stand above the others.

A softmax over the documents of each query (ListNet's top-one loss), held near weights set by hand, so that a few
hundred queries are enough. Quality is measured in parts, split by procedure: each by what the others taught.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search import public
from search.documents import PROCEDURE
from search.evaluation import DEPTH, Judged, ndcg
from search.ranking import FACTS, facts

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
    same: Any
    """An array: what a name that is the query itself adds, one a document."""


PARTS = 5


def part_of(judged: Judged) -> int:
    """Return the part that the query belongs to, 0 to 4: the queries of one procedure stay together."""
    first = min(judged.codes, default="")
    return int(hashlib.sha256(first.encode()).hexdigest(), 16) % PARTS


def examples(queries: Sequence[Judged], known: frozenset[str]) -> list[Example]:
    """Return what the ranking sees of each query with a known answer."""
    import numpy as np

    found = []
    for judged in queries:
        right = judged.codes & known
        if not right:
            continue
        query, lexicon = public.understood(judged.text, language=judged.language)
        documents = public.gathered(query, lexicon, (PROCEDURE,))
        codes = tuple(document.key.partition(":")[2] for document in documents)
        table = np.array([facts(document) for document in documents], float).reshape(len(documents), len(FACTS))
        is_right = np.array([code in right for code in codes], bool)
        same = np.array([document.same for document in documents], float)
        found.append(Example(Judged(judged.text, right, judged.language), codes, table, is_right, same))
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


def unseen(groups: Mapping[str, Sequence[Example]]) -> dict[str, tuple[float, float]]:
    """Return the quality by group, each query ranked by what the other parts' queries taught (cross-validation)."""
    told: dict[str, list[tuple[float, bool]]] = {name: [] for name in groups}
    for part in range(PARTS):
        weights = learn([[e for e in group if part_of(e.judged) != part] for group in groups.values()])
        for name, group in groups.items():
            told[name] += [answer(example, weights) for example in group if part_of(example.judged) == part]
    return {name: mean(answers) for name, answers in told.items()}


def quality(measured: Sequence[Example], weights: dict[str, float]) -> tuple[float, float]:
    """Return nDCG@10 and the share of queries with a right answer among the first three."""
    return mean([answer(example, weights) for example in measured])


def mean(answers: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Return the means of nDCG@10 and of whether a right answer stood among the first three."""
    return sum(gain for gain, _is_near in answers) / len(answers), sum(near for _gain, near in answers) / len(answers)


def answer(example: Example, weights: dict[str, float]) -> tuple[float, bool]:
    """Return nDCG@10 of one query, and whether a right answer stands among the first three."""
    import numpy as np

    scores = np.round(example.facts @ np.array([weights[name] for name in FACTS]) + example.same, 6)
    order = sorted(range(len(example.codes)), key=lambda at: (-scores[at], example.codes[at]))
    got = [example.codes[at] for at in order[:DEPTH]]
    return ndcg(got, example.judged.codes), any(code in example.judged.codes for code in got[:3])
