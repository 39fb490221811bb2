"""Who opened what, for those who answer for it: on a dossier's page, and through what the people of agencies opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from catalogue.opening import ZONE
from desk.actors import Actor
from desk.models import Dossier, DossierReading
from desk.permissions import READINGS, agencies_of, permitted_by

FEW, PAGE = 50, 50
MOST_NAMED = 200
"""People whom a name may mean."""


@dataclass(frozen=True)
class Asked:
    """What is looked for among the readings; empty fields don't narrow."""

    person: str = ""
    dossier: str = ""
    agency: int | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    only_others: bool = False


@dataclass(frozen=True)
class Listed:
    """A page of readings, those of other people's work first; `after` opens the next one, empty on the last."""

    rows: Sequence[DossierReading]
    after: str


def may_see_readings(dossier: Dossier, by: Actor) -> bool:
    """Return whether somebody answers for the work at one of a dossier's agencies."""
    return permitted_by(READINGS, dossier, by) is not None


def readings_of(dossier: Dossier) -> list[DossierReading]:
    """Return who opened a dossier, the newest first, at most FEW (one query)."""
    return list(dossier.readings.select_related("reason").order_by("-pk")[:FEW])


def listed(by: Actor, asked: Asked, after: str = "") -> Listed:
    """Return a page of what the people of somebody's agencies opened (two queries at most).

    What wasn't their own work stands first, then the newest. `after`: where the page before ended.
    """
    rows = DossierReading.objects.filter(conditions(by, asked))
    if (spot := read_spot(after)) is not None:
        is_own, pk = spot
        rows = rows.filter(Q(is_own=is_own, pk__lt=pk) | Q(is_own__gt=is_own))
    found = list(rows.select_related("dossier", "reason").only(*SHOWN).order_by("is_own", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Listed(found[:PAGE], f"{int(last.is_own)}-{last.pk}" if last else "")


SHOWN = (
    "at", "by_name", "by_title", "by_unit", "what", "is_own", "why", "reader_id", "dossier__code", "reason__text",
)  # fmt: skip


def conditions(by: Actor, asked: Asked) -> Q:
    """Return what narrows the readings down: never beyond what somebody answers for."""
    found = Q(by_agency__in=agencies_of("readings", by))
    if asked.agency is not None:
        found &= Q(by_agency=asked.agency)
    if asked.dossier:
        found &= Q(dossier__code=asked.dossier)
    if asked.person:
        found &= Q(reader__in=people(asked.person))
    if asked.first_day:
        found &= Q(at__gte=dt.datetime.combine(asked.first_day, dt.time(), ZONE))
    if asked.last_day:
        found &= Q(at__lt=dt.datetime.combine(asked.last_day + dt.timedelta(1), dt.time(), ZONE))
    return found & Q(is_own=False) if asked.only_others else found


def people(name: str) -> list[int]:
    """Return the keys of people whose name has each of these words, or who log in by them (one query)."""
    wanted = Q()
    for word in name.split():
        wanted &= Q(last_name__icontains=word) | Q(first_name__icontains=word)
    rows: Any = get_user_model().objects.filter(wanted | Q(username=name))
    return list(rows.values_list("pk", flat=True)[:MOST_NAMED])


def read_spot(after: str) -> tuple[bool, int] | None:
    """Return where a page begins; None for what isn't one."""
    own, _dash, pk = after.partition("-")
    if own not in ("0", "1") or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return own == "1", int(pk)
