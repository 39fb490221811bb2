"""Log-ins of a demo's officers: one a role, at agencies that have much to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count

from catalogue.demo_passwords import give_passwords, read_passwords
from catalogue.models import Agency, Posting
from desk.models import Dossier
from desk.states import OPEN

Role = Posting.Role
OFFICERS = "demo-"
"""How the names of made-up officers begin (staff.username)."""


@dataclass(frozen=True)
class Login:
    """A person of the demo, and what it is to try."""

    name: str
    password: str
    post: str


def make_logins(folder: Path) -> list[Login]:
    """Give a few officers passwords, the same ones each time; return them, none where nobody is posted.

    Their passwords lie in the file of the demo's other log-ins.
    """
    names = [name for name in read_passwords(folder) if name.startswith(OFFICERS)]
    posts = Posting.objects.filter(user__username__in=names).select_related("user", "agency")
    chosen = sorted(posts, key=lambda post: names.index(post.user.get_username())) or choose()
    passwords = give_passwords(folder, [post.user for post in chosen])
    return [
        Login(
            post.user.get_username(),
            passwords[post.user.get_username()],
            f"{post.get_role_display()}, {post.agency.name_vi}",  # type: ignore[attr-defined]
        )
        for post in chosen
    ]


def choose() -> list[Posting]:
    """Return the posts to try: at the provincial centre, a commune and a department that have the most open."""
    places = (
        (busiest("received_by", kind="peoples_committee", place__level="commune"), (Role.CLERK, Role.HEAD)),
        (busiest("decided_by", kind="department"), (Role.HANDLER, Role.APPROVER)),
        (busiest("received_by", parent=None), (Role.CLERK, Role.CONTRACTOR, Role.SUPERVISOR)),
    )
    made = Posting.objects.filter(user__username__startswith=OFFICERS).select_related("user", "agency").order_by("pk")
    found = [made.filter(agency=agency, role=role).first() for agency, roles in places for role in roles]
    return [post for post in found if post is not None]


def busiest(side: str, **filters: object) -> int | None:
    """Return the agency on a side of the most open dossiers, the first in doubt."""
    agencies = Agency.objects.filter(pk__in=Posting.objects.values("agency"), **filters)
    rows = Dossier.objects.filter(**{f"{side}__in": agencies}, state__in=OPEN).values(side).annotate(number=Count("pk"))
    busy = rows.order_by("-number", side).first()
    return busy[side] if busy else agencies.order_by("pk").values_list("pk", flat=True).first()
