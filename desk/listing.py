"""The list of dossiers: narrowed down, most pressing first, a page at a time by key and never by count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce

from catalogue.opening import ZONE
from catalogue.text import fold
from desk.actors import Actor
from desk.calendar import at as moment_of
from desk.calendar import work_calendar
from desk.limits import IN_HOURS
from desk.models import Dossier, Party
from desk.pressing import Pressing, last_soon_day, pressing
from desk.querysets import DossierQuerySet
from desk.states import OPEN, PAUSED

PAGE = 25
NEVER = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
"""Where a dossier without a due date stands: after all that have one."""


@dataclass(frozen=True)
class Row:
    """A dossier of the list with its applicant's name and how pressing it is."""

    dossier: Dossier
    pressing: Pressing
    applicant: str


@dataclass(frozen=True)
class Listing:
    """A page of the list; `after` opens the next one, empty on the last."""

    rows: Sequence[Row]
    count: int
    after: str


def listing(by: Actor, at: dt.datetime, filters: dict[str, Any], after: str = "") -> Listing:
    """Return a page of what somebody sees, and how many there are in all (three queries)."""
    found = narrowed(Dossier.objects.visible_to(by), at, **filters)
    ordered = found.annotate(due_key=Coalesce("due_at", NEVER)).order_by("due_key", "pk")
    if key := read_key(after):
        ordered = ordered.filter(Q(due_key__gt=key[0]) | Q(due_key=key[0], pk__gt=key[1]))
    applicants = Prefetch("parties", Party.objects.filter(role=Party.Role.APPLICANT), to_attr="applicants")
    dossiers = list(
        ordered.select_related("procedure", "holder", "holder_agency").prefetch_related(applicants)[: PAGE + 1]
    )
    calendar = work_calendar()
    rows = [Row(each, pressing(each, at, calendar), applicant_of(each)) for each in dossiers[:PAGE]]
    more = len(dossiers) > PAGE
    return Listing(rows, found.count(), write_key(dossiers[PAGE - 1]) if more else "")


def applicant_of(dossier: Any) -> str:
    """Return the applicant's name, as it was read with the list."""
    return dossier.applicants[0].name if dossier.applicants else ""


def narrowed(
    dossiers: DossierQuerySet,
    at: dt.datetime,
    *,
    text: str = "",
    states: frozenset[int] = frozenset(),
    due: str = "",
    agency: int | None = None,
    procedure: str = "",
    holder: int | None = None,
) -> DossierQuerySet:
    """Return the dossiers that all of the filters let through."""
    if text:
        dossiers = dossiers.filter(_matches(text))
    if states:
        dossiers = dossiers.filter(state__in=states)
    if due:
        dossiers = dossiers.filter(_due(due, at))
    if agency:
        dossiers = dossiers.filter(Q(holder_agency=agency) | Q(received_by=agency) | Q(decided_by=agency))
    if procedure:
        words = Q(procedure__code=procedure.strip()) | Q(procedure__search_folded__contains=fold(procedure))
        dossiers = dossiers.filter(words)
    if holder:
        dossiers = dossiers.filter(holder=holder)
    return dossiers


def _matches(text: str) -> Q:
    """Return what finds a code or its end, a name with or without marks, or a person's number."""
    line = text.strip()[:100]
    named = Party.objects.filter(name_folded__contains=fold(line)) if fold(line) else Party.objects.none()
    numbered = Party.objects.filter(identifiers__value=line.upper().replace(" ", ""))
    found = Q(code__iexact=line) | Q(pk__in=named.values("dossier")) | Q(pk__in=numbered.values("dossier"))
    return found | Q(code__endswith=line.upper()) if len(line) > 3 else found


def _due(due: str, at: dt.datetime) -> Q:
    today = at.astimezone(ZONE).date()
    begins = moment_of(today, dt.time.min)
    unsettled = Q(settled_at=None, state__in=OPEN)
    if due == "standing":
        return Q(state__in=PAUSED, due_at=None)
    if due == "overdue":
        by_the_minute = Q(limit_unit__in=IN_HOURS, limit_set_on=None, due_at__lt=at)
        return unsettled & (Q(due_at__lt=begins) | by_the_minute)
    until = moment_of(last_soon_day(today, work_calendar()) + dt.timedelta(1), dt.time.min)
    return unsettled & Q(due_at__gte=begins, due_at__lt=until)


def write_key(dossier: Any) -> str:
    """Return the key of the page after this dossier."""
    return signing.dumps([dossier.due_key.isoformat(), dossier.pk], salt="desk.listing")


def read_key(text: str) -> tuple[dt.datetime, int] | None:
    """Return where a page begins; None for the first one, and for a key that isn't ours."""
    try:
        due, pk = signing.loads(text, salt="desk.listing")
    except signing.BadSignature:
        return None
    return dt.datetime.fromisoformat(due), int(pk)
