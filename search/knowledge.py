"""The word knowledge of this process, compiled from the editors' rows and made anew when one changes."""

from __future__ import annotations

import threading

from django.conf import settings

from catalogue.generation import Generation
from search.models import BestBet, QuestionWords, WordGroup
from search.models.words import lines
from search.tokens import tokens
from search.words import Group, Knowledge, compile_knowledge

generation = Generation("search-words")
_lock = threading.Lock()
_kept: tuple[tuple[str, str], Knowledge, dict[str, list[str]]] | None = None


def current() -> Knowledge:
    """Return the knowledge as the rows stand now (three queries when one changed, else none)."""
    return _fresh()[1]


def best_bets() -> dict[str, list[str]]:
    """Return the codes of best bets by query, folded."""
    return _fresh()[2]


def bet_key(text: str) -> str:
    """Return the form in which a query is compared with the best bets."""
    return " ".join(token.folded for token in tokens(text))


def _fresh() -> tuple[tuple[str, str], Knowledge, dict[str, list[str]]]:
    global _kept
    state = (str(settings.VAR_DIR), generation.current())
    if _kept is None or _kept[0] != state:
        with _lock:
            if _kept is None or _kept[0] != state:
                _kept = (state, compiled(), bets())
    return _kept


def compiled() -> Knowledge:
    """Compile the rows as this transaction sees them (two queries)."""
    rows = WordGroup.objects.values_list("everyday", "legal", "kind", "language")
    groups = [Group(lines(everyday), lines(legal), kind, language) for everyday, legal, kind, language in rows]
    asked = QuestionWords.objects.values_list("phrases", "part", "language")
    return compile_knowledge(groups, [(lines(phrases), part, language) for phrases, part, language in asked])


def bets() -> dict[str, list[str]]:
    """Return the codes of best bets by query, as this transaction sees them (one query)."""
    found: dict[str, list[str]] = {}
    for phrases, code in BestBet.objects.order_by("pk").values_list("phrases", "procedure__code"):
        for phrase in lines(phrases):
            found.setdefault(bet_key(phrase), []).append(code)
    return found
