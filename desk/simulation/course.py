"""The course of one dossier of a pile: what the acts would do to it, told to the ledger."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.db import models

from desk.actors import Role
from desk.interruptions import Effect, Ground
from desk.limits import IN_HOURS, Limit, SetDate
from desk.models import (
    ClockStop,
    DossierExtension,
    DossierResult,
    HandedPaper,
    HandOver,
    PaymentRequest,
    SupplementItem,
    SupplementRequest,
)
from desk.simulation import said
from desk.simulation.due import Due, Stop
from desk.simulation.hours import date_of, local_day
from desk.simulation.ledger import By, Kept, Row, text_of
from desk.simulation.plan import Desk, PlainMatter, Plan
from desk.states import Outcome, Settlement, State, StopKind

Rows = list[tuple[type[models.Model], Row]]
ANSWER_DAYS = 30


class OverError(Exception):
    """The story goes on after the last day: it is cut here."""


class Course:
    """Acts on a kept dossier, one method each; every one ends the story when its moment lies beyond the last day."""

    def __init__(self, plan: Plan, kept: Kept, matter: PlainMatter, desk: Desk, decider: int, rng: Random) -> None:
        self.plan, self.kept, self.matter, self.desk, self.decider, self.rng = plan, kept, matter, desk, decider, rng
        self.hours = desk.hours
        self.now = self.received = 0
        self.limit: Limit | SetDate = SetDate(dt.date(2000, 1, 1), "?")
        self.due: Due = Due(None, None)
        self.stops: list[Stop] = []
        self.stop_row: Row = {}
        self.hand_over: Row | None = None
        self.extension: tuple[int, dt.date] | None = None
        self.result: Row = {}
        self.request: Row = {}
        self.payment: Row = {}
        self.clerk = rng.choice(plan.staff[desk.agency_id, Role.CLERK])
        self.handler = rng.choice(plan.staff[decider, Role.HANDLER])
        self.approver = rng.choice(plan.staff[decider, Role.APPROVER])

    # Time

    def at(self, second: int) -> None:
        """Let time go on to a moment. Raises OverError beyond the last day."""
        if second > self.plan.until:
            raise OverError
        self.now = second

    def wait(self, seconds: int) -> None:
        """Let so many seconds pass, and work begin again."""
        self.at(self.hours.after(self.now, seconds))

    def wait_days(self, number: int) -> None:
        """Let some days of work pass."""
        day = self.hours.days_after(local_day(self.now) + 1, max(0, number - 1))
        self.at(self.hours.some_time(day, self.rng))

    @property
    def today(self) -> dt.date:
        """Return the local day."""
        return date_of(local_day(self.now))

    # It comes

    def receive(self, changes: Row, **more: Any) -> None:
        """Receive, with the fields and rows of a new dossier or without."""
        self.received = self.now
        self.due = self.desk.dues.due(self.now, self.limit)
        text = text_of(self.now)
        changes |= {
            "state": int(State.RECEIVED), "received_at": text, "original_due_at": self.due.text,
            "due_at": self.due.text, "answer_by": None,
        }  # fmt: skip
        self.kept.act("receive", self.now, self.clerk, changes, **more)

    def reject(self, changes: Row, **more: Any) -> None:
        """Refuse to receive, with the reason."""
        changes |= {"state": int(State.REJECTED), "came_from": None, "answer_by": None}
        self.kept.act("reject", self.now, self.clerk, changes, texts={"reason": self.rng.choice(said.REJECTED)}, **more)

    # It is passed on

    def forward(self, by: By, step: str) -> None:
        """Pass on to the agency that settles."""
        fields, now = self.kept.fields, text_of(self.now)
        day = self.hours.days_after(local_day(self.now) + 1, self.rng.randrange(4))
        step_due = text_of(self.hours.closing(day))
        row = self.kept.ledger.row(
            HandOver,
            {
                "dossier_id": self.kept.pk, "from_agency_id": fields["holder_agency_id"], "to_agency_id": self.decider,
                "from_user_id": by.user_id, "to_user_id": None, "step": step, "step_due_at": step_due, "given_at": now,
                "taken_at": None, "taken_by_id": None,
            },
        )  # fmt: skip
        self.hand_over = row
        changes = {
            "state": int(State.PROCESSING), "holder_agency_id": self.decider, "holder_id": None, "step": step,
            "step_due_at": step_due,
        }  # fmt: skip
        self.kept.act("forward", self.now, by, changes, rows=[(HandOver, row)], facts={"to": self.decider})

    def take_over(self) -> None:
        """Take it on."""
        rows = self.taken(self.handler)
        self.kept.act("take_over", self.now, self.handler, {"holder_id": self.handler.user_id}, rows=rows)

    def taken(self, by: By) -> Rows:
        """Note that a hand-over was taken; return the changed row, if one was open."""
        if self.hand_over is None:
            return []
        row, self.hand_over = self.hand_over, None
        row |= {"taken_at": text_of(self.now), "taken_by_id": by.user_id}
        return [(HandOver, row)]

    # The clock

    def stop_clock(self, ground: str) -> Row:
        """Let the clock stand; return the changed due date."""
        restarts = ground == Ground.SUPPLEMENT and self.matter.restarts
        effect = Effect.RESTART if restarts else Effect.PAUSE
        self.stops.append(Stop(ground, effect.value, self.now, None))
        self.stop_row = self.kept.ledger.row(
            ClockStop,
            {
                "dossier_id": self.kept.pk, "ground": str(ground), "effect": effect.value,
                "began_at": text_of(self.now), "ended_at": None,
            },
        )  # fmt: skip
        return self.moved()

    def go_on(self) -> Row:
        """Let the clock run again; return the changed due date."""
        self.stops[-1] = self.stops[-1]._replace(ended=self.now)
        self.stop_row["ended_at"] = text_of(self.now)
        return self.moved()

    def moved(self) -> Row:
        """Reckon the due date anew."""
        self.due = self.desk.dues.due(self.received, self.limit, self.stops, self.extension)
        return {"due_at": self.due.text}

    def extend(self, days: int) -> None:
        """Put off the due date by some days of work, with an apology."""
        assert self.due.second is not None
        on = date_of(self.hours.days_after(local_day(self.due.second) + 1, days))
        self.extension = self.now, on
        reason, unit = self.rng.choice(said.LATE), self.approver.unit
        row = self.kept.ledger.row(
            DossierExtension,
            {
                "dossier_id": self.kept.pk, "agreed_at": text_of(self.now), "on": on.isoformat(), "reason": reason,
                "late_unit": unit,
            },
        )  # fmt: skip
        self.kept.act(
            "extend", self.now, self.approver, self.moved(), rows=[(DossierExtension, row)],
            facts={"on": on.isoformat(), "late_unit": unit}, texts={"reason": reason},
        )  # fmt: skip

    # More is asked for

    def request_supplement(self, stage: str, by: By) -> None:
        """Ask for a paper of the list."""
        key, name = self.rng.choice(self.matter.papers)
        reason = self.rng.choice(said.MISSING)
        answer_by = (self.today + dt.timedelta(ANSWER_DAYS)).isoformat()
        self.request = self.kept.ledger.row(
            SupplementRequest,
            {
                "dossier_id": self.kept.pk, "stage": stage, "number": 1, "asked_at": text_of(self.now),
                "answer_by": answer_by, "answered_at": None, "ground": "",
            },
        )  # fmt: skip
        item = self.kept.ledger.row(
            SupplementItem,
            {
                "request_id": self.request["id"], "kind": "paper", "paper_key": key, "handed_paper_id": None,
                "name": name, "reason": reason,
            },
        )  # fmt: skip
        rows: Rows = [(SupplementRequest, self.request), (SupplementItem, item)]
        changes: Row = {
            "state": int(State.SUPPLEMENT), "came_from": self.kept.fields["state"], f"{stage}_supplements": 1,
            "answer_by": answer_by,
        }  # fmt: skip
        if stage == "work":
            changes |= self.stop_clock(Ground.SUPPLEMENT)
            rows.append((ClockStop, self.stop_row))
        self.kept.act(
            "request_supplement", self.now, by, changes, rows=rows, texts={"reasons": reason},
            facts={"stage": stage, "number": 1, "items": [["paper", key]]},
        )  # fmt: skip

    def accept_supplement(self) -> None:
        """Take in the paper that was asked for."""
        before = self.kept.fields["came_from"]
        self.request["answered_at"] = text_of(self.now)
        key, name = self.rng.choice(self.matter.papers)
        rows: Rows = [(SupplementRequest, self.request), (HandedPaper, self.paper(key, name, self.clerk, "digitised"))]
        changes: Row = {"state": before, "came_from": None, "answer_by": None}
        if before != State.REGISTERED:
            changes |= self.go_on()
            rows.append((ClockStop, self.stop_row))
        self.kept.act("accept_supplement", self.now, self.clerk, changes, rows=rows, facts={"papers": 1})

    def paper(self, key: str, name: str, by: By, status: str) -> Row:
        """Return the new row of a paper that is handed in."""
        return self.kept.ledger.row(
            HandedPaper,
            {
                "dossier_id": self.kept.pk, "paper_key": key, "name": name, "originals": 1, "copies": 0,
                "status": status, "earlier_result_id": None, "file_id": None, "handed_in_at": text_of(self.now),
                "checked_by_id": by.user_id, "signed_by": "", "replaced_by_id": None,
            },
        )  # fmt: skip

    # Money

    def request_payment(self, amount: str) -> None:
        """Ask for money."""
        changes: Row = {"state": int(State.PAYMENT), "came_from": self.kept.fields["state"]}
        self.payment = self.kept.ledger.row(
            PaymentRequest,
            {
                "dossier_id": self.kept.pk, "amount": amount, "purpose": said.PURPOSE, "asked_at": text_of(self.now),
                "paid_at": None, "dropped_at": None, "receipt": "",
            },
        )  # fmt: skip
        changes |= self.stop_clock(Ground.PAYMENT)
        rows: Rows = [(PaymentRequest, self.payment), (ClockStop, self.stop_row)]
        self.kept.act("request_payment", self.now, self.handler, changes, rows=rows, facts={"amount": amount})

    def confirm_payment(self) -> None:
        """Note that it was paid."""
        amount, receipt = self.payment["amount"], f"DEMO-{self.kept.pk}"
        self.payment |= {"paid_at": text_of(self.now), "receipt": receipt}
        changes: Row = {"state": self.kept.fields["came_from"], "came_from": None, "fee_paid": amount} | self.go_on()
        rows: Rows = [(PaymentRequest, self.payment), (ClockStop, self.stop_row)]
        facts = {"amount": amount, "receipt": receipt}
        self.kept.act("confirm_payment", self.now, self.clerk, changes, rows=rows, facts=facts)

    # It stops or ends

    def stop(self, kind: str) -> None:
        """Stop for a time, or for good."""
        reason = self.rng.choice(said.SUSPENDED if kind == StopKind.SUSPENSION else said.ENDED)
        changes: Row = {"state": int(State.STOPPED), "stop_kind": str(kind), "came_from": None, "answer_by": None}
        changes |= self.stop_clock(Ground.SUSPENSION)
        self.kept.act(
            "stop", self.now, self.approver, changes, rows=[(ClockStop, self.stop_row)],
            facts={"kind": str(kind), "ground": said.GROUND}, texts={"reason": reason},
        )  # fmt: skip

    def resume(self) -> None:
        """Go on after a suspension."""
        changes: Row = {"state": int(State.PROCESSING), "stop_kind": ""} | self.go_on()
        rows: Rows = [(ClockStop, self.stop_row)]
        self.kept.act("resume", self.now, self.approver, changes, rows=rows, texts={"reason": said.RESUMED})

    def finish(self, outcome: str) -> None:
        """Sign the result."""
        now = text_of(self.now)
        self.result = self.kept.ledger.row(
            DossierResult,
            {
                "dossier_id": self.kept.pk, "kind": outcome, "number": f"{self.kept.pk}/KQ-DEMO",
                "signed_on": self.today.isoformat(), "signatory": self.approver.name, "file_id": None,
                "valid_to": None, "made_at": now, "replaced_at": None, "replaced_by_id": None,
            },
        )  # fmt: skip
        changes: Row = {"state": int(State.FINISHED), "outcome": outcome, "finished_at": now} | self.settled()
        rows: Rows = [(DossierResult, self.result), *self.taken(self.approver)]
        texts = {"reason": self.rng.choice(said.REFUSED)} if outcome == Outcome.REFUSED else None
        facts = {"outcome": outcome, "to": self.desk.agency_id}
        self.kept.act(
            "finish", self.now, self.approver, changes | self.at_the_centre(), rows=rows, facts=facts, texts=texts
        )

    def reopen(self) -> None:
        """Take the result back."""
        self.result["replaced_at"] = text_of(self.now)
        changes: Row = {
            "state": int(State.PROCESSING), "outcome": "", "finished_at": None, "settled_at": None, "settlement": "",
            "holder_agency_id": self.decider, "holder_id": None,
        }  # fmt: skip
        rows: Rows = [(DossierResult, self.result)]
        self.kept.act("reopen", self.now, self.approver, changes, rows=rows, texts={"reason": said.REOPENED})

    def return_result(self, by: By, to: str = "") -> None:
        """Hand it over."""
        changes: Row = {"state": int(State.RETURNED), "returned_at": text_of(self.now), "step": "", "step_due_at": None}
        if self.kept.fields["settled_at"] is None:
            changes |= self.settled()
        self.kept.act("return_result", self.now, by, changes, rows=self.taken(by), texts={"to": to} if to else None)

    def withdraw(self) -> None:
        """Give it back at the applicant's request."""
        changes: Row = {"state": int(State.WITHDRAWN), "came_from": None, "answer_by": None}
        if self.received:
            changes |= self.settled()
        self.kept.act(
            "withdraw", self.now, self.clerk, changes | self.at_the_centre(), rows=self.taken(self.clerk),
            facts={"to": self.desk.agency_id}, texts={"reason": self.rng.choice(said.WITHDRAWN)},
        )  # fmt: skip

    def hand_back(self) -> None:
        """Hand the papers back."""
        changes: Row = {"handed_back_at": text_of(self.now)}
        if self.kept.fields["state"] == State.STOPPED:
            changes |= self.settled()
        self.kept.act("hand_back", self.now, self.clerk, changes)

    def settled(self) -> Row:
        """Return when and how it was settled, against its current due date."""
        return {"settled_at": text_of(self.now), "settlement": self.settlement()}

    def settlement(self) -> str:
        """Return whether it ends early, on time or late."""
        if self.due.second is None:
            return Settlement.ON_TIME.value
        day, due_day = local_day(self.now), local_day(self.due.second)
        by_the_minute = isinstance(self.limit, Limit) and self.limit.unit in IN_HOURS and self.extension is None
        if self.now > self.due.second if by_the_minute else day > due_day:
            return Settlement.LATE.value
        return Settlement.EARLY.value if day < due_day else Settlement.ON_TIME.value

    def at_the_centre(self) -> Row:
        """Return the fields of a dossier that goes back to the centre."""
        return {"holder_agency_id": self.desk.agency_id, "holder_id": None, "step": "", "step_due_at": None}
