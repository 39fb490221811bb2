"""A province in which stories are told by real acts: its rows, its officers as actors, its routes to ministries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from django.contrib.auth import get_user_model

from catalogue.models import Agency, Centre, Posting, Procedure, ProcedureRoute
from desk.actors import Actor, officer
from desk.simulation.hours import local_day, moment_of
from desk.simulation.matters import matter_of
from desk.simulation.plan import Desk, PlainMatter, Plan, make_plan, plain_matter

FEW = 40
"""How many procedures a level works with: a few hundred dossiers need no more."""
UNEVEN = 0.5
"""A few hundred dossiers lie where people look, not thinly over a hundred communes."""
LINKED = ("1.001193", "1.004222", "1.002759")
"""Birth, residence, health insurance (liên thông), by their national codes."""


@dataclass
class World:
    """What stories need, read once."""

    plan: Plan
    procedures: dict[int, Procedure]
    agencies: dict[int, Agency]
    centres: dict[int, Centre]
    routes: list[ProcedureRoute]
    linked: list[PlainMatter]
    """Settled by the commune here, in the place of agencies that the catalogue doesn't hold."""
    is_dated: bool
    """Whether posts begin or end on some day: else an officer is the same on all."""
    actors: dict[tuple[int, int], Actor] = field(default_factory=dict)

    def actor(self, user_id: int, second: int) -> Actor:
        """Return an officer with the posts of the day."""
        key = user_id, local_day(second) if self.is_dated else 0
        if key not in self.actors:
            self.actors[key] = officer(get_user_model().objects.get(pk=user_id), moment_of(second))
        return self.actors[key]

    def officer_of(self, agency_id: int, role: str, rng: Random) -> int | None:
        """Return one of an agency's people of a role, if there is one."""
        staff = self.plan.staff.get((agency_id, role))
        return rng.choice(staff).user_id if staff else None

    def desk_of(self, matter: PlainMatter, decider: int, rng: Random) -> Desk:
        """Return where it is handed in: at home, at another commune's centre, or at the provincial one."""
        chance = rng.random()
        if len(matter.deciders) == 1 and chance < 0.6:
            return self.plan.provincial
        if decider in self.plan.desks and chance < 0.8:
            return self.plan.desks[decider]
        return self.plan.provincial if chance < 0.88 else self.plan.desks[self.plan.commune(rng)]


def make_world(*, seed: int, first: dt.date, last: dt.date) -> World:
    """Read a world. Raises NothingToSimulateError."""
    plan = make_plan(seed=seed, first=first, last=last, most=FEW, with_fees=False, evenness=UNEVEN)
    routes = ProcedureRoute.objects.on(last).filter(is_provincial=False, procedure__live=True)
    agencies = Agency.objects.select_related("place__province").in_bulk(list(plan.places))
    by_code = {procedure.code: procedure for procedure in Procedure.objects.live().filter(code__in=LINKED)}
    communes = tuple(agencies[pk] for pk in plan.communes)
    found = [matter_of(by_code[code], communes, 0, last) for code in LINKED if code in by_code]
    linked = [plain_matter(matter, {}) for matter in found if matter is not None]
    return World(
        plan,
        Procedure.objects.in_bulk({matter.procedure_id for matter in [*plan.matters, *linked]}),
        agencies,
        Centre.objects.select_related("agency").in_bulk([desk.centre_id for desk in plan.desks.values()]),
        list(routes.select_related("procedure").order_by("procedure__code")),
        linked,
        Posting.objects.exclude(valid_from=None, valid_to=None).exists(),
    )
