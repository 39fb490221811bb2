"""What people come with: procedures of the real catalogue, the popular ones more often, and who settles them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from catalogue.models import Agency, Procedure, ProcedureRoute, ProcedureVersion
from desk.limits import Limit, Unit
from desk.refusals import Invalid
from desk.simulation.staff import working_agencies
from desk.states import Channel
from desk.versions import fee_of, limit_of, overlay_on, papers_of, version_on

MOST = 150
"""How many procedures a level is simulated with, the most important first."""
COMMUNE_SHARE = 0.7
"""Part of the dossiers that communes settle."""
LONGEST_NAME = 200
"""Letters up to which a paper's name is short enough for a pile of a million."""


@dataclass(frozen=True)
class Matter:
    """A procedure with the agencies that settle it, how often it comes, and what its version says a channel."""

    procedure: Procedure
    version: ProcedureVersion
    deciders: tuple[Agency, ...]
    weight: float
    limits: dict[str, Limit]
    papers: tuple[tuple[str, str], ...]
    """Key and name of the first papers that everybody hands in."""
    restarts: bool

    @property
    def is_communes(self) -> bool:
        """Return whether communes settle it."""
        return self.deciders[0].place.level == "commune"


@dataclass(frozen=True)
class Candidate:
    """A procedure, who settles it, and how often it comes."""

    procedure: Procedure
    deciders: tuple[Agency, ...]
    weight: float

    @property
    def is_communes(self) -> bool:
        """Return whether communes settle it."""
        return self.deciders[0].place.level == "commune"


def candidates(most: int = MOST) -> list[Candidate]:
    """Return what the province's agencies settle, the weightiest of each level first; empty without a catalogue.

    What has a route to a ministry's system isn't among it.
    """
    agencies = working_agencies()
    communes = tuple(agency for agency in agencies if agency.place.level == "commune")
    by_role = {agency.role_id: agency for agency in agencies if agency.place.level == "province" and agency.role_id}
    found: dict[bool, list[tuple[Procedure, tuple[Agency, ...]]]] = {True: [], False: []}
    moved = ProcedureRoute.objects.filter(is_provincial=False).values("procedure")
    rows = Procedure.objects.live().in_force().exclude(pk__in=moved).order_by("-importance", "code")
    for procedure in rows.prefetch_related("roles"):
        roles = list(procedure.roles.all())
        heads = [by_role[role.pk] for role in roles if role.pk in by_role]
        if procedure.is_commune_level and communes and not any(role.is_vertical for role in roles):
            found[True].append((procedure, communes))
        elif procedure.is_province_level and heads:
            found[False].append((procedure, (heads[0],)))
    both = bool(found[True]) and bool(found[False])
    chosen = []
    for is_communes, pairs in found.items():
        share = (COMMUNE_SHARE if is_communes else 1 - COMMUNE_SHARE) if both else 1.0
        ranks = [1 / (rank + 3) for rank in range(len(pairs[:most]))]
        chosen += [Candidate(*pair, share * rank / sum(ranks)) for pair, rank in zip(pairs, ranks, strict=False)]
    return chosen


def matters_on(day: dt.date, most: int = MOST) -> list[Matter]:
    """Return the candidates that have a version on a day, with what it says (four queries each)."""
    matters = (matter_of(each.procedure, each.deciders, each.weight, day) for each in candidates(most))
    return [matter for matter in matters if matter is not None]


def matter_of(procedure: Procedure, deciders: tuple[Agency, ...], weight: float, day: dt.date) -> Matter | None:
    """Return a procedure as it is settled on a day; None where no version is in force."""
    try:
        version = version_on(procedure, day)
    except Invalid:
        return None
    listed = [paper for paper in papers_of(version) if paper.can_be_asked_for]
    short = [paper for paper in listed if len(paper.name) <= LONGEST_NAME] or listed
    return Matter(
        procedure,
        version,
        deciders,
        weight,
        {
            channel: limit_of(version, channel, overlay_on(version, channel, deciders[0], day))[0]
            for channel in Channel.values
        },
        tuple((paper.key, paper.name) for paper in short[:3]),
        version.content.get("on_supplement", "restart") == Procedure.OnSupplement.RESTART,
    )


def fees_of(matter: Matter, day: dt.date) -> dict[str, Decimal | None]:
    """Return a matter's fees by channel, None where the catalogue doesn't state it whole (three queries)."""
    version, decider = matter.version, matter.deciders[0]
    return {channel: fee_of(version, channel, overlay_on(version, channel, decider, day)) for channel in Channel.values}


def has_number(limit: Limit) -> bool:
    """Return whether a due date can be reckoned from a limit without an officer who sets it."""
    return limit.unit not in (Unit.NONE, Unit.UNKNOWN)
