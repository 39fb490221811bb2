"""One dossier's story, told by real acts: who acts, when, and with what. Tales (`tales.py`) are made of these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from desk import actions
from desk.actors import Actor, Role, outside
from desk.demands import Demand
from desk.intake import Intake, PaperIn
from desk.limits import SetDate
from desk.models import Dossier, Origin, ReturnBy
from desk.simulation import people, said
from desk.simulation.hours import date_of, local_day, moment_of
from desk.simulation.matters import has_number
from desk.simulation.plan import PlainMatter
from desk.simulation.world import World
from desk.states import Channel, Outcome

Wait = Iterator[int]
"""The moments, in seconds, at which a story wants to go on."""
ONLINE, BY_POST = 0.35, 0.4


class Story:
    """One dossier: `second` is its own clock, which the driver brings into the order of all."""

    def __init__(self, world: World, number: int, rng: Random, day: int) -> None:
        self.world, self.number, self.rng = world, number, rng
        self.dossier: Dossier = Dossier()
        plan = world.plan
        self.matter = rng.choices(plan.matters, cum_weights=plan.matter_weights)[0]
        self.decider = plan.commune(rng) if len(self.matter.deciders) > 1 else self.matter.deciders[0]
        self.desk = world.desk_of(self.matter, self.decider, rng)
        self.hours = self.desk.hours
        chance = rng.random()
        self.channel = Channel.ONLINE if chance < ONLINE else Channel.POST if chance < BY_POST else Channel.COUNTER
        self.second = self.arrival(day)
        self.changes: dict[str, Any] = {}

    def arrival(self, day: int) -> int:
        """Return when somebody comes on a day: on a day off only online."""
        if day not in self.hours.spans:
            self.channel = Channel.ONLINE
        if self.channel == Channel.ONLINE:
            return day * 86_400 - 7 * 3_600 + int(self.rng.triangular(6 * 3_600, 86_399, 10 * 3_600))
        return self.hours.arrival(day, self.rng)

    # Time

    @property
    def at(self) -> dt.datetime:
        """Return the present moment."""
        return moment_of(self.second)

    def wait(self, seconds: int, spread: int = 0) -> Wait:
        """Let some seconds pass and work begin again."""
        self.second = self.hours.after(self.second, seconds + self.rng.randrange(spread + 1))
        yield self.second

    def days(self, number: int) -> Wait:
        """Let some days of work pass."""
        day = self.hours.days_after(local_day(self.second) + 1, max(0, number - 1))
        self.second = self.hours.some_time(day, self.rng)
        yield self.second

    def until_day(self, day: int) -> Wait:
        """Wait for a day, or go on today."""
        if day <= local_day(self.second):
            yield from self.wait(900, 3_600)
            return
        self.second = self.hours.some_time(self.hours.days_after(day, 0), self.rng)
        yield self.second

    # Who

    def by(self, role: str, *, deciding: bool = False) -> Actor:
        """Return an officer of the centre, or of the agency that settles; another of a role that nobody has."""
        agency = self.decider if deciding else self.desk.agency_id
        user = self.world.officer_of(agency, role, self.rng)
        if user is None:
            user = self.world.officer_of(agency, Role.APPROVER if deciding else Role.CLERK, self.rng)
        assert user is not None
        return self.world.actor(user, self.second)

    @property
    def clerk(self) -> Actor:
        """Return somebody at the counter."""
        return self.by(Role.CLERK)

    @property
    def handler(self) -> Actor:
        """Return somebody who works on it."""
        return self.by(Role.HANDLER, deciding=True)

    @property
    def approver(self) -> Actor:
        """Return who signs."""
        return self.by(Role.APPROVER, deciding=True)

    def do(self, act: Any, by: Actor, **details: Any) -> None:
        """Do an act now."""
        self.dossier = act(self.dossier.pk, by=by, at=self.at, **details)

    # What

    def intake(self, **changes: Any) -> Intake:
        """Return what is handed in."""
        rng, world = self.rng, self.world
        place = world.plan.places[self.decider]
        chance = rng.random()
        values: dict[str, Any] = {
            "procedure": world.procedures[self.matter.procedure_id],
            "centre": world.centres[self.desk.centre_id],
            "decided_by": world.agencies[self.decider],
            "applicant": people.applicant(rng, place),
            "submitter": people.person(rng, place) if chance < 0.15 else None,
            "owner": people.person(rng, place) if chance < 0.04 else None,
            "papers": [
                PaperIn(key, originals=1, status=rng.choice(("digitised", "digitised", "not_digitised")))
                for key, _name in self.matter.papers[:2]
            ],
            "channel": self.channel,
            "return_by": rng.choices([ReturnBy.PICK_UP, ReturnBy.POST, ReturnBy.ELECTRONIC], (7, 1, 2))[0],
        }
        return Intake(**values | self.changes | changes)

    @property
    def lacks_number(self) -> bool:
        """Return whether an officer must set the date."""
        return not has_number(self.matter.limits[self.channel])

    def set_date(self) -> SetDate:
        """Return the date that the officer sets."""
        day = self.hours.days_after(local_day(self.second) + 1, self.rng.choice((1, 2, 2, 4)))
        return SetDate(date_of(day), said.SET_DATE)

    def register(self, by: Actor, **changes: Any) -> None:
        """Register."""
        self.dossier = actions.register(self.intake(**changes), by=by, at=self.at)

    def receive(self) -> None:
        """Receive what was registered."""
        self.do(actions.receive, self.clerk, due=self.set_date() if self.lacks_number else None)

    def come(self) -> Wait:
        """Come: online it is registered first, at the counter received at once, by contracted staff here and there."""
        yield self.second
        if self.channel == Channel.ONLINE:
            self.register(outside(said.PORTAL), origin=Origin.NATIONAL_PORTAL)
            yield from self.wait(600, 14_000)
            self.receive()
            return
        by = self.by(Role.CONTRACTOR if self.rng.random() < 0.2 else Role.CLERK)
        due = self.set_date() if self.lacks_number else None
        self.dossier = actions.receive_new(self.intake(due=due), by=by, at=self.at)

    def pass_on(self) -> Wait:
        """Go to the agency that settles, where somebody takes it over."""
        yield from self.wait(600, 7_200)
        step_day = self.hours.days_after(local_day(self.second) + 1, self.rng.randrange(3))
        ends = moment_of(self.hours.closing(step_day))
        due_at = self.dossier.due_at
        # A step is done before the dossier is due.
        step_due_at = min(ends, due_at) if due_at is not None and due_at > self.at else ends
        self.do(
            actions.forward, self.clerk, to_agency=self.world.agencies[self.decider], step=said.STEP,
            step_due_at=step_due_at,
        )  # fmt: skip
        yield from self.wait(900, 12_000)
        self.do(actions.take_over, self.handler)

    def demand(self) -> Demand:
        """Return a paper to ask for."""
        key, _name = self.rng.choice(self.matter.papers)
        return Demand("paper", self.rng.choice(said.MISSING), paper_key=key)

    def late_day(self) -> int:
        """Return the day on which it is due."""
        due = self.dossier.due_at
        return local_day(int(due.timestamp())) if due else local_day(self.second)

    def decide(self, outcome: str = Outcome.GRANTED, *, late: int = 0) -> Wait:
        """Wait for a day before the due one, or so many days of work after it, and sign."""
        due, today = self.late_day(), local_day(self.second)
        if late:
            yield from self.until_day(self.hours.days_after(due + 1, late - 1))
        elif self.dossier.due_at is not None and self.dossier.limit_unit.endswith("hour"):
            yield from self.wait(300, 600)
        else:
            yield from self.until_day(today + int((due - today) * self.rng.random() ** 0.6))
        self.sign(outcome)

    def sign(self, outcome: str) -> None:
        """Sign the result."""
        signed_by = self.approver
        self.do(
            actions.finish, signed_by, outcome=str(outcome), number=f"{self.number}/KQ-DEMO", signed_on=self.at.date(),
            signatory=signed_by.name, reason=self.rng.choice(said.REFUSED) if outcome == Outcome.REFUSED else "",
        )  # fmt: skip

    def hand_out(self) -> Wait:
        """Hand over the result, at once or some days later; by post's staff where it goes by post."""
        yield from self.wait(600, 9_000) if self.rng.random() < 0.5 else self.days(1 + self.rng.randrange(4))
        by = self.by(Role.CONTRACTOR if self.dossier.return_by == ReturnBy.POST else Role.CLERK)
        self.do(actions.return_result, by, to=said.TAKEN_BY if self.rng.random() < 0.1 else "")

    def pay(self) -> Wait:
        """Be asked for money."""
        yield from self.days(1)
        amount = Decimal(self.rng.choice((50, 120, 350, 1_200)) * 1_000)
        self.do(actions.request_payment, self.handler, amount=amount, purpose=said.PURPOSE)

    def take(self, matter: PlainMatter) -> None:
        """Come with another matter."""
        self.matter = matter
