"""Dossiers: what an ended agency held is held by its heir. Everything else about them stays."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, QuerySet

from catalogue.models import Reorganisation
from catalogue.reorganising.followers import Conflict, Follower, Moves
from desk.actions import move_to_heir
from desk.actors import CLOCK
from desk.heirs import NEEDS_HOLDER
from desk.models import Dossier
from desk.reorganising.ended import Ended, portions, tell
from desk.states import State

Held = Counter[tuple[int, int | None, int]]
"""How many dossiers by the agency that held them, its heir, and state."""


def held(ended: Ended) -> QuerySet[Dossier]:
    """Return the dossiers that need a holder and are held by an agency that has ended."""
    return Dossier.objects.filter(NEEDS_HOLDER, holder_agency__in=sorted(ended.agencies)).order_by()


def look(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Return how many dossiers would move, by old and new holder and state (one query over them)."""
    ended = Ended.by(reorganisation.effective_on)
    by = ("holder_agency_id", "procedure_id", "received_by_id", "state")
    found: Held = Counter()
    for agency, procedure, receiver, state, number in held(ended).values_list(*by).annotate(Count("pk")):
        found[agency, ended.heir(agency, procedure, receiver), state] += number
    return told(found, ended)


def follow(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Move them, a portion a transaction: stopped in the middle, the next run finds what is left."""
    ended, began = Ended.by(reorganisation.effective_on), time.monotonic()
    found: Held = Counter()
    for agency in sorted(ended.agencies):
        columns = ("pk", "procedure_id", "received_by_id")
        rows = held(ended).filter(holder_agency=agency).order_by("pk").values_list(*columns)
        heirs = {pk: ended.heir(agency, procedure, receiver) for pk, procedure, receiver in rows}
        for portion in portions(pk for pk, heir in heirs.items() if heir is not None):
            shared = {"ended": agency, "reorganisation": reorganisation.pk, "posted": ended.posted}
            details = {pk: {**shared, "heir": heirs[pk]} for pk in portion}
            now = at + dt.timedelta(seconds=time.monotonic() - began)
            done = move_to_heir.bulk_each(details, by=CLOCK, at=now).done
            found.update((agency, each.holder_agency_id, int(each.state)) for each in done)
    for agency, procedure, receiver, state in held(ended).values_list(
        "holder_agency_id", "procedure_id", "received_by_id", "state"
    ):
        if ended.heir(agency, procedure, receiver) is None:
            found[agency, None, state] += 1
    return told(found, ended)


def told(found: Held, ended: Ended) -> Moves:
    """Return what moves in words, and by their codes those that nobody took over."""
    lines: dict[tuple[int, int], Counter[int]] = {}
    for (agency, heir, state), number in found.items():
        if heir is not None:
            lines.setdefault((agency, heir), Counter())[state] += number
    moves = Moves(sum(sum(states.values()) for states in lines.values()))
    ordered = sorted(lines.items(), key=lambda line: -sum(line[1].values()))
    is_unclear = any(heir is None for _agency, heir, _state in found)
    return tell(moves, (in_words(ended, *line) for line in ordered), unclear(ended) if is_unclear else ())


def in_words(ended: Ended, between: tuple[int, int], states: Counter[int]) -> str:
    """Return one line: from whom to whom, how many, in which states."""
    each = ", ".join(f"{State(state).label}: {number}" for state, number in sorted(states.items()))
    return f"{ended.name(between[0])} → {ended.name(between[1])}: {sum(states.values())} ({each})"


def unclear(ended: Ended) -> Iterator[Conflict]:
    """Yield the dossiers that stay where they are: only who is over the agency that has ended sees them."""
    rows = held(ended).order_by("code").values_list("code", "holder_agency_id", "procedure_id", "received_by_id")
    for code, agency, procedure, receiver in rows.iterator():
        if ended.heir(agency, procedure, receiver) is None:
            yield ended.nobody(f"{code} ({ended.name(agency)})")


FOLLOWER = Follower("dossiers", look, follow)
