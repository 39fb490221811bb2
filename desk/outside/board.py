"""The board of accounts on ministries' systems: a line for each person and system, as far as somebody's posts reach."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.editing.reach import top_agencies
from catalogue.models import Agency, OutsideAccount, Posting
from desk.actors import Actor, name_of
from desk.outside.needing import System, systems_on
from desk.permissions import agencies_of


class Standing(models.TextChoices):
    """How it stands with a person on a system."""

    WITHDRAW = "withdraw", gettext_lazy("to be withdrawn")
    LACKING = "lacking", gettext_lazy("lacks an account")
    HAS = "has", gettext_lazy("has an account")
    WITHDRAWN = "withdrawn", gettext_lazy("was withdrawn")


COUNTED = (Standing.WITHDRAW, Standing.LACKING, Standing.HAS)
SHAPES = {Standing.WITHDRAW: "late", Standing.LACKING: "now", Standing.HAS: "done", Standing.WITHDRAWN: "hold"}


@dataclass(frozen=True)
class Line:
    """A person and a system. `posts`: those that need it, else those of the day, else the last ones that ended."""

    user_id: int
    name: str
    system_key: str
    system: str
    posts: tuple[Posting, ...]
    standing: Standing
    account: OutsideAccount | None
    """The last one, open or withdrawn."""
    why: str = ""
    """Of one that is to be withdrawn: what has ended."""

    @property
    def key(self) -> str:
        """Return how a form names it."""
        return f"{self.user_id}:{self.system_key}"

    @property
    def shape(self) -> str:
        """Return the shape that goes with how it stands."""
        return SHAPES[self.standing]

    @property
    def agencies(self) -> list[Agency]:
        """Return where the posts are, each agency once."""
        return list({post.agency_id: post.agency for post in self.posts}.values())

    @property
    def roles(self) -> str:
        """Return in words what the posts are."""
        return ", ".join(dict.fromkeys(str(post.get_role_display()) for post in self.posts))


@dataclass(frozen=True)
class Board:
    """All lines that somebody may see, the systems of the day, and the agencies that the posts reach."""

    lines: list[Line]
    systems: dict[str, System]
    agencies: list[Agency]
    day: dt.date

    @property
    def names(self) -> dict[str, str]:
        """Return the name of each system, also of those on which only accounts are left, by its key."""
        found = {key: system.name for key, system in self.systems.items()}
        for line in self.lines:
            found.setdefault(line.system_key, line.system)
        return dict(sorted(found.items()))  # By the folded name: «Đ» isn't after «X».


def board(by: Actor, day: dt.date) -> Board:
    """Return the lines that somebody may see on a day (11 queries, however many people and procedures there are)."""
    kept = agencies_of("accounts", by)
    agencies = list(Agency.objects.filter(pk__in=kept).order_by("name_vi"))
    systems = systems_on(day)
    postings, accounts = postings_of(kept), accounts_of(kept, day)
    people = sorted({*postings, *accounts})
    lines = [
        line
        for user_id in people
        for line in lines_of(postings.get(user_id, []), accounts.get(user_id, {}), systems, day)
        if not line.posts or any(post.agency_id in kept for post in line.posts)
    ]
    order = list(Standing)
    lines.sort(key=lambda line: (order.index(line.standing), line.system_key, *map(str, line.agencies[:1]), line.name))
    return Board(lines, systems, agencies, day)


def postings_of(kept: frozenset[int]) -> dict[int, list[Posting]]:
    """Return all desk postings, past ones too, of whoever has or had one at these agencies (one query)."""
    theirs = Posting.objects.at_the_desk().filter(agency__in=kept).values("user")
    rows = Posting.objects.at_the_desk().filter(user__in=theirs).select_related("user", "agency").order_by("pk")
    found: dict[int, list[Posting]] = defaultdict(list)
    for row in rows:
        found[row.user_id].append(row)
    return found


def accounts_of(kept: frozenset[int], day: dt.date) -> dict[int, dict[str, OutsideAccount]]:
    """Return the last account of each of these people by system (two queries).

    Those of people who never had a post at the desk stand with whoever is at the province's top agency.
    """
    posts = Posting.objects.at_the_desk().filter(user=OuterRef("user"))
    theirs = Q(Exists(posts.filter(agency__in=kept)))
    if not kept.isdisjoint(top_agencies(day)):
        theirs |= ~Q(Exists(posts))
    found: dict[int, dict[str, OutsideAccount]] = defaultdict(dict)
    for row in OutsideAccount.objects.filter(theirs).select_related("user").order_by("granted_on", "pk"):
        found[row.user_id][row.system_key] = row
    return found


def lines_of(
    postings: Iterable[Posting], accounts: dict[str, OutsideAccount], systems: dict[str, System], day: dt.date
) -> list[Line]:
    """Return a person's lines: the systems that the posts of the day need, and those where an account is or was."""
    all_posts = list(postings)
    user = all_posts[0].user if all_posts else next(iter(accounts.values())).user
    today = [post for post in all_posts if lasts(post, day)] if user.is_active else []
    found = []
    for key in {**systems, **accounts}:
        system, account = systems.get(key), accounts.get(key)
        needing = [post for post in today if system and system.is_needed(post.agency_id, post.role)]
        if not needing and account is None:
            continue
        is_open = account is not None and (account.withdrawn_on is None or account.withdrawn_on > day)
        found.append(
            Line(
                user.pk,
                name_of(user),
                key,
                system.name if system else account.system if account else "",
                tuple(needing or today or last_of(all_posts)),
                standing_of(is_needed=bool(needing), is_open=is_open),
                account,
                why="" if needing or not is_open else why_not(user, today),
            )
        )
    return found


def standing_of(*, is_needed: bool, is_open: bool) -> Standing:
    """Return how it stands."""
    if is_needed:
        return Standing.HAS if is_open else Standing.LACKING
    return Standing.WITHDRAW if is_open else Standing.WITHDRAWN


def why_not(user: Any, today: list[Posting]) -> str:
    """Return why somebody needs no account."""
    if not user.is_active:
        return _("the account here is closed")
    return _("no post here needs it") if today else _("has no post any more")


def lasts(post: Posting, day: dt.date) -> bool:
    """Return whether a posting holds on a day."""
    return (post.valid_from is None or post.valid_from <= day) and (post.valid_to is None or post.valid_to > day)


def last_of(posts: Iterable[Posting]) -> list[Posting]:
    """Return the posting that ended last, or is to come: whose agency sees to what is left."""
    return sorted(posts, key=lambda post: post.valid_to or dt.date.max)[-1:]
