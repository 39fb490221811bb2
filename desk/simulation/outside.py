"""Accounts on the demo's ministry system: some of its officers have one, some lack it, one has left with it."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction

from catalogue.models import OutsideAccount, Posting
from catalogue.models.people import key_of
from desk.outside.needing import systems_on
from desk.simulation import people
from desk.simulation.routes import SYSTEM
from desk.simulation.staff import TITLES

THIRD = 3
"""Of three people who need an account two have it."""
LEFT = "demo-left"
DAY = dt.timedelta(1)


@transaction.atomic
def make_accounts(first: dt.date, at: dt.datetime) -> int:
    """Give accounts on the demo's system to made-up officers alone, from a day on; nothing where there are some.

    Return how many were made.
    """
    key, day = key_of(SYSTEM), at.date()
    system = systems_on(day).get(key)
    if system is None or OutsideAccount.objects.filter(system_key=key).exists():
        return 0
    posts = Posting.objects.on(day).filter(user__username__startswith="demo-").order_by("pk")
    needing = [post for post in posts if system.is_needed(post.agency_id, post.role)]
    having = [post.user_id for number, post in enumerate(needing) if number % THIRD]
    clerk = next((post for post in needing if post.role == Posting.Role.CLERK), None)
    if clerk is not None:
        having.append(one_who_left(clerk, day).pk)
    rows = [
        OutsideAccount(user_id=pk, system=SYSTEM, system_key=key, granted_on=first, written_at=at)
        for pk in dict.fromkeys(having)
    ]
    return len(OutsideAccount.objects.bulk_create(rows))


def one_who_left(beside: Posting, day: dt.date) -> Any:
    """Make a clerk whose post beside a colleague's ended a week ago; nobody has the password."""
    family, _space, given = people.name(Random(LEFT)).partition(" ")  # noqa: S311
    values = {"last_name": family, "first_name": given, "password": make_password(None)}
    user, _made = get_user_model()._default_manager.get_or_create(username=LEFT, defaults=values)
    Posting.objects.get_or_create(
        user=user, agency_id=beside.agency_id, role=beside.role, valid_to=day - 7 * DAY,
        defaults={"title": TITLES[Posting.Role.CLERK]},
    )  # fmt: skip
    return user
