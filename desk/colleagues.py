"""Who can be chosen in a form: people with a post, by agency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from catalogue.models import Posting


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


def name_of(user: Any) -> str:
    """Return a person's name as colleagues know it."""
    return user.get_full_name() or user.get_username() if user else ""
