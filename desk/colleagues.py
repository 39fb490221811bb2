"""Who can be chosen in a form: people with a post, by agency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from catalogue.models import Posting
from desk.actors import name_of as full_name
from desk.inheriting import Inheritance
from desk.models import Dossier


def people_at(agency_ids: Iterable[int | None], day: dt.date) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return who works at agencies on a day, by the agency's name (one query): pairs of key and «name, roles»."""
    rows = (
        Posting.objects.on(day)
        .at_the_desk()
        .filter(agency__in={pk for pk in agency_ids if pk}, user__is_active=True)
        .exclude(role=Posting.Role.SUPERVISOR)
        .select_related("user", "agency")
        .order_by("agency__name_vi", "user__last_name", "user__first_name", "pk")
    )
    found: dict[str, dict[int, list[str]]] = {}
    names: dict[int, str] = {}
    for row in rows:
        names[row.user_id] = name_of(row.user)
        found.setdefault(str(row.agency), {}).setdefault(row.user_id, []).append(str(row.get_role_display()))
    return [
        (agency, [(pk, f"{names[pk]}, {', '.join(roles)}") for pk, roles in people.items()])
        for agency, people in found.items()
    ]


def agencies_of(dossier: Dossier, day: dt.date) -> tuple[int, ...]:
    """Return the agencies that have to do with a dossier: their people see it, and those of who has their work now."""
    sides = (dossier.received_by_id, dossier.decided_by_id, dossier.holder_agency_id, dossier.helped_by_id)
    keys = tuple(dict.fromkeys(key for key in sides if key))
    if not may_have_heirs(dossier, day):
        return keys
    known = Inheritance.of(keys, day)
    return tuple(dict.fromkeys((*keys, *(known.heir(key, dossier) or key for key in keys))))


def may_have_heirs(dossier: Dossier, day: dt.date) -> bool:
    """Return whether an agency of a dossier has ended: as an act has read it, else by the agencies themselves."""
    found = getattr(dossier, "has_heirs", None)
    if found is not None:
        return bool(found)
    ends = (each.valid_to for each in (dossier.received_by, dossier.decided_by, dossier.holder_agency))
    return any(end is not None and end <= day for end in ends)


def posts_at(agency_ids: Iterable[int], day: dt.date) -> dict[int, Posting]:
    """Return a post of each person who works at agencies on a day, by the person's key (one query)."""
    rows = Posting.objects.on(day).filter(agency__in=set(agency_ids), user__is_active=True).order_by("-pk")
    return {row.user_id: row for row in rows if row.role != Posting.Role.SUPERVISOR}


def name_in_reach(key: str, agency_ids: Iterable[int]) -> list[tuple[int, str]]:
    """Return key and name of a person who has or had a post at one of these agencies (one query), none for others."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return []
    posts = Posting.objects.filter(user=OuterRef("pk"), agency__in=agency_ids)
    return [(row.pk, name_of(row)) for row in get_user_model().objects.filter(Exists(posts), pk=key)]


def name_of(user: Any) -> str:
    """Return a person's name as colleagues know it."""
    return full_name(user) if user else ""
