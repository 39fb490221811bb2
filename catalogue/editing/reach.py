"""How far a person's postings reach: every right of an editor is asked here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.editing.owners import owned_by, owner_of


@dataclass(frozen=True)
class Reach:
    """The agencies whose rows somebody may touch; `is_whole`: every row of the province."""

    is_whole: bool = False
    agencies: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.is_whole or bool(self.agencies)

    def covers(self, agency_id: int | None) -> bool:
        """Return whether an agency's rows are within; None is the province's top agency."""
        return self.is_whole or (agency_id is not None and agency_id in self.agencies)

    def within(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return those of the rows that are within."""
        if self.is_whole:
            return rows
        return rows.filter(owned_by(rows.model, self.agencies)) if self.agencies else rows.none()


def editing_reach(user: Any, day: dt.date) -> Reach:
    """Return what a person may edit on a day: everything as a superuser, else by postings (three queries, once)."""
    if user.is_active and user.is_superuser:
        return Reach(is_whole=True)
    from catalogue.models import Posting

    return _reach(user, day, Posting.EDITING)


def approving_reach(user: Any, day: dt.date) -> Reach:
    """Return what a person may approve on a day, by postings alone: a superuser too (three queries, once)."""
    from catalogue.models import Posting

    return _reach(user, day, frozenset({Posting.Role.PUBLISHER}))


def today() -> dt.date:
    """Return the local day, where a request enters."""
    return timezone.localdate()


def approvers_of(agency_id: int | None, day: dt.date) -> models.QuerySet[Any]:
    """Return the postings whose holders may approve what an agency answers for (three queries)."""
    from catalogue.models import Posting

    return (
        Posting.objects.on(day)
        .filter(role=Posting.Role.PUBLISHER, user__is_active=True)
        .filter(agency__in=above(agency_id, day) | top_agencies(day))
        .select_related("user", "agency")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def who_can_approve(agency_id: int | None, day: dt.date, *, but: Iterable[int] = ()) -> str:
    """Return a sentence that names who can approve, without some people."""
    left_out = set(but)
    posts = [post for post in approvers_of(agency_id, day) if post.user_id not in left_out]
    if not posts:
        return _("Nobody else may approve it: ask the province's administrator for one more approver.")
    names = "; ".join(dict.fromkeys(f"{post.user.get_full_name() or post.user}, {post.agency}" for post in posts[:5]))
    return _("It can be approved by: %(names)s.") % {"names": names}


def above(agency_id: int | None, day: dt.date) -> set[int]:
    """Return an agency, every one above it, and whoever took all its work over by a day (two queries)."""
    from catalogue.models import Agency

    parents = dict(Agency.objects.values_list("pk", "parent_id"))
    heirs = {old: new for new, old in _whole_heirs(day)}
    found: set[int] = set()
    wave = {agency_id} if agency_id is not None else set()
    while wave := wave - found:
        found |= wave
        nexts = [each for pk in wave for each in (parents.get(pk), heirs.get(pk))]
        wave = {each for each in nexts if each is not None}
    return found


def may_edit(user: Any, row: models.Model, day: dt.date) -> bool:
    """Return whether a person may edit a row on a day."""
    return editing_reach(user, day).covers(owner_of(row))


def may_approve(user: Any, row: models.Model, day: dt.date) -> bool:
    """Return whether a person's postings let them approve a row on a day; who wrote it is asked elsewhere."""
    return approving_reach(user, day).covers(owner_of(row))


def _reach(user: Any, day: dt.date, roles: frozenset[str]) -> Reach:
    from catalogue.models import Posting

    if not user.is_authenticated:
        return Reach()
    # A list asks for each row and each button; a user object lives as long as its request.
    known = user.__dict__.setdefault("_catalogue_reach", {})
    if day not in known:
        posts = Posting.objects.of(user, day).filter(role__in=Posting.EDITING).values_list("role", "agency")
        found_posts = list(posts)
        known[day] = found_posts, top_agencies(day) if found_posts else set()
    if (day, roles) not in known:
        posts, top = known[day]
        agencies = {agency for role, agency in posts if role in roles}
        is_whole = not agencies.isdisjoint(top)
        known[day, roles] = Reach(is_whole, _below(agencies, day) if agencies and not is_whole else frozenset(agencies))
    found: Reach = known[day, roles]
    return found


def top_agencies(day: dt.date) -> set[int]:
    """Return the province's top agency: its People's Committee, which stands under none (one query)."""
    from catalogue.models import AdministrativeUnit, Agency

    committees = Agency.objects.on(day).filter(parent=None, kind=Agency.Kind.PEOPLES_COMMITTEE)
    place = {"place__level": AdministrativeUnit.Level.PROVINCE, "place__code": settings.PROVINCE_CODE}
    return set(committees.filter(**place).values_list("pk", flat=True))


def _whole_heirs(day: dt.date) -> list[tuple[int, int]]:
    """Return (heir, old one) of the agencies whose whole work one took over by a day (one query).

    What could not follow on the day, such as a draft, stays within the reach of the people who went on there.
    """
    from catalogue.models import AgencySuccession

    whole = AgencySuccession.objects.filter(effective_on__lte=day, field=None, area=None)
    return list(whole.values_list("successor_id", "agency_id"))


def _below(agencies: Iterable[int], day: dt.date) -> frozenset[int]:
    """Return agencies, all that stand under them, and those whose whole work they took over (two queries)."""
    from catalogue.models import Agency

    children: dict[int, list[int]] = {}
    for heir, old in _whole_heirs(day):
        children.setdefault(heir, []).append(old)
    for pk, parent in Agency.objects.exclude(parent=None).values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    wave = list(agencies)
    while wave := [pk for pk in wave if pk not in found]:
        found.update(wave)
        wave = [child for pk in wave for child in children.get(pk, ())]
    return frozenset(found)
