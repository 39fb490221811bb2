"""At which agencies people need an account on which ministry's system, by the day's routes.

A counter needs one where its centre receives a procedure that is filed there (Nghị định 118/2025/NĐ-CP Điều 14, with
its exceptions: as `Procedure.received_by`), a handler or approver where the agency settles one (`deciding.py` here).
All of the province at once: seven queries, however many procedures and centres there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from catalogue.models import Centre, CentreException, Procedure, ProcedureRoute
from catalogue.models.people import key_of
from desk.outside.deciders import Deciders
from desk.permissions import AT_THE_COUNTER, RULES, Side
from desk.routes import Level, first_of

AT_CENTRES = AT_THE_COUNTER
"""Who receives: they file the dossier on the ministry's system, and hand its result over."""
AT_DECIDERS = RULES["finish"].at[Side.DECIDING] | RULES["request_supplement"].at[Side.DECIDING]
"""Who settles. A supervisor and an editor of the catalogue touch no dossier there, so they need nothing."""
LEVELS = (Level.PROVINCE, Level.COMMUNE)


@dataclass
class System:
    """A ministry's system: its name as routes write it, what is filed there, and who needs an account."""

    key: str
    name: str
    procedures: set[int] = field(default_factory=set)
    issuers: set[str] = field(default_factory=set)
    """The ministries whose procedures they are."""
    receiving: set[int] = field(default_factory=set)
    """Agencies whose centres receive what is filed there."""
    settling: set[int] = field(default_factory=set)

    def is_needed(self, agency_id: int, role: str) -> bool:
        """Return whether a post at an agency needs an account."""
        if role in AT_CENTRES:
            return agency_id in self.receiving
        return role in AT_DECIDERS and agency_id in self.settling


@dataclass(frozen=True)
class Moved:
    """A procedure that is filed on a ministry's system: at which level on which, by the system's key."""

    pk: int
    field_id: int
    is_commune_level: bool
    by_level: dict[str, str]
    roles: frozenset[int]
    is_received: bool
    """By the rule, before its exceptions: not what vertical agencies alone settle."""


def systems_on(day: dt.date) -> dict[str, System]:
    """Return the ministries' systems on which the province's procedures are filed on a day, with who needs them."""
    found: dict[str, System] = {}
    moved = moved_on(day, found)
    _add_centres(found, moved)
    deciders = Deciders.on(day)
    for each in moved:
        for agency_id, level in deciders.of(each.pk, each.roles, is_commune_level=each.is_commune_level):
            if level in each.by_level:
                found[each.by_level[level]].settling.add(agency_id)
    return found


def moved_on(day: dt.date, found: dict[str, System]) -> list[Moved]:
    """Return what is filed on ministries' systems on a day, and put those systems into `found` (two queries)."""
    routes: dict[Procedure, list[ProcedureRoute]] = defaultdict(list)
    for row in routes_on(day):
        routes[row.procedure].append(row)
    tied = Procedure.roles.through.objects.filter(procedure__in=moving(day).values("pk"))
    roles: dict[int, dict[int, bool]] = defaultdict(dict)
    for procedure_id, role, is_vertical in tied.values_list("procedure", "agencyrole", "agencyrole__is_vertical"):
        roles[procedure_id][role] = is_vertical
    moved = []
    for procedure, own in routes.items():
        held = {level: first_of(own, level) for level in LEVELS}
        theirs = {level: route for level, route in held.items() if route is not None and not route.is_provincial}
        for route in theirs.values():
            key = key_of(route.system)
            system = found.setdefault(key, System(key, route.system))
            system.procedures.add(procedure.pk)
            system.issuers |= {procedure.issuer} - {""}
        if theirs:
            named = roles.get(procedure.pk, {})
            moved.append(
                Moved(
                    procedure.pk,
                    procedure.field_id,
                    procedure.is_commune_level,
                    {level: key_of(route.system) for level, route in theirs.items()},
                    frozenset(named),
                    is_received=not named or not all(named.values()),
                )
            )
    return moved


def moving(day: dt.date) -> QuerySet[Procedure]:
    """Return the province's procedures in force that have a ministry's route on a day."""
    routes = ProcedureRoute.objects.on(day).filter(procedure=OuterRef("pk"), is_provincial=False)
    return Procedure.objects.public(settings.PROVINCE_CODE).in_force().filter(Exists(routes))


def routes_on(day: dt.date) -> QuerySet[ProcedureRoute]:
    """Return the routes of those procedures on a day, the ministries' own level left out."""
    return (
        ProcedureRoute.objects.on(day)
        .filter(procedure__in=moving(day).values("pk"), level__in=[*LEVELS, Level.ANY])
        .select_related("procedure")
        .only(
            "level", "is_provincial", "system", "procedure__field", "procedure__is_commune_level", "procedure__issuer"
        )
        .order_by("pk")
    )


def _add_centres(found: dict[str, System], moved: Sequence[Moved]) -> None:
    """Let each system know the agencies whose centres receive something of it (two queries)."""
    exceptions: dict[int | None, list[CentreException]] = defaultdict(list)
    for row in CentreException.objects.all():
        exceptions[row.centre_id].append(row)
    usual = _received(moved, exceptions[None])
    for centre, agency in Centre.objects.live().exclude(agency=None).values_list("pk", "agency"):
        own = exceptions.get(centre)
        for key in _received(moved, [*exceptions[None], *own]) if own else usual:
            found[key].receiving.add(agency)


def _received(moved: Iterable[Moved], exceptions: Iterable[CentreException]) -> set[str]:
    """Return the systems of what a centre receives: what an exception refuses, no other brings back."""
    told = {True: set[tuple[str, int | None]](), False: set[tuple[str, int | None]]()}
    for row in exceptions:
        named = ("procedure", row.procedure_id) if row.procedure_id else ("field", row.field_id)
        told[row.receives].add(named)
    keys: set[str] = set()
    for each in moved:
        names = {("procedure", each.pk), ("field", each.field_id)}
        if (each.is_received or names & told[True]) and not names & told[False]:
            keys |= set(each.by_level.values())
    return keys
