"""Who acts: an officer with the posts of the day, the applicant, or an outside system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalogue.models import Agency, Posting
from catalogue.opening import ZONE

Role = Posting.Role


class ActorKind(models.TextChoices):
    OFFICER = "officer", _("officer")
    APPLICANT = "applicant", _("applicant")
    SYSTEM = "system", _("outside system")


@dataclass(frozen=True)
class Post:
    """One post of an officer, with the agencies that it reaches: its own, and for a supervisor those below it."""

    agency_id: int
    role: str
    title: str = ""
    unit: str = ""
    reach: frozenset[int] = frozenset()

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
        return frozenset().union(*({post.agency_id} | post.reach for post in self.posts))


APPLICANT = Actor(ActorKind.APPLICANT)
CLOCK = Actor(ActorKind.SYSTEM, system="clock")
"""What falls due by itself."""


def outside(system: str) -> Actor:
    """Return an outside system as the one who acts, by its name."""
    return Actor(ActorKind.SYSTEM, system=system)


def officer(user: Any, at: dt.datetime) -> Actor:
    """Return a person with the posts of the day, perhaps none (one query; one more for a supervisor)."""
    day = at.astimezone(ZONE).date()
    rows = Posting.objects.of(user, day).at_the_desk().select_related("agency").order_by("pk")
    with override(settings.LANGUAGE_CODE):  # Events and slips keep the title, in the language that has force.
        posts = tuple(map(_post, rows))
    return Actor(ActorKind.OFFICER, user.pk, user.get_full_name() or user.get_username(), posts)


def _post(row: Posting) -> Post:
    return Post(
        row.agency_id,
        row.role,
        row.title or str(row.get_role_display()),
        row.agency.name_vi or "",  # type: ignore[attr-defined]
        below(row.agency_id) if row.role == Role.SUPERVISOR else frozenset(),
    )


def below(agency_id: int) -> frozenset[int]:
    """Return every agency under another, however deep (one query)."""
    children: dict[int, list[int]] = {}
    for pk, parent in Agency.objects.exclude(parent=None).values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    wave: Iterable[int] = children.get(agency_id, ())
    while wave := [pk for pk in wave if pk not in found]:
        found.update(wave)
        wave = [child for pk in wave for child in children.get(pk, ())]
    return frozenset(found)
