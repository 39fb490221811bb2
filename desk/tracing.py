"""Reading leaves a trace: no page of a dossier is shown before it is written who opened it, and why where it isn't own.

The trace is read with the dossier and costs one INSERT the first time in a half hour of the clock, nothing after. What
can't be written is logged as an error and the page stays shut: `NotTracedError`.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import DatabaseError
from django.db.models import Exists, OuterRef, Subquery, Value

from catalogue.opening import ZONE
from desk.actors import Actor, Post
from desk.models import Dossier, DossierReading, ReadingReason, Why
from desk.own import is_long_over, own_post, reaching_post, works_on

audit = logging.getLogger("desk.audit")
logger = logging.getLogger(__name__)
SPAN = 30 * 60
"""Seconds within which one person's openings of a dossier are one row."""
CHUNK = 1_000
SIDES = ("code", "received_by", "decided_by", "holder_agency", "helped_by", "state", "handed_back_at", "last_at")


class ReasonNeededError(Exception):
    """A dossier isn't the reader's own, and they haven't said today why they open it."""

    def __init__(self, dossier: Dossier) -> None:
        super().__init__(dossier.code)
        self.dossier = dossier


class NotTracedError(Exception):
    """A reading couldn't be written down, so nothing may be shown."""


def with_trace(rows: Any, actor: Actor, at: dt.datetime, what: str) -> Any:
    """Let dossiers be read with what is noted of this reader: `noted_own`, `noted_other`, and today's reason."""
    mine = DossierReading.objects.filter(dossier=OuterRef("pk"), reader=actor.user_id, what=what, span=span_of(at))
    reasons = ReadingReason.objects.filter(dossier=OuterRef("pk"), reader=actor.user_id, day=day_of(at))
    return rows.annotate(
        noted_own=Exists(mine.filter(is_own=True)),
        noted_other=Exists(mine.filter(is_own=False)),
        reason_id=Subquery(reasons.values("pk")[:1]),
        reason_why=Subquery(reasons.values("why")[:1]),
        read_as=Value(what),
    )


def leave_trace(dossier: Any, actor: Actor, at: dt.datetime) -> None:
    """Write down that a dossier read `with_trace` is opened (one statement, none where it is noted already).

    Raises ReasonNeededError where it isn't own and no reason was given today, NotTracedError where it can't be written.
    """
    post = own_post(dossier, actor, at)
    is_own = post is not None
    if not is_own and dossier.reason_why is None:
        raise ReasonNeededError(dossier)
    if dossier.noted_own if is_own else dossier.noted_other:
        return
    post = post or reaching_post(dossier, actor)
    row = reading(dossier, actor, post, at, dossier.read_as, is_own=is_own)
    if not is_own:
        row.reason_id, row.why = dossier.reason_id, dossier.reason_why
    write([row])
    tell(row.what, [dossier.code], actor, at, agency=row.by_agency_id, is_own=is_own, why=row.why)


def leave_traces(keys: Iterable[int], actor: Actor, at: dt.datetime, what: str, why: str = "") -> int:
    """Write down that many dossiers are taken out together; return how many (two statements each thousand, one
    where all of them are noted in this half hour).

    Nobody is asked why a dossier at a time: what isn't own stands there as such. Raises NotTracedError.
    """
    number = 0
    for chunk in chunks(keys):
        number += len(chunk)
        noted = DossierReading.objects.filter(
            dossier__in=chunk, reader=actor.user_id, what=what, span=span_of(at)
        ).values("dossier")
        rows = list(Dossier.objects.filter(pk__in=chunk).exclude(pk__in=noted).only(*SIDES))
        if rows:
            write([light_reading(row, actor, at, what, why) for row in rows])
            tell(what, [row.code for row in rows], actor, at)
    return number


def light_reading(dossier: Dossier, actor: Actor, at: dt.datetime, what: str, why: str) -> DossierReading:
    """Return one of many readings, without a query."""
    own = None
    if not is_long_over(dossier, at):
        own = next((post for post in actor.posts if works_on(post, dossier)), None)
    row = reading(dossier, actor, own or reaching_post(dossier, actor), at, what, is_own=own is not None)
    row.why = "" if own else why
    return row


def reading(dossier: Dossier, actor: Actor, post: Post | None, at: dt.datetime, what: str, *, is_own: bool) -> Any:
    """Return a reading that isn't written yet. A person without a post opens nothing."""
    assert post is not None and actor.user_id is not None
    return DossierReading(
        dossier_id=dossier.pk,
        reader_id=actor.user_id,
        by_name=actor.name[:300],
        by_role=post.role,
        by_title=post.title[:150],
        by_unit=post.unit[:300],
        by_agency_id=post.agency_id,
        at=at,
        span=span_of(at),
        what=what,
        is_own=is_own,
    )


def write(rows: Sequence[DossierReading]) -> None:
    """Insert readings; one that another request of the same person has just written is there. Raises NotTracedError."""
    try:
        DossierReading.objects.bulk_create(rows, ignore_conflicts=True)
    except DatabaseError as error:
        logger.exception("A reading of %s dossiers can't be written: they stay shut.", len(rows))
        raise NotTracedError from error


def tell(what: str, codes: Sequence[str], actor: Actor, at: dt.datetime, **more: Any) -> None:
    """Mirror a reading to the audit log: ids and codes, nothing of people, no reason in words."""
    line = {"event": "dossier.read", "what": str(what), "user": actor.user_id, "at": at.isoformat(), **more}
    found = {"dossier": codes[0]} if len(codes) == 1 else {"dossiers": list(codes)}
    audit.info(json.dumps({**line, **found}, ensure_ascii=False))


def has_reason(dossier: Dossier, actor: Actor, at: dt.datetime) -> bool:
    """Return whether somebody has said today why they open a dossier (one query)."""
    return ReadingReason.objects.filter(dossier=dossier, reader_id=actor.user_id, day=day_of(at)).exists()


def give_reason(dossier: Dossier, actor: Actor, at: dt.datetime, *, why: str, text: str) -> ReadingReason:
    """Keep why somebody opens a dossier today: good until 24:00; the first one of a day stands."""
    values = {"at": at, "why": Why(why), "text": text}
    key = {"dossier": dossier, "reader_id": actor.user_id, "day": day_of(at)}
    row, is_new = ReadingReason.objects.get_or_create(**key, defaults=values)
    if is_new:
        line = {"event": "dossier.reason_given", "dossier": dossier.code, "user": actor.user_id, "why": str(row.why)}
        audit.info(json.dumps({**line, "at": at.isoformat()}))
    return row


def span_of(at: dt.datetime) -> int:
    """Return the half hour of the clock in which a moment lies, counted from 1970."""
    return int(at.timestamp()) // SPAN


def day_of(at: dt.datetime) -> dt.date:
    """Return the local day of a moment."""
    return at.astimezone(ZONE).date()


def chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    """Yield keys, a thousand at a time."""
    left = iter(keys)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
