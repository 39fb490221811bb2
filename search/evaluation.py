"""How good the answers are: queries with their right procedures, and the figures that the field uses."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue.loading.output import LoadError
from catalogue.loading.reading import read_jsonl
from search import public
from search.documents import PROCEDURE

DEPTH = 10
Finder = Callable[[str, str], list[str]]
"""Takes a query and its language, returns codes, best first."""


@dataclass(frozen=True)
class Judged:
    """A query, and the codes of which any is right."""

    text: str
    codes: frozenset[str]
    language: str = "vi"


@dataclass(frozen=True)
class Miss:
    """A query whose right answer isn't among the first three."""

    judged: Judged
    got: tuple[str, ...]
    place: int | None
    """Where the right answer stands, from 1; None where it wasn't found."""


@dataclass
class Quality:
    """Figures over all queries; shares are 0 to 1, times milliseconds."""

    queries: int = 0
    left_out: int = 0
    ndcg: float = 0.0
    success: dict[int, float] = field(default_factory=dict)
    mrr: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    misses: list[Miss] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures with the names that the field uses."""
        return {
            "queries": self.queries,
            "left_out": self.left_out,
            "ndcg@10": round(self.ndcg, 4),
            "success@1": round(self.success.get(1, 0.0), 4),
            "success@3": round(self.success.get(3, 0.0), 4),
            "success@5": round(self.success.get(5, 0.0), 4),
            "mrr": round(self.mrr, 4),
            "p50_ms": round(self.p50, 2),
            "p99_ms": round(self.p99, 2),
        }


def read_queries(path: Path) -> list[Judged]:
    """Return the queries of a file of JSON lines {query, codes, lang}; raises LoadError on a bad line."""
    found = []
    for line in read_jsonl(path):
        data = line.data
        if data is None or not isinstance(data.get("query"), str) or not isinstance(data.get("codes"), list):
            raise LoadError(f"{path.name}, row {line.number}: {line.reason or 'it needs «query» and «codes»'}.")
        found.append(Judged(data["query"], frozenset(map(str, data["codes"])), data.get("lang") or "vi"))
    return found


def finder(engine: str = "") -> Finder:
    """Return the portal's search over procedures, best bets too, of one engine where it is named."""
    ask = public.ask_named(engine) if engine else public.ask_any

    def find(text: str, language: str) -> list[str]:
        query, lexicon = public.understood(text, language=language)
        found = public.ordered(text, query, lexicon, (PROCEDURE,), ask=ask)
        return [document.key.partition(":")[2] for document in found[:DEPTH]]

    return find


def evaluate(queries: Iterable[Judged], find: Finder, known: frozenset[str]) -> Quality:
    """Return the quality of the answers; a query none of whose codes is known is left out and counted.

    The ideal of nDCG counts known codes only. Each query is asked once before, so that times are of a warm process.
    """
    quality = Quality()
    chosen = []
    for judged in queries:
        codes = judged.codes & known
        if codes:
            chosen.append(Judged(judged.text, codes, judged.language))
        else:
            quality.left_out += 1
    gains, ranks, times = [], [], []
    for judged in chosen:
        find(judged.text, judged.language)
        began = time.perf_counter()
        got = find(judged.text, judged.language)
        times.append((time.perf_counter() - began) * 1000)
        place = next((at for at, code in enumerate(got, start=1) if code in judged.codes), None)
        gains.append(ndcg(got, judged.codes))
        ranks.append(place)
        if place is None or place > 3:
            quality.misses.append(Miss(judged, tuple(got[:3]), place))
    count = quality.queries = len(chosen)
    if not count:
        return quality
    quality.ndcg = sum(gains) / count
    quality.success = {k: sum(place is not None and place <= k for place in ranks) / count for k in (1, 3, 5)}
    quality.mrr = sum(1 / place for place in ranks if place) / count
    quality.p50, quality.p99 = percentile(times, 50), percentile(times, 99)
    return quality


def ndcg(got: Sequence[str], right: frozenset[str]) -> float:
    """Return nDCG@10 of an answer where every right code is worth the same."""
    gain = sum(1 / math.log2(at + 1) for at, code in enumerate(got[:DEPTH], start=1) if code in right)
    ideal = sum(1 / math.log2(at + 1) for at in range(1, min(DEPTH, len(right)) + 1))
    return gain / ideal


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value below which `share` percent lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * share / 100) - 1, 0)]
