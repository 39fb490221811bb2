"""The one door of search: what the portal and the desk ask. Everything returned is a frozen value."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from search import knowledge
from search.documents import FIRST, KINDS, LONG, NAME, PROCEDURE, SHORT, Entry
from search.engines import cluster, embedded
from search.lexicon import Lexicon
from search.ranking import Firsts, Found, engine_terms, gather, rank
from search.understanding import Query, understand

logger = logging.getLogger(__name__)
TEXTS = 32
"""How many names and phrases an engine is asked for; the ranking reads each."""
BODIES = 12
OF_EACH = 3
NAMES = 40
"""How many names more are read of documents that other texts have brought."""
TELLS_SHORT, TELLS_LONG = 0.25, 0.5
"""An engine isn't asked for terms that gain less than this share of the best one."""
NEAR = 0.42
"""A text that gains less than this share of the best one isn't read."""
ENOUGH, MANY = 2, 10
"""How many times more texts an engine is asked for, and how many where these are cut through equal ones."""
ALL = 10_000
"""How many texts a cluster returns at most."""
BRIEF = 0.5
"""What a text that is put first gains, of what the best term does: it says little besides."""
MOST = 100
"""Hits of a query at most."""
FAR_BEHIND = 0.45
"""A hit whose score is less than this share of the best one's isn't shown."""
LEAST = 1.0
"""A score below which nothing fits."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found. `name` is the row's code, slug or id; `why` the text that fitted best."""

    kind: str
    name: str
    score: float
    why: str = ""
    why_language: str = "vi"
    why_role: str = NAME
    titles: dict[str, str] = field(default_factory=dict)
    """Of suggestions only: a page reads its rows anyway."""

    def title(self, language: str) -> tuple[str, str]:
        """Return the title in the language, else in Vietnamese, and the language that it is in."""
        if language in self.titles:
            return self.titles[language], language
        return self.titles.get("vi", self.name), "vi"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found, best first, and how it was understood."""

    hits: tuple[Hit, ...] = ()
    mended: str = ""
    """What the query was read as, where a slip was mended: «did you mean»."""
    parts: tuple[str, ...] = ()
    """Parts of the page that the question asks for: papers, fee, time, place, online, form."""
    words: tuple[str, ...] = ()
    """The words that were looked for, folded: what to highlight."""
    phrases: tuple[tuple[str, ...], ...] = ()
    """The legal phrases that they mean, folded: highlighted as a whole."""


WELL_KNOWN = 0.5
"""What being well known adds to a suggestion's score."""
SURE = 9.0
"""The score of a best bet that nothing else found."""


def is_ready() -> bool:
    """Return whether there is an index to ask."""
    return embedded().exists()


def warm() -> int:
    """Read every text of the embedded index, so that no reader waits for it; return how many there are."""
    return embedded().warm()


def find(text: str, *, language: str = "vi", kinds: Sequence[str] = (PROCEDURE,), limit: int = MOST) -> Answer:
    """Return what the text means, best first; at most 100 hits, bounded work for any text."""
    return _answer(text, language, kinds, min(limit, MOST), prefix=False)


def suggest(text: str, *, language: str = "vi", kinds: Sequence[str] = KINDS, limit: int = 8) -> Answer:
    """Return what the text, whose last word may still be growing, will probably mean."""
    return _answer(text, language, kinds, limit, prefix=True)


def understood(text: str, *, language: str = "vi", prefix: bool = False) -> tuple[Query, Lexicon]:
    """Return the query as it is understood, and the lexicon that it was weighed by."""
    lexicon = embedded().lexicon()
    return understand(text, lexicon, knowledge.current(), language=language, prefix=prefix), lexicon


def _answer(text: str, language: str, kinds: Sequence[str], limit: int, *, prefix: bool) -> Answer:
    query, lexicon = understood(text, language=language, prefix=prefix)
    found = ordered(text, query, lexicon, kinds, ask=ask_short if prefix else ask_any)
    if prefix:
        # A query that is still growing says little yet: what many need stands first.
        found.sort(key=lambda document: (-document.score - WELL_KNOWN * document.weight, document.key))
    best = max((document.score - document.same for document in found), default=0.0)
    floor = max(best * FAR_BEHIND, LEAST)
    hits = tuple(_hit(document, titled=prefix) for document in found[:limit] if document.score >= floor)
    words = {term for want in query.wants for term in (want.term, *want.others)}
    phrases = {tuple(term for _marked, term in widening.terms) for widening in query.widenings}
    return Answer(
        hits, query.mended if hits else "", query.parts, tuple(sorted(words)), tuple(sorted(filter(None, phrases)))
    )


def ordered(text: str, query: Query, lexicon: Lexicon, kinds: Sequence[str], *, ask: Ask | None = None) -> list[Found]:
    """Return all that fits, best bets for exactly this text first."""
    found = ranked(query, lexicon, kinds, ask=ask or ask_any)
    first = _bets(text, found) if PROCEDURE in kinds else []
    if not first:
        return found
    keys = {bet.key for bet in first}
    return [*first, *(document for document in found if document.key not in keys)]


Ask = Callable[[Sequence[tuple[str, float]], Sequence[str], int], list[tuple[float, Entry]]]
"""Takes terms with their gains, fields and a limit; returns texts with their sums, best first."""


def ask_any(terms: Sequence[tuple[str, float]], fields: Sequence[str], limit: int) -> list[tuple[float, Entry]]:
    """Ask the cluster where there is one and it answers in time, else the embedded engine."""
    chosen = cluster()
    if chosen is not None and not chosen.is_left_alone:
        try:
            return chosen.search(terms, fields=fields, limit=limit)
        except Exception as error:
            chosen.leave_alone()
            logger.warning("The search cluster failed (%s): the embedded index answers.", type(error).__name__)
    return embedded().search(terms, fields=fields, limit=limit)


def ask_short(terms: Sequence[tuple[str, float]], fields: Sequence[str], limit: int) -> list[tuple[float, Entry]]:
    """Ask for names and phrases only: what a growing query needs, at every keystroke."""
    return [] if fields[0].endswith(LONG) else ask_any(terms, fields, limit)


def ask_named(engine_name: str) -> Ask:
    """Return what asks one engine alone, «tantivy» or «elasticsearch»; its failure is raised."""
    engine = embedded() if engine_name == "tantivy" else cluster()
    assert engine is not None, "SEARCH_URL names no cluster"
    return lambda terms, fields, limit: engine.search(terms, fields=fields, limit=limit)


def ranked(
    query: Query, lexicon: Lexicon, kinds: Sequence[str], *, ask: Ask = ask_any, firsts: Firsts | None = None
) -> list[Found]:
    """Return the documents of these kinds that fit, best first."""
    return rank(gathered(query, lexicon, kinds, ask=ask, firsts=firsts))[:MOST]


def gathered(
    query: Query, lexicon: Lexicon, kinds: Sequence[str], *, ask: Ask = ask_any, firsts: Firsts | None = None
) -> list[Found]:
    """Return the documents that the ranking chooses among, with what it weighs."""
    return gather(query, lexicon, candidates(query, lexicon, kinds, ask=ask), firsts or embedded().firsts)


def candidates(query: Query, lexicon: Lexicon, kinds: Sequence[str], *, ask: Ask = ask_any) -> list[Entry]:
    """Return the texts that the ranking reads: the names and phrases, and the bodies, that gain most."""
    terms = engine_terms(query, lexicon)
    if not terms or not kinds:
        return []
    told = telling(terms, TELLS_SHORT)
    most = max(gain for _term, gain in told)
    told.append((FIRST, BRIEF * most))
    texts = near(ask, told, [f"{kind}_{SHORT}" for kind in kinds], TEXTS)
    words = [(term, gain) for term, gain in terms if "_" not in term]  # Long texts are indexed without pairs.
    bodies = near(ask, telling(words, TELLS_LONG), [f"{kind}_{LONG}" for kind in kinds], BODIES)
    return [*texts, *bodies, *unread_names(texts, bodies)]


def telling(terms: Sequence[tuple[str, float]], share: float) -> list[tuple[str, float]]:
    """Return the terms that gain at least this share of what the best one does: the others stand in most texts."""
    least = share * max((gain for _term, gain in terms), default=0.0)
    return [(term, gain) for term, gain in terms if gain >= least]


def unread_names(texts: Sequence[Entry], bodies: Sequence[Entry]) -> list[Entry]:
    """Return the names of documents of which only other texts were chosen: the ranking reads them all the same."""
    read = {entry.owner for entry in texts if entry.role == NAME}
    owners = dict.fromkeys(entry.owner for entry in [*bodies, *texts] if entry.owner not in read)
    return embedded().names(list(owners)[:NAMES])


def near(ask: Ask, terms: Sequence[tuple[str, float]], fields: Sequence[str], limit: int) -> list[Entry]:
    """Return at most `limit` texts whose sum isn't far below the best one's, a few of each document.

    Of texts with one sum those of well-known documents come first, then the shortest: never an engine's own order.
    """
    scored = whole_ties(ask, terms, fields, limit)
    least = scored[0][0] * NEAR if scored else 0.0
    kept = sorted(
        (-score, -entry.weight, len(entry.term_set), entry.id, entry) for score, entry in scored if score >= least
    )
    return best_of_each((row[-1] for row in kept), limit)


def whole_ties(
    ask: Ask, terms: Sequence[tuple[str, float]], fields: Sequence[str], limit: int
) -> list[tuple[float, Entry]]:
    """Return the texts that gain most, with all texts of each sum or none.

    An engine is asked for more than are read, for many more where nearly all of these are equal, and for all where
    the best are: it cuts through equal texts in an order of its own.
    """
    scored: list[tuple[float, Entry]] = []
    for asked, enough in ((limit * ENOUGH, limit // 2), (limit * MANY, 0), (ALL, 0)):
        scored = [(round(score, 2), entry) for score, entry in ask(terms, fields, asked)]
        if len(scored) < asked:
            return scored
        last = scored[-1][0]
        if scored[enough][0] > last:
            return [pair for pair in scored if pair[0] > last]
    return scored


def best_of_each(texts: Iterable[Entry], limit: int) -> list[Entry]:
    """Return the first texts, a few of each document: its other phrases tell nothing more."""
    counts: Counter[str] = Counter()
    chosen: list[Entry] = []
    for text in texts:
        counts[text.owner] += 1
        if counts[text.owner] <= OF_EACH:
            chosen.append(text)
            if len(chosen) == limit:
                break
    return chosen


def _bets(text: str, found: Sequence[Found]) -> list[Found]:
    """Return what an editor put first for exactly this query."""
    bets = knowledge.best_bets()
    codes = bets.get(knowledge.bet_key(text), ()) if bets else ()
    by_key = {document.key: document for document in found}
    result = []
    for code in codes:
        key = f"{PROCEDURE}:{code}"
        entry = embedded().first(key)
        if entry:
            result.append(by_key.get(key) or Found(key, PROCEDURE, score=SURE, same=SURE, why=entry))
    return result


def _hit(document: Found, *, titled: bool) -> Hit:
    why = document.why
    first = embedded().first(document.key) if titled else None
    return Hit(
        kind=document.kind,
        name=document.key.partition(":")[2],
        score=document.score,
        why=why.text if why else "",
        why_language=why.language if why else "vi",
        why_role=why.role if why else NAME,
        titles=first.shown if first else {},
    )
