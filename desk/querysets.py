"""Which dossiers somebody may see, and the sets that queues speak of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from desk.actors import Actor
from desk.inheriting import Part
from desk.states import OPEN


def sees(actor: Actor, dossier: str = "") -> Q:
    """Return the condition that an officer may see a dossier; `dossier`: the way to it, as «dossier__»."""
    return stands_at(SIDES, actor.agencies, actor.parts, dossier)


SIDES = ("received_by_id", "decided_by_id", "holder_agency_id", "helped_by_id")
"""Where a dossier names an agency that has to do with it."""


def stands_at(sides: Iterable[str], agencies: frozenset[int], parts: Iterable[Part] = (), dossier: str = "") -> Q:
    """Return the condition that one of the agencies stands at one of the sides, or one of which some work came (parts)
    and the dossier's did.
    """
    keys, columns = sorted(agencies), [f"{dossier}{side}" for side in sides]
    found = Q(*((f"{column}__in", keys) for column in columns), _connector=Q.OR)
    for part in parts:
        at_side = Q(*((column, part.agency_id) for column in columns), _connector=Q.OR)
        found |= at_side & part.condition(dossier)
    return found


class DossierQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Dossiers."""

    def visible_to(self, actor: Actor) -> DossierQuerySet:
        """Return the dossiers that an officer's agencies help with, receive, decide or hold; a stranger sees none."""
        return self.filter(sees(actor)) if actor.agencies else self.none()

    def open_to(self, actor: Actor) -> DossierQuerySet:
        """Return those that an officer may open: the visible ones, and what the officer's agency passed on and nobody
        has taken yet, so that a wrong passing can be called back.
        """
        if not actor.agencies:
            return self.none()
        waiting = apps.get_model("desk", "HandOver").objects.filter(dossier=OuterRef("pk"), taken_at=None)
        found = sees(actor) | Q(Exists(waiting.filter(from_agency__in=actor.agencies)))
        for part in actor.parts:
            found |= Q(Exists(waiting.filter(from_agency=part.agency_id))) & part.condition()
        return self.filter(found)

    def open(self) -> DossierQuerySet:
        """Return those for which somebody still has to do something."""
        return self.filter(state__in=OPEN)

    def shadows(self) -> DossierQuerySet:
        """Return the read-only shadows of dossiers on ministries' systems."""
        return self.exclude(system="")

    def update(self, **kwargs: Any) -> int:
        """Refuse a change of state that goes round the acts: it would leave no event."""
        if "state" in kwargs:
            raise ValueError("A state is changed by an act of desk.actions, never by update().")
        return super().update(**kwargs)


class NoticeQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What the clock tells people."""

    def addressed_to(self, actor: Actor) -> NoticeQuerySet:
        """Return what is for an officer's roles at their agencies, or by name, of dossiers that they may still see.

        What is told to an agency that has ended is for whoever has its work on the dossier.
        """
        if not actor.posts:
            return self.none()
        posts = Q()
        for post in actor.posts:
            roles = [post.role, ""]
            posts |= Q(agency__in=sorted(post.own_agencies), role__in=roles)
            for part in post.parts:
                posts |= Q(agency=part.agency_id, role__in=roles) & part.condition("dossier__")
        mine = Q(person=None) | Q(person=actor.user_id)
        return self.filter(posts, mine, sees(actor, "dossier__"))

    def unread(self) -> NoticeQuerySet:
        """Return what nobody has read yet."""
        return self.filter(read_at=None)


class LeaveQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Who is away, and who stands in."""

    def lasting(self, first: dt.date, last: dt.date) -> LeaveQuerySet:
        """Return those of which a day lies between two days, both taken in, unless they were ended."""
        return self.filter(first_day__lte=last, last_day__gte=first, ended_at=None)

    def on(self, day: dt.date) -> LeaveQuerySet:
        """Return those of a day: the last ends at its 24:00."""
        return self.lasting(day, day)


class SavedViewQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Ways to look at the list that people have kept."""

    def visible_to(self, actor: Actor) -> SavedViewQuerySet:
        """Return one's own, and what colleagues share with an agency where one has a post."""
        if actor.user_id is None:
            return self.none()
        agencies = {post.agency_id for post in actor.posts}
        return self.filter(Q(owner=actor.user_id) | Q(is_shared=True, agency__in=agencies))

    def owned_by(self, actor: Actor) -> SavedViewQuerySet:
        """Return one's own."""
        return self.filter(owner=actor.user_id) if actor.user_id is not None else self.none()
