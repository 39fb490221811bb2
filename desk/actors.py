"""Who acts: an officer with the posts of the day, the applicant, or an outside system."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from catalogue.models import AgencySuccession, Posting
from catalogue.opening import ZONE
from desk.inheriting import Part, divided, parts_for, whole
from desk.overseeing import overseen

Role = Posting.Role


class ActorKind(models.TextChoices):
    OFFICER = "officer", _("officer")
    APPLICANT = "applicant", _("applicant")
    SYSTEM = "system", _("outside system")


@dataclass(frozen=True)
class Post:
    """One post of an officer, with the agencies that it reaches: its own, and for a supervisor those below it.

    `oversees`: the agencies below a head's own: there a head may do what a supervisor may. `for_user`: the colleague
    whose post it is, while that colleague is away (`desk/leave`); the title then says so. `inherited`: which of all
    these have ended, their work having come whole, `own_inherited` to the post's own agency; `parts` and `parts_below`:
    what came of work that several took over, to the post's own agency, and to one that a head oversees.
    """

    agency_id: int
    role: str
    title: str = ""
    unit: str = ""
    reach: frozenset[int] = frozenset()
    oversees: frozenset[int] = frozenset()
    for_user: int | None = None
    inherited: frozenset[int] = frozenset()
    own_inherited: frozenset[int] = frozenset()
    parts: tuple[Part, ...] = ()
    parts_below: tuple[Part, ...] = ()

    @property
    def own_agencies(self) -> frozenset[int]:
        """Return the post's own agency, and those whose work came whole to it; of what lies below, nothing."""
        return self.own_inherited | {self.agency_id}

    def reaches(self, agency_id: int | None) -> bool:
        """Return whether the post has a say at an agency."""
        return agency_id is not None and (agency_id == self.agency_id or agency_id in self.reach)


@dataclass(frozen=True)
class Actor:
    """Who acts. An event freezes name, title and unit as they were then; of an applicant it keeps none of them."""

    kind: str
    user_id: int | None = None
    name: str = ""
    posts: tuple[Post, ...] = ()
    system: str = ""

    @property
    def agencies(self) -> frozenset[int]:
        """Return every agency that the posts reach."""
        return frozenset().union(*({post.agency_id} | post.reach | post.oversees for post in self.posts))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return what the posts reach of ended agencies besides: some of their dossiers."""
        return tuple(dict.fromkeys(part for post in self.posts for part in (*post.parts, *post.parts_below)))

    @property
    def standing(self) -> frozenset[int]:
        """Return the agencies that the posts reach, without those whose work they took over."""
        return self.agencies - frozenset().union(*(post.inherited for post in self.posts))

    @property
    def stands_in(self) -> frozenset[tuple[int, int]]:
        """Return for whom this person stands in today: pairs of agency and colleague."""
        return frozenset((post.agency_id, post.for_user) for post in self.posts if post.for_user is not None)


APPLICANT = Actor(ActorKind.APPLICANT)
CLOCK = Actor(ActorKind.SYSTEM, system="clock")
"""What falls due by itself."""


def outside(system: str) -> Actor:
    """Return an outside system as the one who acts, by its name."""
    return Actor(ActorKind.SYSTEM, system=system)


OVER = (Role.SUPERVISOR, Role.HEAD)
"""Roles that reach the agencies below their own."""


def officer(user: Any, at: dt.datetime) -> Actor:
    """Return a person with the posts of the day, perhaps none (one query; one more for a supervisor or head).

    Own posts stand first. Whoever stands in for a colleague who is away has that colleague's posts at the agency as
    well, until the last day's 24:00, as long as a post of one's own there lasts. Four queries more, or so, a post whose
    agency took over another's work.
    """
    day = at.astimezone(ZONE).date()
    away = apps.get_model("desk", "Leave").objects.on(day)  # By name: its model knows of actors.
    stood_for = Exists(away.filter(substitute=user, absent=OuterRef("user"), agency=OuterRef("agency")))
    found = Posting.objects.on(day).at_the_desk().filter(Q(user=user) | stood_for, user__is_active=True)
    rows = list(found.annotate(inherits=_inherits(day)).select_related("agency", "user").order_by("pk"))
    own = [row for row in rows if row.user_id == user.pk]
    agencies = {row.agency_id for row in own}
    others = [row for row in rows if row.user_id != user.pk and row.agency_id in agencies]
    with override(settings.LANGUAGE_CODE):  # Events and slips keep the title, in the language that has force.
        posts = (*(_post(row, day) for row in own), *(_post_of_another(row, day) for row in others))
    return Actor(ActorKind.OFFICER, user.pk, name_of(user), posts)


def _inherits(day: dt.date) -> Case:
    """Return whether a posting's agency took over another's; for who is over others, whether any did."""
    rows = AgencySuccession.objects.filter(effective_on__lte=day)
    return Case(When(role__in=OVER, then=Exists(rows)), default=Exists(rows.filter(successor=OuterRef("agency"))))


def name_of(user: Any) -> str:
    """Return a person's name as colleagues know it."""
    return user.get_full_name() or user.get_username()


def _post(row: Any, day: dt.date) -> Post:
    post = Post(row.agency_id, row.role, row.title or str(row.get_role_display()), row.agency.name_vi or "")
    if row.role in OVER:
        return _over_others(post, day if row.inherits else None)
    if not row.inherits:
        return post
    parts = parts_for({row.agency_id}, day)
    inherited = frozenset(whole(parts))
    return replace(post, reach=inherited, inherited=inherited, own_inherited=inherited, parts=divided(parts))


def _over_others(post: Post, day: dt.date | None) -> Post:
    """Return the post of a supervisor, who works at all agencies below, or of a head, who oversees them."""
    found = overseen(post.agency_id, day)
    if post.role == Role.SUPERVISOR:
        reach, parts = found.own | found.below, divided(found.parts_below)
        return replace(post, reach=reach, inherited=found.inherited, own_inherited=found.own, parts=parts)
    return replace(
        post,
        reach=found.own,
        oversees=found.below,
        inherited=found.inherited,
        own_inherited=found.own,
        parts=divided(found.parts),
        parts_below=divided(found.parts_below),
    )


LONGEST_TITLE = 150
"""Letters of a title in the event log."""


def _post_of_another(row: Any, day: dt.date) -> Post:
    post, name = _post(row, day), name_of(row.user)
    said = gettext("%(title)s, standing in for %(name)s")
    room = LONGEST_TITLE - len(said % {"title": "", "name": name})
    title = post.title if len(post.title) <= room else post.title[: max(room - 1, 0)] + "…"
    return replace(post, title=(said % {"title": title, "name": name})[:LONGEST_TITLE], for_user=row.user_id)
