"""What a pile of dossiers is made from, read once: matters, agencies, officers, centres, hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from random import Random

from catalogue.models import Agency, Centre, Posting
from catalogue.opening import ZONE
from desk.actors import ActorKind, Role
from desk.calendar import WorkCalendar, work_calendar
from desk.limits import Limit
from desk.simulation.due import DueDates
from desk.simulation.hours import Hours
from desk.simulation.ledger import By
from desk.simulation.matters import MOST, Matter, fees_of, matters_on

LONGEST = 400
"""Days by which the working hours reach beyond the last day: no story is longer."""
EVENNESS = 8
DECIDING, RECEIVING = (Role.HANDLER, Role.APPROVER), (Role.CLERK,)


class NothingToSimulateError(ValueError):
    """The database lacks what a province needs; the text says what to do."""


@dataclass(frozen=True)
class PlainMatter:
    """A matter without rows of the database."""

    procedure_id: int
    version_id: int
    deciders: tuple[int, ...]
    limits: dict[str, Limit]
    fees: dict[str, str | None]
    papers: tuple[tuple[str, str], ...]
    restarts: bool


@dataclass(frozen=True)
class Desk:
    """A centre that receives: its agency, its hours and due dates."""

    centre_id: int
    agency_id: int
    hours: Hours
    dues: DueDates


@dataclass
class Plan:
    """All of it. Weights are cumulative."""

    seed: int
    until: int
    matters: list[PlainMatter]
    matter_weights: list[float]
    communes: list[int]
    commune_weights: list[float]
    desks: dict[int, Desk]
    provincial: Desk
    identifiers: dict[int, str]
    staff: dict[tuple[int, str], list[By]]
    places: dict[int, str] = field(default_factory=dict)

    def commune(self, rng: Random) -> int:
        """Return a commune's agency, large ones more often."""
        return rng.choices(self.communes, cum_weights=self.commune_weights)[0]


def make_plan(
    *, seed: int, first: dt.date, last: dt.date, most: int = MOST, with_fees: bool = True, evenness: float = EVENNESS
) -> Plan:
    """Read a plan for dossiers from a day until the end of another, with so many procedures a level.

    `evenness`: the greater, the less the first communes have more to do than the others.

    Raises NothingToSimulateError.
    """
    staff = staff_on(last)
    desks = desks_of(first, last, staff)
    provincial = next(
        (desk for desk in desks.values() if Agency.objects.get(pk=desk.agency_id).parent_id is None), None
    )
    matters = [matter for matter in matters_on(last, most) if all(decides(agency, staff) for agency in matter.deciders)]
    if not matters or not desks:
        raise NothingToSimulateError(
            "Load places, procedures and centres first; where agencies have no officers, add --make-officers."
        )
    communes = [agency.pk for matter in matters if matter.is_communes for agency in matter.deciders]
    communes = [pk for pk in dict.fromkeys(communes) if pk in desks]
    Random(seed).shuffle(communes)  # noqa: S311
    agencies = Agency.objects.select_related("place").in_bulk(
        {*communes, *desks, *(agency.pk for matter in matters for agency in matter.deciders)}
    )
    return Plan(
        seed=seed,
        until=int(dt.datetime.combine(last, dt.time.max, ZONE).timestamp()),
        matters=[plain_matter(matter, fees_of(matter, last) if with_fees else {}) for matter in matters],
        matter_weights=list(accumulate(matter.weight for matter in matters)),
        communes=communes or list(desks),
        commune_weights=list(accumulate(1 / (rank + evenness) for rank in range(len(communes or desks)))),
        desks=desks,
        provincial=provincial or next(iter(desks.values())),
        identifiers={pk: agency.identifier or "" for pk, agency in agencies.items()},
        staff=staff,
        places={pk: str(agency.place) for pk, agency in agencies.items()},
    )


def plain_matter(matter: Matter, fees: dict[str, Decimal | None]) -> PlainMatter:
    """Return a matter without its rows."""
    return PlainMatter(
        matter.procedure.pk,
        matter.version.pk,
        tuple(agency.pk for agency in matter.deciders),
        matter.limits,
        {channel: None if fee is None else f"{fee:.2f}" for channel, fee in fees.items()},
        matter.papers,
        matter.restarts,
    )


def staff_on(day: dt.date) -> dict[tuple[int, str], list[By]]:
    """Return the officers of a day by agency and role, as events freeze them (one query)."""
    staff: dict[tuple[int, str], list[By]] = {}
    rows = (
        Posting.objects.on(day)
        .at_the_desk()
        .filter(user__is_active=True)
        .select_related("user", "agency")
        .order_by("pk")
    )
    for row in rows:
        by = By(
            ActorKind.OFFICER.value,
            row.user_id,
            row.user.get_full_name() or row.user.get_username(),
            row.title or str(row.get_role_display()),
            row.agency.name_vi or "",  # type: ignore[attr-defined]
            row.agency_id,
        )
        staff.setdefault((row.agency_id, row.role), []).append(by)
    return staff


def decides(agency: Agency, staff: dict[tuple[int, str], list[By]]) -> bool:
    """Return whether an agency has the people to settle."""
    return all((agency.pk, role) in staff for role in DECIDING)


def desks_of(first: dt.date, last: dt.date, staff: dict[tuple[int, str], list[By]]) -> dict[int, Desk]:
    """Return the centres that can receive, by agency; those with the same calendar share its hours and due dates."""
    shared: dict[WorkCalendar, tuple[Hours, DueDates]] = {}
    desks: dict[int, Desk] = {}
    for centre in Centre.objects.live().exclude(agency=None).select_related("agency").order_by("level", "pk"):
        assert centre.agency is not None
        can_receive = bool(centre.agency.identifier) and (centre.agency_id, Role.CLERK) in staff
        if not can_receive or centre.agency_id in desks:
            continue
        calendar = work_calendar(centre)
        if calendar not in shared:
            shared[calendar] = Hours(calendar, first, last + dt.timedelta(LONGEST)), DueDates(calendar)
        desks[centre.agency.pk] = Desk(centre.pk, centre.agency.pk, *shared[calendar])
    return desks


def days_of(first: dt.date, last: dt.date) -> Sequence[dt.date]:
    """Return the days from one to another."""
    return [first + dt.timedelta(n) for n in range((last - first).days + 1)]
