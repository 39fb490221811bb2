"""What a queue is narrowed by, as conditions on dossiers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q

from catalogue.models import Agency
from catalogue.opening import ZONE
from desk.actors import Actor
from desk.causes import cause_is
from desk.inheriting import Part
from desk.models import Dossier, HandOver
from desk.models.indexes import IS_READY
from desk.permissions import Side
from desk.querysets import SIDES, stands_at
from desk.states import OPEN, State, StopKind

ONE_DAY = dt.timedelta(1)


@dataclass(frozen=True)
class Filter:
    """What to show of the dossiers that the actor's agencies (`scope`) have to do with; empty fields don't narrow.

    `side` and `agency`: only those that the agency (else one of the scope) receives, decides or holds; without a side,
    has to do with. `states`: any of them. `urgency` and `due_before` choose among open dossiers. `free_for`: what
    nobody has in hand, unless it was passed to somebody else by name; with `holder`, that person's as well. `taker`
    and `taken_at`: hand-overs that this person may take at these agencies. `is_ready`: what waits at the counter to be
    handed over. `submitted_from` and `submitted_to` are local days, both taken in. `code`: how it begins. `name`: words
    of a party's name, with marks or without, the last perhaps not finished. `number`: an identity number or telephone,
    whole. `ending`: the last digits of one, or of a code. `is_newest_first`: open work too. `is_whole`: the scope is
    known to be everything there is, or not to be.

    `is_unheld`: nobody's name stands at it, for whatever reason. `stands_in`: what people hold at agencies, or were
    given there by name (pairs of agency and person). `step`: its internal step, "" for none. `cause`: for whom it waits
    (`desk/causes.py`). `is_shadow`: only copies of what ministries' systems settle, or only the others. `due_from` and
    `due_to`: local days, both taken in. `settlement` and `settled_in`: how it was settled, in the month of a day; what
    was settled last stands on top.
    """

    scope: frozenset[int]
    at: dt.datetime
    side: Side | None = None
    agency: int | None = None
    states: frozenset[int] = frozenset()
    holder: int | None = None
    free_for: int | None = None
    taker: int | None = None
    taken_at: frozenset[int] = frozenset()
    is_ready: bool = False
    procedure: int | None = None
    urgency: str = ""
    due_before: dt.datetime | None = None
    submitted_from: dt.date | None = None
    submitted_to: dt.date | None = None
    channel: str = ""
    code: str = ""
    name: str = ""
    number: str = ""
    ending: str = ""
    is_newest_first: bool = False
    is_unheld: bool = False
    stands_in: frozenset[tuple[int, int]] | None = None
    step: str | None = None
    cause: str = ""
    is_shadow: bool | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    is_suspended: bool = False
    settlement: str = ""
    settled_in: dt.date | None = None
    is_whole: bool | None = field(default=None, compare=False)
    parts: tuple[Part, ...] = ()

    @property
    def is_queue(self) -> bool:
        """Return whether it shows work to be done, what is due first on top; else what came last stands on top."""
        if self.is_settled:
            return False
        return self.is_about_due or (not self.is_newest_first and bool(self.states) and self.states <= OPEN)

    @property
    def is_about_due(self) -> bool:
        """Return whether it chooses by due date, which has a meaning for open dossiers only."""
        return bool(self.urgency) or any(day is not None for day in (self.due_before, self.due_from, self.due_to))

    @property
    def is_settled(self) -> bool:
        """Return whether it chooses among what was settled."""
        return bool(self.settlement) or self.settled_in is not None

    @property
    def is_about_work(self) -> bool:
        """Return whether it chooses by what counters don't know of the work: step, cause, whose name stands there."""
        named = (self.stands_in, self.step, self.is_shadow)
        flags = self.is_unheld or bool(self.cause) or self.is_suspended
        return flags or self.is_settled or any(each is not None for each in named)

    @property
    def is_about_hands(self) -> bool:
        """Return whether it chooses by who has a dossier in hand, or at which counter it waits."""
        return self.is_ready or any(each is not None for each in (self.holder, self.free_for, self.taker))

    @property
    def chosen_states(self) -> frozenset[int]:
        """Return the states that can be in it."""
        states = self.states or frozenset(State.values)
        return frozenset(map(int, states & OPEN if self.is_about_due else states))

    @property
    def is_text(self) -> bool:
        """Return whether it looks for a text."""
        return bool(self.code or self.name or self.number or self.ending)


def filter_for(actor: Actor, at: dt.datetime, **narrowed: Any) -> Filter:
    """Return a filter over what an officer's posts reach."""
    return Filter(actor.agencies, at, parts=actor.parts, **narrowed)


def with_reach_known(chosen: Filter) -> Filter:
    """Return a filter that knows whether its scope is everything, so that a page and its count don't ask twice."""
    return replace(chosen, is_whole=is_everything(chosen.scope)) if chosen.is_whole is None else chosen


@dataclass(frozen=True)
class Reach:
    """At which agencies (None: at whichever) and sides a filter looks, and what else must be so for it to be seen."""

    sides: tuple[str, ...]
    agencies: frozenset[int] | None
    visible: Q | None = None

    @property
    def condition(self) -> Q:
        """Return it as a condition: right with every other one, quick only for a few rows or most of them."""
        if self.agencies is None:
            return self.seen
        return stands_at(self.sides, self.agencies) & self.seen

    @property
    def seen(self) -> Q:
        """Return the condition that the actor may see a dossier, where the agencies don't say so."""
        return Q() if self.visible is None else self.visible

    @property
    def columns(self) -> dict[str, list[int]]:
        """Return the agencies that stand in each column; none where it is everything."""
        return {} if self.agencies is None else dict.fromkeys(self.sides, sorted(self.agencies))


def reach_of(chosen: Filter) -> Reach:
    """Return where a filter looks (one or two queries for somebody whose posts reach many agencies)."""
    sides = (chosen.side.value,) if chosen.side else SIDES
    if chosen.agency is not None:
        own = chosen.agency in chosen.scope or with_reach_known(chosen).is_whole
        seen = None if own else stands_at(SIDES, chosen.scope, chosen.parts)
        return Reach(sides, frozenset({chosen.agency}), seen)
    if with_reach_known(chosen).is_whole:
        return Reach(sides, None)
    if chosen.parts:
        of_parts = frozenset(part.agency_id for part in chosen.parts)
        return Reach(sides, chosen.scope | of_parts, stands_at(sides, chosen.scope, chosen.parts))
    return Reach(sides, chosen.scope)


MANY = 8
"""Agencies from which on it is worth asking whether they are all."""


def is_everything(scope: frozenset[int]) -> bool:
    """Return whether every dossier has to do with the scope only, read from the rows (two queries at most)."""
    if len(scope) < MANY:
        return False
    outside = set(Agency.objects.order_by().values_list("pk", flat=True)) - scope
    return not outside or not Dossier.objects.filter(stands_at(SIDES, frozenset(outside))).exists()


def conditions(chosen: Filter) -> Q:
    """Return all that a filter asks for but reach, text and urgency."""
    found = Q()
    if chosen.states or chosen.is_about_due:
        found &= Q(state__in=sorted(chosen.chosen_states))
    if chosen.is_queue and chosen.chosen_states != OPEN:
        found &= Q(state__in=sorted(OPEN))  # Says of a subset that the index of the open ones has it.
    exact = {"procedure_id": chosen.procedure, "channel": chosen.channel or None}
    found &= Q(**{name: value for name, value in exact.items() if value is not None}) & in_hand(chosen)
    if chosen.due_before is not None:
        found &= Q(due_at__lt=chosen.due_before)
    found &= between("due_at", chosen.due_from, chosen.due_to) & at_work(chosen) & settled(chosen)
    return found & between("submitted_at", chosen.submitted_from, chosen.submitted_to)


def at_work(chosen: Filter) -> Q:
    """Return the conditions of step, cause, and whose name stands there."""
    found = Q(holder=None) if chosen.is_unheld else Q()
    if chosen.stands_in is not None:
        found &= stood_for(chosen.stands_in)
    if chosen.step is not None:
        found &= Q(step=chosen.step)
    if chosen.cause:
        found &= Q(state__in=sorted(OPEN)) & cause_is(chosen.cause)
    if chosen.is_shadow is not None:
        found &= ~Q(system="") if chosen.is_shadow else Q(system="")
    if chosen.is_suspended:
        found &= Q(state=State.STOPPED.value, stop_kind=StopKind.SUSPENSION.value)
    return found


def stood_for(pairs: frozenset[tuple[int, int]]) -> Q:
    """Return the condition that colleagues (pairs of agency and person) hold it, or were given it by name."""
    if not pairs:
        return Q(pk__in=[])
    given = Q(*(Q(to_agency=agency, to_user=person) for agency, person in sorted(pairs)), _connector=Q.OR)
    held = Q(*(Q(holder_agency=agency, holder=person) for agency, person in sorted(pairs)), _connector=Q.OR)
    return held | Q(pk__in=HandOver.objects.filter(given, taken_at=None).order_by().values("dossier"))


def settled(chosen: Filter) -> Q:
    """Return the condition of how and in which month something was settled that had been received."""
    if not chosen.is_settled:
        return Q()
    found = Q(settled_at__isnull=False, received_at__isnull=False)
    if chosen.settlement:
        found &= Q(settlement=chosen.settlement)
    if chosen.settled_in is not None:
        first = chosen.settled_in.replace(day=1)
        found &= Q(settled_at__gte=midnight(first), settled_at__lt=midnight((first + 31 * ONE_DAY).replace(day=1)))
    return found


def in_hand(chosen: Filter) -> Q:
    """Return the conditions of who has it in hand, who may take it, and whether it waits at the counter."""
    found = IS_READY if chosen.is_ready else Q()
    waiting = HandOver.objects.filter(dossier=OuterRef("pk"), taken_at=None).order_by()
    if chosen.taker is not None:
        for_me = Q(to_user=None) | Q(to_user=chosen.taker)
        found &= Q(Exists(waiting.filter(for_me, to_agency__in=sorted(chosen.taken_at))))
    mine = Q(holder_id=chosen.holder)
    if chosen.free_for is None:
        return found if chosen.holder is None else found & mine
    for_others = waiting.filter(to_user__isnull=False).exclude(to_user=chosen.free_for)
    free = Q(holder_id=None, system="")
    # Whoever has it in hand is the one it was passed to, if it was: so this stands beside the OR, not in it. PostgreSQL
    # reckons a subquery within an OR as if it ran once a row, and reads all that the agency ever had instead.
    return found & (free if chosen.holder is None else free | mine) & ~Q(Exists(for_others))


def between(column: str, first: dt.date | None, last: dt.date | None) -> Q:
    """Return the condition that a moment lies between two local days, both taken in."""
    found = Q()
    if first is not None:
        found &= Q((f"{column}__gte", midnight(first)))
    if last is not None:
        found &= Q((f"{column}__lt", midnight(last + ONE_DAY)))
    return found


def midnight(day: dt.date) -> dt.datetime:
    """Return the local beginning of a day."""
    return dt.datetime.combine(day, dt.time(), ZONE)
