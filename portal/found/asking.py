"""Ask the search room for one page of results: procedures in their order, and what else fits."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from django.utils.translation import get_language

from search import public
from search.documents import CENTRE, GUIDE, HOTLINE, PLACE, PROCEDURE
from search.public import Hit

logger = logging.getLogger(__name__)
OTHERS = {CENTRE: 0.65, HOTLINE: 0.65, GUIDE: 0.6, PLACE: 0.75}
"""Kinds beside the procedures, and the share of the best score that a hit of each needs to be shown."""
BESIDE = 0.5
"""Where another kind leads, procedures with less than this share of its score are chance."""
EACH, KINDS_SHOWN, READ = 3, 2, 30
"""Hits of another kind, kinds, and hits looked at."""
NEAREST = 3


@dataclass(frozen=True)
class Found:
    """What a query found."""

    procedures: tuple[Hit, ...] = ()
    others: dict[str, list[Hit]] = field(default_factory=dict)
    """Hits of the other kinds that really fit, by kind, the best kind first."""
    leader: str = PROCEDURE
    """The kind of the best hit."""
    mended: str = ""
    parts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()

    @property
    def order(self) -> dict[str, int]:
        """Return the place of each procedure by its code."""
        return {hit.name: place for place, hit in enumerate(self.procedures)}

    @property
    def by_code(self) -> dict[str, Hit]:
        """Return the hit of each procedure."""
        return {hit.name: hit for hit in self.procedures}


def ask(query: str) -> tuple[Found | None, bool]:
    """Return what the query found, and whether search failed.

    None where nothing was typed, where there is no index yet, and after a failure: plain word search answers then.
    """
    if not query:
        return None, False
    try:
        return (look_for(query), False) if public.is_ready() else (None, False)
    except Exception:
        logger.exception("Search failed: plain words answer.")
        return None, True


def look_for(query: str) -> Found:
    """Return what the query found."""
    language = get_language() or "vi"
    answer = public.find(query, language=language)
    beside = public.find(query, language=language, kinds=tuple(OTHERS), limit=READ)
    best_procedure = answer.hits[0].score if answer.hits else 0.0
    best_other = beside.hits[0].score if beside.hits else 0.0
    leads = best_other > best_procedure
    floor = best_other * BESIDE if leads else 0.0
    return Found(
        procedures=tuple(hit for hit in answer.hits if hit.score >= floor),
        others=fitting(beside.hits, max(best_procedure, best_other)),
        leader=beside.hits[0].kind if leads else PROCEDURE,
        mended=answer.mended,
        parts=answer.parts,
        words=answer.words,
        phrases=answer.phrases,
    )


def fitting(hits: tuple[Hit, ...], best: float) -> dict[str, list[Hit]]:
    """Return the hits of other kinds that fit, three of a kind and two kinds at most."""
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.score < best * OTHERS[hit.kind]:
            continue
        if hit.kind not in found and len(found) == KINDS_SHOWN:
            continue
        if len(found.setdefault(hit.kind, [])) < EACH:
            found[hit.kind].append(hit)
    return found


def nearest(query: str) -> tuple[Hit, ...]:
    """Return the procedures that come nearest where nothing was found: the last word may not be whole."""
    try:
        return near(query) if public.is_ready() else ()
    except Exception:
        logger.exception("Search failed: nothing near is offered.")
        return ()


def near(query: str) -> tuple[Hit, ...]:
    """Return what the query may become."""
    return public.suggest(query, language=get_language() or "vi", kinds=(PROCEDURE,), limit=NEAREST).hits
