"""Which dossiers' time is over, by which rule, and what keeps the others.

No term is law here: none of our sources names one for the data of a dossier. The province decides (`RetentionRule`, or
DESK_RETENTION_YEARS for all others); without a decision nothing is ever due.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from catalogue.opening import ZONE
from desk.models import Dossier, LegalHold, RetentionRule
from desk.querysets import DossierQuerySet
from desk.states import HANDED_BACK, OPEN, State, StopKind

OPEN_STILL, HELD, UNPAID, NOT_HANDED_OVER = "open", "held", "unpaid", "not handed over"
BLOCKS = (OPEN_STILL, HELD, UNPAID, NOT_HANDED_OVER)
"""What keeps a dossier whose time is over, in the order in which it is looked for."""


@dataclass(frozen=True)
class Term:
    """A rule as it is applied: of whom, and until which moment what has ended by then is due; None: kept for good."""

    name: str
    dossiers: Q
    ended_before: dt.datetime | None


@dataclass
class Due:
    """What a look at all rules found: how many are due by rule, and how many something keeps, by what."""

    by_rule: dict[str, int] = field(default_factory=dict)
    kept_by: Counter[str] = field(default_factory=Counter)


def terms(on: dt.date) -> Iterator[Term]:
    """Yield the rules, the most particular first; what one names isn't another's (one query)."""
    rules = list(RetentionRule.objects.select_related("procedure", "field").order_by("pk"))
    procedures = [rule.procedure_id for rule in rules if rule.procedure_id]
    fields = [rule.field_id for rule in rules if rule.field_id]
    for rule in rules:
        if rule.procedure is not None:
            yield Term(f"procedure {rule.procedure.code}", Q(procedure=rule.procedure), cutoff(rule.years, on))
    for rule in rules:
        if rule.field_id:
            chosen = Q(procedure__field=rule.field_id) & ~Q(procedure__in=procedures)
            yield Term(f"field {rule.field_id}", chosen, cutoff(rule.years, on))
    others = ~Q(procedure__in=procedures) & ~Q(procedure__field__in=fields)
    rest = next((rule for rule in rules if not (rule.procedure_id or rule.field_id)), None)
    years = rest.years if rest else settings.DESK_RETENTION_YEARS or None
    yield Term("all others" if rest else "all others, by the setting", others, cutoff(years, on))


def cutoff(years: int | None, on: dt.date) -> dt.datetime | None:
    """Return the moment before which a dossier must have ended to be due on a day."""
    if years is None or on.year - years < 1:
        return None
    try:
        day = on.replace(year=on.year - years)
    except ValueError:  # The 29th of February.
        day = on.replace(year=on.year - years, day=28)
    return dt.datetime.combine(day, dt.time(), ZONE)


def old(term: Term) -> DossierQuerySet:
    """Return those whose time is over by a rule and that aren't anonymised: it runs from the hand-over or the end."""
    if term.ended_before is None:
        return Dossier.objects.none()
    ended = Coalesce("returned_at", "handed_back_at", "settled_at", "last_at")
    rows = Dossier.objects.filter(term.dossiers, anonymised_at=None)
    return rows.annotate(ended=ended).filter(ended__lt=term.ended_before)


def kept(on: dt.date) -> dict[str, Q]:
    """Return what keeps a dossier, each as a condition."""
    held = LegalHold.objects.filter(dossier=OuterRef("pk"), ended_at=None).filter(Q(until=None) | Q(until__gte=on))
    is_ours, back = Q(system=""), sorted(map(int, HANDED_BACK))
    return {
        OPEN_STILL: Q(state__in=sorted(map(int, OPEN))) | Q(state=State.STOPPED, stop_kind=StopKind.SUSPENSION),
        HELD: Q(Exists(held)),
        UNPAID: is_ours & Q(state=State.RETURNED, fee_due__gt=F("fee_paid")),
        NOT_HANDED_OVER: is_ours & (Q(state=State.FINISHED) | Q(state__in=back, handed_back_at=None)),
    }


def due(term: Term, on: dt.date) -> DossierQuerySet:
    """Return those that are to be anonymised by a rule: their time is over and nothing keeps them."""
    rows = old(term)
    for condition in kept(on).values():
        rows = rows.exclude(condition)
    return rows


def look(on: dt.date) -> Due:
    """Count what is due by each rule, and what keeps the rest (a query a rule, and one for each thing that keeps)."""
    found = Due()
    for term in terms(on):
        found.by_rule[term.name] = due(term, on).count()
        rows = old(term)
        for name, condition in kept(on).items():
            found.kept_by[name] += rows.filter(condition).count()
            rows = rows.exclude(condition)
    return found


def why_kept(pk: int, on: dt.date) -> str:
    """Return what keeps a locked dossier now; empty where nothing does (one query)."""
    anything = Q()
    for condition in kept(on).values():
        anything |= condition
    row = Dossier.objects.filter(pk=pk)
    if not row.filter(anything).exists():
        return ""
    return next(name for name, condition in kept(on).items() if row.filter(condition).exists())
