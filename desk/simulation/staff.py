"""Officers for agencies that have none, and identifiers for those without one: for a demo or a benchmark alone."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q

from catalogue.models import Agency, Centre, Posting
from desk.simulation import people

Role = Posting.Role
TITLES = {
    Role.CLERK: "Công chức tiếp nhận (DEMO)",
    Role.HANDLER: "Chuyên viên thụ lý (DEMO)",
    Role.APPROVER: "Lãnh đạo cơ quan (DEMO)",
    Role.HEAD: "Giám đốc Trung tâm (DEMO)",
    Role.SUPERVISOR: "Giám sát toàn tỉnh (DEMO)",
    Role.CONTRACTOR: "Nhân viên bưu chính (DEMO)",
}
PREFIX = "DEMO."
EVERY_FOURTH = 4
"""Which centres have contracted staff."""
HOW_MANY = {Role.CLERK: 2, Role.HANDLER: 2}
"""People of a role at an agency, where it isn't one."""


@dataclass(frozen=True)
class Made:
    """How many identifiers and people were made."""

    identifiers: int
    people: int


@transaction.atomic
def make_officers() -> Made:
    """Give each agency that settles or receives an identifier and people, where it has none (idempotent)."""
    agencies = working_agencies()
    receiving = set(Centre.objects.live().exclude(agency=None).values_list("agency", flat=True))
    staffed = set(Posting.objects.at_the_desk().values_list("agency", flat=True))
    posts = [
        (agency, role, which)
        for number, agency in enumerate(agencies)
        if agency.pk not in staffed
        for role in roles_of(agency, agency.pk in receiving, number)
        for which in range(1, HOW_MANY.get(role, 1) + 1)
    ]
    return Made(give_identifiers(agencies), post_people(posts))


def working_agencies() -> list[Agency]:
    """Return the province's committee, departments and communes, from the top down."""
    code = settings.PROVINCE_CODE
    return list(
        Agency.objects.filter(
            Q(place__level="province", place__code=code) | Q(place__province__code=code),
            kind__in=[Agency.Kind.PEOPLES_COMMITTEE, Agency.Kind.DEPARTMENT],
            valid_to=None,
        )
        .select_related("place")
        .order_by(F("parent").asc(nulls_first=True), "pk")
    )


def roles_of(agency: Agency, receives: bool, number: int) -> list[Role]:
    """Return which people an agency needs: everybody decides, centres receive, every fourth has the post's staff."""
    roles: list[Role] = [Role.HANDLER, Role.APPROVER]
    if receives:
        roles += [Role.CLERK, Role.HEAD]
    if receives and number % EVERY_FOURTH == 0:
        roles.append(Role.CONTRACTOR)
    if agency.parent_id is None:
        roles.append(Role.SUPERVISOR)
    return roles


def give_identifiers(agencies: list[Agency]) -> int:
    """Give «DEMO.01» and so on to agencies without an identifier; return how many got one."""
    given = Agency.objects.filter(identifier__startswith=PREFIX).values_list("identifier", flat=True)
    last = max((int(tail) for tail in (each[len(PREFIX) :] for each in given if each) if tail.isdigit()), default=0)
    bare = [agency for agency in agencies if not agency.identifier]
    for number, agency in enumerate(bare, last + 1):
        agency.identifier = f"{PREFIX}{number:02}"
        agency.save(update_fields=["identifier"])
    return len(bare)


def post_people(posts: list[tuple[Agency, Role, int]]) -> int:
    """Make a person for each post: agency, role, which of them; nobody has a password until one is set."""
    model: Any = get_user_model()
    taken = set(model.objects.filter(username__startswith="demo-").values_list("username", flat=True))
    posts = [post for post in posts if username(*post) not in taken]
    users = []
    for agency, role, which in posts:
        family, _space, given = people.name(Random(f"{agency.pk} {role} {which}")).partition(" ")  # noqa: S311
        name = username(agency, role, which)
        users.append(model(username=name, last_name=family, first_name=given, password=make_password(None)))
    made = model.objects.bulk_create(users)
    Posting.objects.bulk_create(
        Posting(
            user=user,
            agency=agency,
            role=role,
            title=TITLES[role],
            employer="Bưu điện (DEMO)" if role == Role.CONTRACTOR else "",
        )
        for user, (agency, role, _which) in zip(made, posts, strict=True)
    )
    return len(made)


def username(agency: Agency, role: str, which: int) -> str:
    """Return the name by which a made-up officer logs in; the second of a role ends in «-2»."""
    return f"demo-{role}-{agency.pk}" + (f"-{which}" if which > 1 else "")
