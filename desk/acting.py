"""The beats of every act: lock, permission, transition, save, event, and after the commit what the outside hears.

An act's work changes the locked dossier in memory and says which rows it adds and changes. Nothing is written before
all of it has been found right, so a refusal leaves nothing, in a bulk act too.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed

from desk import chain, counters, heirs
from desk.actors import Actor, ActorKind, Post
from desk.identities import clean_lines
from desk.models import Dossier, DossierEvent, EventValue, Party
from desk.permissions import RULES, is_allowed, permit
from desk.refusals import ActRefused, Invalid, NotAllowed, SomebodyWasFaster, WrongState
from desk.states import State
from desk.telling import refusals_told, tell, tell_refusal

HEAD = ("last_number", "last_at", "head")
SKEW = dt.timedelta(minutes=5)
"""How much the clocks of two machines may differ, or an act may wait for another."""
LONGEST_TEXT = 5_000
"""Letters of a reason or comment."""

Changed = tuple[models.Model, tuple[str, ...]]
"""A row, and the names of the fields that have changed."""


@dataclass
class Act:
    """One act on one locked dossier: what it changes, adds and tells."""

    name: str
    dossier: Dossier
    by: Actor
    at: dt.datetime
    post: Post | None = None
    is_new: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    """What the event tells of the act: nothing personal."""
    new_rows: list[models.Model] = field(default_factory=list)
    changed_rows: list[Changed] = field(default_factory=list)
    removed_rows: list[models.Model] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    parties: list[Party] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    counted: list[counters.Key] = field(default_factory=list)
    event: DossierEvent | None = None
    refusal: ActRefused | None = None
    """Why nothing was done but recording the try: raised after the commit."""

    def require_move(self, name: str) -> None:
        """Raise WrongState unless a transition leads out of the present state."""
        if not can_proceed(getattr(self.dossier, name)):
            raise wrong_state(self.dossier)

    def move(self, name: str, *args: Any) -> None:
        """Make a transition of the state machine. Raises WrongState."""
        self.require_move(name)
        try:
            getattr(self.dossier, name)(*args)
        except TransitionNotAllowed as error:
            raise wrong_state(self.dossier) from error

    def add(self, row: models.Model) -> None:
        """Write a new row of the dossier with the act."""
        self.new_rows.append(row)

    def change(self, row: models.Model, **values: Any) -> None:
        """Change an existing row of the dossier with the act."""
        for name, value in values.items():
            setattr(row, name, value)
        self.changed_rows.append((row, tuple(values)))

    def say(self, name: str, text: str, *, required: bool = True) -> None:
        """Keep a text that may hold personal data: in a row that can be erased. Raises Invalid where it is missing."""
        text = clean_lines(text)
        if required and not text:
            raise Invalid(_("Give the reason: the applicant has a right to read it."), name)
        if len(text) > LONGEST_TEXT:
            raise Invalid(_("This text is too long: %(most)d letters at most.") % {"most": LONGEST_TEXT}, name)
        if text:
            self.texts[name] = text


def wrong_state(dossier: Dossier) -> WrongState:
    """Return the refusal of an act that doesn't lead out of the present state."""
    state = State(dossier.state).label
    return WrongState(_("This can't be done now. State of the dossier: %(state)s.") % {"state": state})


Work = Callable[[Act], None]


def perform(name: str, dossier_id: int, work: Work, *, by: Actor, at: dt.datetime, seen: int | None = None) -> Dossier:
    """Do an act on a dossier; return it as it is afterwards.

    `seen` is the number of the last event that the person saw: with it, whoever comes second learns that somebody was
    faster. Raises ActRefused and writes nothing; Dossier.DoesNotExist. Must not run inside a transaction.
    """
    with refusals_told(name, dossier_id, by), transaction.atomic(durable=True):
        dossier = locked(at).get(pk=dossier_id)
        act = prepare(name, dossier, by=by, at=at, seen=seen)
        work(act)
        write([act])
    if act.refusal is not None:
        raise act.refusal
    return dossier


def locked(at: dt.datetime) -> models.QuerySet[Dossier]:
    """Return dossiers, locked until the transaction ends, that know whether an agency of theirs has heirs."""
    return Dossier.objects.select_for_update(of=("self",)).annotate(has_heirs=heirs.has_heirs(at))


@dataclass(frozen=True)
class Refused:
    """A dossier that a bulk act left as it was, and why."""

    dossier_id: int
    error: ActRefused

    @property
    def reason(self) -> str:
        """Return what to tell the officer."""
        return str(self.error)


@dataclass(frozen=True)
class Bulk:
    """What a bulk act did."""

    done: list[Dossier]
    refused: list[Refused]


def perform_many(
    name: str, ids: Iterable[int], work: Work, *, by: Actor, at: dt.datetime, beside: Sequence[str] = ()
) -> Bulk:
    """Do an act on many dossiers in one transaction; those that refuse are reported, the others done.

    `beside`: what the act reads of a dossier besides what all acts do, read for all at once. They are locked in the
    order of their keys, so two bulk acts can't wait for each other.
    """
    wanted = sorted(set(ids))
    done: list[Act] = []
    refused: list[Refused] = []
    with transaction.atomic(durable=True):
        rows = locked(at).filter(pk__in=wanted).order_by("pk").in_bulk()
        read_beside(rows.values(), beside)
        for pk in wanted:
            try:
                if pk not in rows:
                    raise Invalid(_("There is no such dossier."))
                act = prepare(name, rows[pk], by=by, at=at)
                work(act)
            except ActRefused as error:
                refused.append(Refused(pk, error))
                tell_refusal(name, pk, by, error)
            else:
                done.append(act)
        write(done)
    for act in done:
        vars(act.dossier).pop("_prefetched_objects_cache", None)  # What was read before the act isn't so any more.
    refused += [Refused(act.dossier.pk, act.refusal) for act in done if act.refusal is not None]
    return Bulk([act.dossier for act in done if act.refusal is None], refused)


BESIDE = (
    "version", "centre", "hand_overs", "clock_stops", "payment_requests", "results", "extension",
    "membership__waits_for__dossier",
)  # fmt: skip
"""What acts read of a dossier besides its own row."""


def read_beside(dossiers: Iterable[Dossier], more: Sequence[str] = ()) -> None:
    """Read for many locked dossiers at once what an act reads for one (a query for each of BESIDE)."""
    models.prefetch_related_objects(list(dossiers), *BESIDE, *more)


def prepare(name: str, dossier: Dossier, *, by: Actor, at: dt.datetime, seen: int | None = None) -> Act:
    """Return the act on a locked dossier, once it is clear that this person may do it now."""
    if seen is not None and seen != dossier.last_number:
        raise SomebodyWasFaster
    if dossier.anonymised_at is not None:
        raise WrongState(
            _("The data of its people were erased after the time for which they are kept: nothing follows.")
        )
    if dossier.is_shadow and name not in ("mirror", "comment", "undo", "move_to_heir", "anonymise"):
        raise WrongState(
            _("This dossier is settled on «%(system)s»: here it can only be read.") % {"system": dossier.system}
        )
    if not is_allowed(name, dossier, by):
        raise NotAllowed
    at = in_order(at, dossier.last_at)
    act = Act(name, dossier, by, at, permit(name, dossier, by) if by.kind == ActorKind.OFFICER else None)
    act.before, act.counted = chain.snapshot(dossier), counters.counted_in(dossier)
    return act


def in_order(at: dt.datetime, last_at: dt.datetime | None) -> dt.datetime:
    """Return the moment of an act, never before the one before it: a colleague's act may have been waited for.

    Raises Invalid where it is earlier by more than the clocks of two machines may differ.
    """
    if last_at is None or at >= last_at:
        return at
    if last_at - at > SKEW:
        raise Invalid(_("This is earlier than what happened to the dossier last. Check the clock of this machine."))
    return last_at


def begin(name: str, dossier: Dossier, *, by: Actor, at: dt.datetime) -> Act:
    """Return the act that makes a new dossier."""
    assert name in RULES
    if not is_allowed(name, dossier, by):
        raise NotAllowed
    post = permit(name, dossier, by) if by.kind == ActorKind.OFFICER else None
    return Act(name, dossier, by, at, post, is_new=True, before=chain.blank())


def write(acts: Sequence[Act]) -> None:
    """Save dossiers, rows and events, and the counters' deltas: one act by itself, many in bulk."""
    fields = [save(act) for act in acts]
    add_rows(acts)
    events = [event_of(act) for act in acts]
    DossierEvent.objects.bulk_create(events)
    save_heads(acts, fields)
    add_texts(acts)
    total: Counter[counters.Key] = Counter()
    for act in acts:
        total.update(counters.changes(act.counted, counters.counted_in(act.dossier)))
    counters.write(Counter({key: change for key, change in total.items() if change}))
    for act in acts:
        assert act.event is not None
        transaction.on_commit(partial(tell, act.dossier, act.event, act.facts), robust=True)


def save(act: Act) -> list[str]:
    """Insert a new dossier; return the changed fields of one that was there."""
    act.after = chain.snapshot(act.dossier)
    if act.is_new:
        act.dossier.save(force_insert=True)
        return []
    return [name for name, value in act.after.items() if value != act.before[name]]


def add_rows(acts: Sequence[Act]) -> None:
    """Remove rows, save the changed ones, insert the new ones in the order in which acts added them.

    What is closed is saved before what opens in its place is inserted; what points to a new row is saved after it.
    """
    for act in acts:
        for row in act.removed_rows:
            row.delete()
    at_once: list[Changed] = []
    waiting: list[Changed] = []
    for act in acts:
        for row, names in act.changed_rows:
            (waiting if points_to_new(row, names) else at_once).append((row, names))
    save_rows(at_once)
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for act in acts:
        for row in act.new_rows:
            by_model.setdefault(type(row), []).append(row)
    for model, rows in by_model.items():
        if len(rows) == 1 or model is Party:
            for row in rows:
                row.save(force_insert=True)
        else:
            model._default_manager.bulk_create(rows)
    save_rows(waiting)


def points_to_new(row: models.Model, names: Iterable[str]) -> bool:
    """Return whether a changed field holds a row that isn't inserted yet."""
    values = (getattr(row, name) for name in names)
    return any(isinstance(value, models.Model) and value.pk is None for value in values)


def save_rows(changed: Iterable[Changed]) -> None:
    """Save the changed fields of rows: many that get the same values by one statement."""
    alike: dict[Any, list[models.Model]] = {}
    for row, names in changed:
        alike.setdefault((type(row), names, tuple(getattr(row, name) for name in names)), []).append(row)
    for (model, names, values), rows in alike.items():
        if len(rows) == 1:
            rows[0].save(update_fields=names)
        else:
            keys = [row.pk for row in rows]
            model._default_manager.filter(pk__in=keys).update(**dict(zip(names, values, strict=True)))


def event_of(act: Act) -> DossierEvent:
    """Return the event of an act, sealed into the chain."""
    dossier = act.dossier
    values = {}
    for name, text in act.texts.items():
        salt, digest = chain.salted(text)
        values[name] = digest
        act.texts[name] = json.dumps([text, salt])
    for party in act.parties:
        values[f"party:{party.role}"] = chain.party_digest(party)
    if act.post and act.post.for_user is not None:
        act.facts = {**act.facts, "instead_of": act.post.for_user}
    rows = [*act.new_rows, *(row for row, _names in act.changed_rows)]
    body = {
        "changes": {name: value for name, value in act.after.items() if value != act.before[name]},
        "facts": act.facts,
        "values": values,
        "rows": {chain.row_name(row): chain.row_digest(row) for row in rows if chain.is_kept_for_good(row)},
    }
    event = DossierEvent(
        dossier=dossier,
        act=act.name,
        at=act.at,
        by_kind=act.by.kind,
        by_user_id=act.by.user_id,
        by_name=act.by.name or act.by.system,
        by_title=act.post.title if act.post else "",
        by_unit=act.post.unit if act.post else "",
        by_agency_id=act.post.agency_id if act.post else None,
        state_before=None if act.is_new else act.before["state"],
        state_after=dossier.state,
        step=dossier.step,
        step_due_at=dossier.step_due_at,
        due_before=moment(act.before["due_at"]),
        due_after=dossier.due_at,
        body=chain.canonical({name: value for name, value in body.items() if value}),
    )
    chain.seal(event, dossier)
    act.event = event
    return event


def moment(text: str | None) -> dt.datetime | None:
    """Return the moment of a snapshot."""
    return dt.datetime.fromisoformat(text) if text else None


def save_heads(acts: Sequence[Act], fields: Sequence[list[str]]) -> None:
    """Save what changed in each dossier, with the head of its chain: many that changed alike by one prepared update."""
    if len(acts) == 1:
        acts[0].dossier.save(update_fields=[*fields[0], *HEAD])
        return
    alike: dict[tuple[str, ...], list[Dossier]] = {}
    for act, changed in zip(acts, fields, strict=True):
        alike.setdefault((*changed, *HEAD), []).append(act.dossier)
    for names, dossiers in alike.items():
        update_each(dossiers, names)


def update_each(dossiers: Iterable[Dossier], names: Container[str]) -> None:
    """Write these fields of many dossiers: bulk_update's CASE WHEN for each field of each row takes far longer."""
    fields = [field for field in Dossier._meta.concrete_fields if field.attname in names]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    values = [
        [*(field.get_db_prep_save(getattr(each, field.attname), connection) for field in fields), each.pk]
        for each in dossiers
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(Dossier._meta.db_table)} SET {columns} WHERE id = %s", values)  # noqa: S608


def add_texts(acts: Sequence[Act]) -> None:
    """Insert the personal texts of the acts."""
    rows = []
    for act in acts:
        for name, kept in act.texts.items():
            text, salt = json.loads(kept)
            rows.append(EventValue(event=act.event, name=name, text=text, salt=salt))
    EventValue.objects.bulk_create(rows)
