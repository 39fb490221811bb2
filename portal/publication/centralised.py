"""Which procedures are done on a ministry's system on a day, and which aren't yet (Công văn 39/TTg-KSTT)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from catalogue.models import Procedure, ProcedureRoute

NOBODY = "-"
"""What stands in addresses for «the issuer isn't named»."""


def moved(day: dt.date) -> Q:
    """Return the condition that a procedure is on a ministry's system on a day, at one level at least."""
    routes = ProcedureRoute.objects.on(day).filter(procedure=OuterRef("pk"), is_provincial=False)
    return Q(Exists(routes))


@dataclass(frozen=True)
class Ministry:
    """An issuer's procedures: how many there are, and how many are on a ministry's system."""

    issuer: str
    total: int
    already: int

    @property
    def key(self) -> str:
        """Return what stands for the issuer in an address."""
        return self.issuer or NOBODY

    @property
    def name(self) -> str:
        """Return the issuer's name for the eye."""
        return self.issuer or _("not named")

    @property
    def not_yet(self) -> int:
        """Return how many aren't."""
        return self.total - self.already


def by_ministry(rows: QuerySet[Procedure], day: dt.date) -> list[Ministry]:
    """Return the figures by issuer, those with most procedures first (one query)."""
    counted = rows.order_by().values("issuer").annotate(total=Count("pk"), already=Count("pk", filter=moved(day)))
    found = [Ministry(row["issuer"], row["total"], row["already"]) for row in counted]
    return sorted(found, key=lambda each: (-each.total, each.issuer))


def routes_on(pks: Collection[int], day: dt.date) -> dict[int, list[ProcedureRoute]]:
    """Return the ministries' routes that hold on a day, by procedure (one query)."""
    rows = ProcedureRoute.objects.on(day).filter(procedure__in=pks, is_provincial=False).order_by("valid_from", "pk")
    found: dict[int, list[ProcedureRoute]] = {}
    for row in rows:
        found.setdefault(row.procedure_id, []).append(row)
    return found


@dataclass
class Plan:
    """What a batch of new routes would do: routes that begin, routes that end with them, and who is left out why."""

    new: list[ProcedureRoute] = field(default_factory=list)
    ended: list[ProcedureRoute] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def plan(procedures: Iterable[Procedure], shown: dict[str, Any]) -> Plan:
    """Return what it takes to move procedures to a system from a day on (`shown`: the columns of the new routes).

    Another ministry's route of that level that still holds then ends on that day. Left out are those that are there
    already and those whose route of that level begins on that very day.
    """
    chosen, start, found = list(procedures), shown["valid_from"], Plan()
    routes = ProcedureRoute.objects.filter(procedure__in=chosen, level=shown["level"]).select_related("procedure")
    held: dict[int, list[ProcedureRoute]] = {}
    for route in routes.order_by("valid_from", "pk"):
        held.setdefault(route.procedure_id, []).append(route)
    for procedure in chosen:
        mine = held.get(procedure.pk, [])
        if why := _why_left(mine, shown):
            found.left.append((str(procedure), why))
            continue
        found.new.append(ProcedureRoute(procedure=procedure, is_provincial=False, **shown))
        found.ended += [_ended(route, start) for route in mine if _holds(route, start) and not route.is_provincial]
    return found


def _why_left(routes: Sequence[ProcedureRoute], shown: dict[str, Any]) -> str:
    start = shown["valid_from"]
    if any(route.valid_from == start for route in routes):
        return _("a route of that level begins on that very day: change that one")
    if any(_holds(route, start) and not route.is_provincial and route.system == shown["system"] for route in routes):
        return _("it is on that system already")
    if any(route.valid_from and route.valid_from > start for route in routes):
        return _("a route of that level begins later: change that one")
    return ""


def _holds(route: ProcedureRoute, day: dt.date) -> bool:
    return (route.valid_from is None or route.valid_from <= day) and (route.valid_to is None or route.valid_to > day)


def _ended(route: ProcedureRoute, day: dt.date) -> ProcedureRoute:
    route.valid_to = day
    return route
