"""How good search is now, and how good it would be: a lesson is tried on every judged query before it is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Procedure
from search import documents, evaluation, knowledge, public
from search.documents import PROCEDURE, Document, Entry
from search.engines import embedded
from search.evaluation import DEPTH, Finder, Judged
from search.lexicon import Lexicon
from search.models import JudgedQuery
from search.understanding import Query, understand
from search.words import Knowledge

WAIT = 4.0
"""Seconds that an editor waits while another one's lesson is measured in this process."""
MOST_KEPT = 20_000
"""Answers that a process keeps for the next lesson."""
_turn = threading.Lock()
_kept: tuple[tuple[object, ...], World] | None = None
"""What was measured last without a lesson: it holds until the index, the words or the best bets change."""


@dataclass(frozen=True)
class Figures:
    """The quality on one group of judged queries, before and after."""

    language: str
    origin: str
    queries: int
    ndcg: tuple[float, float]
    success: tuple[float, float]
    """Among the first three."""

    @property
    def trend(self) -> int:
        """Return 1 where it gets better by nDCG, else by success, -1 where worse, 0 where both stay (four places)."""
        for before, after in (self.ndcg, self.success):
            if round(before, 4) != round(after, 4):
                return 1 if after > before else -1
        return 0


@dataclass(frozen=True)
class Moved:
    """A judged query that is answered better or worse: nDCG, and the place of the first right answer."""

    text: str
    language: str
    ndcg: tuple[float, float]
    place: tuple[int | None, int | None]


@dataclass(frozen=True)
class Trial:
    """What a lesson would do: to all judged queries, to each group of them, to its own query."""

    total: Figures
    groups: tuple[Figures, ...]
    better: tuple[Moved, ...]
    worse: tuple[Moved, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    """Codes that the query itself finds, best first."""

    @property
    def moved_groups(self) -> list[Figures]:
        """Return the groups whose figures change."""
        return [row for row in self.groups if row.trend]

    @property
    def unmoved_groups(self) -> list[Figures]:
        """Return the groups whose figures stay."""
        return [row for row in self.groups if not row.trend]

    def place_of(self, code: str) -> int | None:
        """Return the place at which the query will find a code, from 1."""
        return self.after.index(code) + 1 if code in self.after else None


@dataclass
class World:
    """What search knows at one moment: words, best bets, and documents that differ from the index."""

    words: Knowledge
    bets: dict[str, list[str]]
    changed: Sequence[Document] = ()
    answers: dict[Query, list[str]] = field(default_factory=dict)
    """What was looked for already, as it was understood."""
    found: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """What each text of a language found, best bets first."""
    lexicon: Lexicon = field(init=False)

    def __post_init__(self) -> None:
        live = embedded().lexicon()
        self.lexicon = live
        self.entries = [entry for document in self.changed for entry in document.entries()]
        self.owners = {document.key for document in self.changed}
        if self.entries:
            self.lexicon = live.with_words(live.unknown(self.entries))

    def ask(self, terms: Sequence[tuple[str, float]], fields: Sequence[str], limit: int) -> list[tuple[float, Entry]]:
        """Return what the embedded engine would with the changed documents in the place of its own."""
        gains = dict(terms)
        own = [(sum(gains.get(t, 0.0) for t in e.indexed().split()), e) for e in self.entries if e.field in fields]
        found = embedded().search(terms, fields=fields, limit=limit + 2 * len(self.entries))
        kept = [pair for pair in found if pair[1].owner not in self.owners]
        return sorted([*kept, *(pair for pair in own if pair[0])], key=lambda pair: -pair[0])[:limit]

    def firsts(self, keys: Iterable[str]) -> list[Entry]:
        """Return the first texts of documents, the changed ones' as they would be."""
        wanted = set(keys)
        own = [entry for entry in self.entries if entry.id == f"{entry.owner}#0" and entry.owner in wanted]
        return [*own, *embedded().firsts(wanted - self.owners)]

    def codes(self, query: Query) -> list[str]:
        """Return the codes that fit, best first."""
        found = public.ranked(query, self.lexicon, (PROCEDURE,), ask=self.ask, firsts=self.firsts)
        return [document.key.partition(":")[2] for document in found[:DEPTH]]

    def finder(self) -> Finder:
        """Return the search of this moment, best bets first; each query is looked for once."""
        kept = self.found

        def find(text: str, language: str) -> list[str]:
            if (text, language) not in kept:
                query = understand(text, self.lexicon, self.words, language=language)
                if query not in self.answers:
                    self.answers[query] = self.codes(query)
                first = self.bets.get(knowledge.bet_key(text), [])
                rest = (code for code in self.answers[query] if code not in first)
                kept[text, language] = [*first, *rest][:DEPTH]
            return kept[text, language]

        return find


def state() -> tuple[object, ...]:
    """Return what changes with the index, the words and the best bets."""
    return str(settings.VAR_DIR), embedded().state(), knowledge.generation.current()


def present() -> World:
    """Return what search knows now."""
    return World(knowledge.current(), knowledge.best_bets())


@contextmanager
def measuring() -> Iterator[World]:
    """Yield what search knows now, with what it answered before; one lesson at a time is measured in a process.

    Measuring takes the processor from readers. Raises ValidationError where it isn't one's turn within a few seconds.
    """
    global _kept
    if not _turn.acquire(timeout=WAIT):
        raise ValidationError(_("Another lesson is being measured right now. Try again in a minute."))
    try:
        began = state()
        if _kept is None or _kept[0] != began:
            _kept = (began, present())
        yield _kept[1]
        if state() != began or len(_kept[1].answers) > MOST_KEPT:
            _kept = None
    finally:
        _turn.release()


def future(save: Callable[[], object], keys: set[str], now: World) -> World:
    """Return what search would know after `save`, which is rolled back; it changes the documents of these keys.

    The transaction lasts as long as saving and reading, not as long as the measuring. Where no document
    changes, a query that is understood as before has its answer already.
    """
    with transaction.atomic():
        save()
        words, bets = knowledge.compiled(), knowledge.bets()
        changed = list(documents.documents(keys))
        transaction.set_rollback(True)
    return World(words, bets, changed, {} if changed else now.answers)


def try_out(save: Callable[[], object], keys: set[str], text: str, language: str) -> Trial:
    """Measure the judged queries and this one before and after `save`, and keep nothing.

    «Before» is measured once until something changes; «after» only where a query is understood in another way
    or a document changes.
    """
    with measuring() as now:
        later = future(save, keys, now)
        return compare(judged(), now.finder(), later.finder(), (text, language))


def judged() -> dict[tuple[str, str], list[Judged]]:
    """Return the judged queries by language and origin (two queries)."""
    found: dict[tuple[str, str], list[Judged]] = {}
    for row in JudgedQuery.objects.order_by("language", "origin", "pk").prefetch_related("procedures"):
        codes = frozenset(procedure.code for procedure in row.procedures.all())
        found.setdefault((row.language, row.origin), []).append(Judged(row.text, codes, row.language))
    return found


def compare(groups: dict[tuple[str, str], list[Judged]], before: Finder, after: Finder, own: tuple[str, str]) -> Trial:
    """Return the figures of two searches."""
    known = frozenset(Procedure.objects.public(settings.PROVINCE_CODE).values_list("code", flat=True))
    everything = [query for group in groups.values() for query in group]
    moved = [change for query in everything if (change := moves(query, before, after, known))]
    told = [figures(language, origin, group, before, after, known) for (language, origin), group in groups.items()]
    return Trial(
        total=figures("", "", everything, before, after, known),
        groups=tuple(told),
        better=tuple(change for change in moved if change.ndcg[1] > change.ndcg[0]),
        worse=tuple(change for change in moved if change.ndcg[1] < change.ndcg[0]),
        before=tuple(before(*own)),
        after=tuple(after(*own)),
    )


def figures(
    language: str, origin: str, queries: list[Judged], before: Finder, after: Finder, known: frozenset[str]
) -> Figures:
    """Return the figures of one group."""
    one, other = (evaluation.evaluate(queries, find, known) for find in (before, after))
    success = (one.success.get(3, 0.0), other.success.get(3, 0.0))
    return Figures(language, origin, one.queries, (one.ndcg, other.ndcg), success)


def moves(query: Judged, before: Finder, after: Finder, known: frozenset[str]) -> Moved | None:
    """Return how the answer to a query changes, None where it is as good as before."""
    right = query.codes & known
    answers = [find(query.text, query.language) for find in (before, after)]
    if not right or answers[0] == answers[1]:
        return None
    one, other = (evaluation.ndcg(got, right) for got in answers)
    first, second = (next((at for at, code in enumerate(got, 1) if code in right), None) for got in answers)
    return Moved(query.text, query.language, (one, other), (first, second)) if one != other else None
