"""Rows that name an agency: they follow to the one that took their work over, by field and place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models
from django.utils import timezone

from catalogue.models import (
    Agency,
    AgencySuccession,
    Centre,
    ChangeSet,
    Hotline,
    Procedure,
    Proposal,
    Reorganisation,
)
from catalogue.reorganising.followers import Follower, Moves
from catalogue.reorganising.heirs import Heirs
from catalogue.reorganising.moving import Found, find, move

EVERY = models.Q()


@dataclass(frozen=True)
class Link:
    """A column that names an agency; `field` and `place` are lookups of what tells several heirs apart."""

    name: str
    model: type[models.Model]
    column: str
    field: str = ""
    place: str = ""
    only: models.Q = EVERY


WAITING = models.Q(status__in=[ChangeSet.Status.DRAFT, ChangeSet.Status.SUBMITTED, ChangeSet.Status.APPROVED])
LINKS = (
    Link("agencies below", Agency, "parent", only=models.Q(valid_to=None)),
    Link("texts of procedures", Procedure, "maintained_by", field="field"),
    Link("centres' agencies", Centre, "agency", place="place", only=models.Q(live=True)),
    Link("hotlines of agencies", Hotline, "agency"),
    Link("sets of changes", ChangeSet, "agency", only=WAITING),
    Link("proposals", Proposal, "agency", only=models.Q(status=Proposal.Status.OPEN)),
)


def follower(link: Link, *, rank: int) -> Follower:
    """Return the follower of a column."""
    return Follower(link.name, partial(_look, link), partial(_follow, link), rank=rank)


def _look(link: Link, reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    return _found(link, at).moves


def _follow(link: Link, reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    return move(_found(link, at), at)


def _found(link: Link, at: dt.datetime) -> Found:
    """Return the rows that name an agency which somebody took over (a query each for rows and successions)."""
    day = timezone.localdate(at)
    ended = AgencySuccession.objects.filter(effective_on__lte=day).values("agency")
    rows: Any = link.model._default_manager.filter(link.only, **{f"{link.column}__in": ended}).order_by("pk")
    columns = ["pk", link.column, *filter(None, (link.field, link.place))]
    read = list(rows.values_list(*columns))
    heirs = Heirs.until(day) if read else Heirs.until(day, agencies=())
    wanted = [(pk, _heir(link, heirs, agency, more)) for pk, agency, *more in read]
    return find(link.model, link.column, wanted, day, say=partial(names_of, link.model))


def _heir(link: Link, heirs: Heirs, agency: int, more: Sequence[int | None]) -> int | None:
    told = dict(zip([name for name in ("field", "place") if getattr(link, name)], more, strict=True))
    return heirs.of(agency, **told)


def names_of(model: Any, keys: Sequence[int]) -> Mapping[int, str]:
    """Return rows in words, with their kind (one query a few hundred)."""
    kind, found = model._meta.model_name, {}
    for start in range(0, len(keys), 500):
        for row in model._default_manager.filter(pk__in=keys[start : start + 500]):
            key = getattr(row, "code", "") or getattr(row, "slug", "")
            found[row.pk] = f"{kind} {key} {row}".replace("  ", " ")[:200]
    return found
