"""A province's desk as a machine of rules: any acts by anybody at any time, and what must hold after each."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from catalogue.models import ProcedureRoute
from catalogue.opening import ZONE
from desk import actions, chain, counters, shadows
from desk.actors import APPLICANT, Actor, officer, outside
from desk.counter.together import GroupPlace
from desk.demands import Demand
from desk.due_dates import extension_of, reckon
from desk.heirs import present
from desk.intake import PaperIn
from desk.limits import SetDate
from desk.models import ClockStop, Count, CountDelta, Dossier, DossierResult, Group, HandOver, Measure, PaymentRequest
from desk.permissions import is_allowed
from desk.refusals import ActRefused, BeyondTheRules
from desk.shadows import Helped, Told
from desk.states import FINAL, PAUSED, State
from desk.undoing import fields_before
from desk.verifying.running import verify
from tests.desk.cast import FORM, HUNG, LAN, Cast, content, make_cast
from tests.factories import ProcedureFactory, VersionFactory

SYSTEM = "Hệ thống của Bộ"
STARTS = [dt.datetime(*day, 9, 0, tzinfo=ZONE) for day in ((2026, 2, 10), (2026, 1, 30), (2026, 8, 27), (2026, 12, 29))]
"""Before Tết, a month's end, the National Day, the turn of the year."""
LIMITS = {
    "restart": {"number": 5, "unit": "working_day"},
    "pause": {"number": 10, "unit": "day"},
    "hours": {"number": 4, "unit": "working_hour"},
    "month": {"number": 1, "unit": "month"},
    "same_day": {"number": None, "unit": "same_day"},
    "unknown": {"number": None, "unit": "unknown"},
}
MINUTES = st.one_of(st.just(0), st.integers(1, 90), st.integers(60, 60 * 30), st.integers(1_440, 1_440 * 25))
ACTS = (
    "receive", "reject", "forward", "take_over", "request_supplement", "accept_supplement", "request_payment",
    "confirm_payment", "extend", "stop", "resume", "finish", "reopen", "return_result", "hand_back", "withdraw",
    "reassign", "comment", "correct_data", "mirror", "recall", "undo",
)  # fmt: skip
BULK = ("forward", "take_over", "finish", "comment", "request_supplement", "withdraw")
LIKELY = {
    State.REGISTERED: ("receive", "request_supplement", "reject"),
    State.RECEIVED: ("forward", "forward", "request_payment", "request_supplement"),
    State.PROCESSING: (
        "take_over",
        "forward",
        "recall",
        "undo",
        "finish",
        "extend",
        "stop",
        "request_supplement",
        "request_payment",
    ),
    State.SUPPLEMENT: ("accept_supplement", "stop", "reject"),
    State.PAYMENT: ("confirm_payment", "stop"),
    State.STOPPED: ("resume", "hand_back", "return_result"),
    State.FINISHED: ("reopen", "return_result"),
    State.REJECTED: ("hand_back",),
    State.WITHDRAWN: ("hand_back",),
    State.RETURNED: ("comment",),
}
BAD_REASONS = ("", " \u200b", "x" * 6_000)


def make_world() -> tuple[Cast, dict[str, Any]]:
    """Make the cast and a procedure for each kind of limit, and one that has moved to a ministry's system."""
    cast = make_cast()
    procedures = {}
    for name, term in LIMITS.items():
        procedure = procedures[name] = ProcedureFactory(name_vi=f"Thủ tục {name}")
        terms = [{"key": "t1", "label": "", "text": "Theo quy định", **term}]
        changes = {
            "on_supplement": "pause" if name == "pause" else "restart",
            "channels": [{"key": "counter", "kind": "counter", "terms": terms, "fees": []}],
        }
        VersionFactory(procedure=procedure, content=content(procedure, **changes))
    moved = procedures["moved"] = ProcedureFactory(name_vi="Thủ tục đã chuyển")
    VersionFactory(procedure=moved, content=content(moved))
    ProcedureRoute.objects.create(procedure=moved, level="any", is_provincial=False, system=SYSTEM)
    return cast, procedures


class Life(RuleBasedStateMachine):
    """Several dossiers at once; each step is an act, done or refused."""

    world: tuple[Cast, dict[str, Any]]
    steps: Counter[str] = Counter()

    @initialize(start=st.sampled_from(STARTS), seed=st.integers(0, 2**32))
    def begin(self, start: dt.datetime, seed: int) -> None:
        self.now, self.chance = start, random.Random(seed)
        self.cast, self.procedures = self.world
        self.touched: set[int] = set()
        self.entered = 0
        self.first_due: dict[int, dt.datetime] = {}
        self.people = {name: officer(user, start) for name, user in self.cast.people.items()}
        self.people |= {"applicant": APPLICANT, "system": outside(SYSTEM)}
        self.atomic = transaction.atomic()
        self.atomic._from_testcase = True
        self.atomic.__enter__()
        self.group = Group.objects.create(name="Liên thông", made_at=start)
        for name, limit in (("receive_new", "restart"), ("register", "pause"), ("receive_new", "hours")):
            intake = self.cast.intake(procedure=self.procedures[limit])
            self.attempt(None, partial(getattr(actions, name), intake, by=self.people["clerk"], at=start))

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        try:
            faults = verify(self.now).faults
            assert not faults, faults[:5]
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @precondition(lambda self: self.entered < 4)
    @rule(
        how=st.sampled_from(["receive_new", "receive_new", "register", "reject_new", "shadow"]),
        limit=st.sampled_from([*LIMITS, "moved"]),
        who=st.sampled_from(["clerk", "clerk", "head", "contractor", "applicant", "stranger"]),
        minutes=MINUTES,
        odd=st.integers(0, 15),
    )
    def enter(self, how: str, limit: str, who: str, minutes: int, odd: int) -> None:
        """Somebody comes to the counter."""
        self.now += dt.timedelta(minutes=minutes)
        self.entered += 1
        by = self.people[who]
        if how == "shadow":
            self.attempt(None, lambda: self.note_shadow(by, odd))
            return
        intake = self.cast.intake(**self.details_of_intake(limit, odd))
        enter = getattr(actions, how)
        more = {"reason": self.reason(odd)} if how == "reject_new" else {}
        self.attempt(None, lambda: enter(intake, by=by, at=self.now, **more))

    @rule(
        act=st.sampled_from(ACTS),
        who=st.integers(0, 1_000),
        which=st.integers(0, 1_000),
        minutes=MINUTES,
        likely=st.integers(0, 9),
        odd=st.integers(0, 15),
    )
    def act(self, act: str, who: int, which: int, minutes: int, likely: int, odd: int) -> None:
        """Somebody does something to a dossier, mostly what may be done."""
        self.now += dt.timedelta(minutes=minutes)
        if odd > 14 and act in BULK:
            self.bulk(act, who, odd)
            return
        dossier = self.some(which)
        if likely == 9 and dossier.last_number:
            self.undo(dossier, odd)
            return
        if likely > 2:
            wanted = ("mirror",) if dossier.is_shadow else LIKELY[State(dossier.state)]
            act = wanted[who % len(wanted)]
        by = self.somebody(act, dossier, who, anybody=likely == 0)
        at = self.now - dt.timedelta(minutes=who % 20_000) if odd == 1 else self.now
        seen = dossier.last_number - (odd == 2) if odd < 4 else None
        details = self.details(act, dossier, odd)
        if act == "mirror":
            self.attempt(dossier, lambda: shadows.update_shadow(dossier.pk, by=by, at=at, **details))
            return
        self.attempt(dossier, lambda: getattr(actions, act)(dossier.pk, by=by, at=at, seen=seen, **details))

    def undo(self, dossier: Dossier, odd: int) -> None:
        """Whoever did something last thinks better of it, mostly in time."""
        last = dossier.events.latest("number")
        by = next((each for each in self.people.values() if each.user_id == last.by_user_id), self.people["clerk"])
        at = min(self.now, last.at + dt.timedelta(seconds=odd * 5))
        before = fields_before(dossier, last.number)
        self.attempt(dossier, lambda: actions.undo(dossier.pk, by=by, at=at))
        after = Dossier.objects.get(pk=dossier.pk)
        if after.last_number > dossier.last_number:
            assert chain.snapshot(after) == before, "an undoing left something behind"
            self.steps["undone"] += 1

    def bulk(self, act: str, who: int, odd: int) -> None:
        """Somebody does something to all of them."""
        dossiers = list(Dossier.objects.order_by("pk"))
        ids = [each.pk for each in dossiers]
        by = self.somebody(act, dossiers[0], who, anybody=False)
        before = rows_of(ids)
        done = getattr(actions, act).bulk(ids, by=by, at=self.now, **self.details(act, dossiers[0], odd))
        after = rows_of(ids)
        assert len(done.done) + len(done.refused) == len(dossiers)
        for refused in done.refused:
            if not isinstance(refused.error, BeyondTheRules):
                assert before[refused.dossier_id] == after[refused.dossier_id], "a refusal wrote something"
        self.touched = set(ids)
        self.steps["bulk"] += 1

    def attempt(self, dossier: Dossier | None, call: Callable[[], Dossier]) -> None:
        """Do it; a refusal must leave all as it was."""
        ids = [dossier.pk] if dossier else []
        before = everything_counted(), rows_of(ids)
        try:
            done = call()
        except BeyondTheRules:
            assert dossier is not None
            self.touched.add(dossier.pk)
            self.steps["recorded"] += 1
        except ActRefused:
            assert before == (everything_counted(), rows_of(ids)), "a refusal wrote something"
            self.steps["refused"] += 1
        else:
            self.touched.add(done.pk)
            self.steps["done"] += 1

    # What is chosen

    def some(self, which: int) -> Dossier:
        """Return one of the dossiers."""
        found = list(Dossier.objects.order_by("pk"))
        return found[which % len(found)]

    def somebody(self, act: str, dossier: Dossier, who: int, *, anybody: bool) -> Actor:
        """Return one of those who may, or anybody."""
        everybody = list(self.people.values())
        able = everybody if anybody else [each for each in everybody if is_allowed(act, dossier, each)]
        return (able or everybody)[who % len(able or everybody)]

    def reason(self, odd: int) -> str:
        """Return a reason, now and then one that can't be."""
        return BAD_REASONS[self.chance.randrange(3)] if odd == 4 else "Theo quy định."

    def details_of_intake(self, limit: str, odd: int) -> dict[str, Any]:
        """Return what is entered, now and then what can't be."""
        details: dict[str, Any] = {"procedure": self.procedures[limit]}
        if limit == "unknown" and odd != 5:
            details["due"] = SetDate(self.working_day(3 + odd), "Không quá 30 ngày")
        if odd in (6, 7):
            details["submitter"] = HUNG
        if odd == 8:
            details["papers"] = [PaperIn("ho-khau")]
        if odd in (9, 10):
            details["submitted_at"] = self.now - dt.timedelta(days=odd - 8)
        if odd == 11:
            details |= {"code": f"DEMO.01-{self.now:%y%m%d}-0002", "origin": "national_portal"}
        if odd in (12, 13):
            first = self.group.members.first()
            details["group"] = GroupPlace(
                self.group, self.group.members.count(), first is None, first.dossier if first else None
            )
        return details

    def note_shadow(self, by: Actor, odd: int) -> Dossier:
        """Note a dossier that was entered on the ministry's system."""
        told = Told(SYSTEM, f"G15-{odd % 4}", State.REGISTERED, self.now)
        helped = Helped(self.procedures["moved"], self.cast.centre, self.cast.department, LAN)
        return shadows.note_shadow(told, helped, by=by, at=self.now)

    def working_day(self, later: int) -> dt.date:
        """Return a day some days from now that is no weekend (but perhaps a holiday)."""
        day = self.now.astimezone(ZONE).date() + dt.timedelta(later)
        return day + dt.timedelta((7 - day.weekday()) if day.weekday() > 4 else 0)

    def details(self, act: str, dossier: Dossier, odd: int) -> dict[str, Any]:
        """Return what an act needs, now and then what can't be."""
        today = self.now.astimezone(ZONE).date()
        reason = {"reason": self.reason(odd)}
        people = self.cast.people
        beyond = [Demand("paper", "Hộ khẩu.", "ho-khau")] if odd == 3 else [FORM]
        agency = (self.cast.department, self.cast.department, self.cast.commune)[odd % 3]
        due = dossier.due_at.astimezone(ZONE).date() if dossier.due_at else today
        later = max(due, today) + dt.timedelta(odd)
        table: dict[str, dict[str, Any]] = {
            "receive": {"due": SetDate(self.working_day(5), "Theo mô tả")} if not dossier.limit_number else {},
            "forward": {"to_agency": agency, "step": "Thẩm định", "note": "Gấp."},
            "request_supplement": {"demands": beyond, "ground": "" if odd == 5 else "Luật Hộ tịch Điều 16"},
            "accept_supplement": {"papers": [PaperIn("to-khai", originals=1)] if odd % 2 else []},
            "request_payment": {"amount": Decimal(odd * 1_000), "purpose": "Lệ phí"},
            "confirm_payment": {"receipt": f"BL-{odd}"},
            "extend": {"on": later, "late_unit": "Phòng Hộ tịch", **reason},
            "stop": {"kind": "end" if odd % 3 == 0 else "suspension", "ground": "Điều 18", **reason},
            "finish": {
                "outcome": "refused" if odd % 2 else "granted",
                "number": f"{odd}/QĐ",
                "signed_on": today + dt.timedelta(1 if odd == 6 else 0),
                "signatory": "Lê Minh",
                **reason,
            },
            "reassign": {"to_user": people["approver" if odd % 2 else "head"], **reason},
            "comment": {"text": self.reason(odd)},
            "correct_data": {"people": {"applicant": HUNG} if odd % 2 else {}, "fee_due": Decimal(odd), **reason},
            "mirror": {"told": self.told(dossier, odd)},
        }
        bare = ("take_over", "return_result", "hand_back", "undo")
        return {} if act in bare else table.get(act, reason)

    def told(self, dossier: Dossier, odd: int) -> Told:
        """Return what the ministry's system tells next."""
        state = (State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.FINISHED, State.RETURNED)[odd % 5]
        ended = self.now if state in (State.FINISHED, State.RETURNED) else None
        code = "another" if odd == 7 else dossier.outside_code
        received = dossier.received_at or self.now
        return Told(SYSTEM, code, state, dossier.submitted_at, received, received, ended, "granted" if ended else "")

    # What must hold

    @invariant()
    def holds(self) -> None:
        """Everything that must hold of the dossiers that the step touched, and of the counters."""
        touched, self.touched = getattr(self, "touched", set()), set()
        if not touched:
            return
        beside = ("events", "clock_stops", "hand_overs", "payment_requests", "results", "supplement_requests")
        for dossier in Dossier.objects.filter(pk__in=touched).select_related("centre").prefetch_related(*beside):
            events_hold(dossier)
            if not dossier.is_shadow:
                rows_hold(dossier)
                assert self.first_due.setdefault(dossier.pk, dossier.original_due_at) in (None, dossier.original_due_at)
                self.first_due[dossier.pk] = dossier.original_due_at
        counters_hold()


def events_hold(dossier: Dossier) -> None:
    """Events are numbered, chained, in order, and fold to the row."""
    events = sorted(dossier.events.all(), key=lambda event: event.number)
    assert [each.number for each in events] == list(range(1, dossier.last_number + 1))
    head, state, due, fields, at = "", None, None, chain.blank(), events[0].at
    for event in events:
        assert event.previous == head
        values = tuple(getattr(event, name) for name in chain.COLUMNS)
        assert event.digest == chain.digest(dossier.code, values, chain.key())
        assert (event.state_before, event.due_before) == (state, due)
        assert event.at >= at
        fields |= json.loads(event.body).get("changes", {})
        head, state, due, at = event.digest, event.state_after, event.due_after, event.at
    assert (dossier.head, dossier.state, dossier.due_at, dossier.last_at) == (head, state, due, at)
    assert fields == chain.snapshot(dossier)


def rows_hold(dossier: Dossier) -> None:
    """The rows beside a dossier say the same as its state."""
    state, is_received = State(dossier.state), dossier.received_at is not None
    stops = list(dossier.clock_stops.all())
    if state not in FINAL:
        assert sum(each.ended_at is None for each in stops) == (is_received and state in PAUSED)
    assert is_received or not stops
    if is_received:
        current = reckon(dossier, stops, extension_of(dossier)).current
        assert dossier.due_at == (current.at if current else None)
    else:
        assert dossier.due_at is None
    assert (dossier.came_from is not None) == (state in (State.SUPPLEMENT, State.PAYMENT))
    assert (dossier.answer_by is not None) == (state == State.SUPPLEMENT)
    payments = dossier.payment_requests.all()
    assert sum(each.paid_at is None and each.dropped_at is None for each in payments) == (state == State.PAYMENT)
    assert sum(each.amount for each in payments if each.paid_at) == dossier.fee_paid
    valid = [each for each in dossier.results.all() if each.replaced_at is None]
    assert len(valid) == bool(dossier.outcome) == (dossier.finished_at is not None)
    if state in FINAL | {State.FINISHED} or dossier.stop_kind == "end":
        assert all(each.taken_at for each in dossier.hand_overs.all())
        if dossier.holder_agency_id != dossier.received_by_id:  # It has ended since.
            assert dossier.holder_agency_id == present(dossier.received_by_id, dossier, dt.date.max)
    requests = sorted(dossier.supplement_requests.all(), key=lambda each: each.pk)
    assert sum(each.stage == "entry" for each in requests) == dossier.entry_supplements <= 1
    assert sum(each.stage == "work" for each in requests) == dossier.work_supplements
    assert state != State.SUPPLEMENT or requests[-1].answered_at is None
    assert bool(dossier.settlement) == (dossier.settled_at is not None)


def rows_of(ids: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Return the rows of dossiers, and their open rows, as they stand."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in Dossier.objects.filter(pk__in=ids).values_list("pk", *chain.BLANK, "last_number", "head"):
        found[row[0]] = [row]
    for model in (ClockStop, HandOver, PaymentRequest, DossierResult) if found else ():
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model.objects.filter(dossier__in=ids).order_by("pk").values_list("dossier_id", *names):
            found[row[0]].append(row)
    return found


def everything_counted() -> list[int]:
    """Return how many rows each table of the desk has (one query)."""
    tables = [model._meta.db_table for model in apps.get_app_config("desk").get_models()]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT {n}, COUNT(*) FROM {name}" for n, name in enumerate(tables)))
        return [count for _n, count in sorted(cursor.fetchall())]


def counters_hold() -> None:
    """The counters equal a recount by the events, not by the code that writes them."""
    found: Counter[tuple[Any, ...]] = Counter()
    for model, column in ((Count, "count"), (CountDelta, "change")):
        for *key, number in model.objects.values_list("measure", "agency", "procedure", "state", "month", column):
            found[tuple(key)] += number
    assert {key: number for key, number in found.items() if number} == recounted()
    total = Counter()
    for key, number in found.items():
        total[key[0]] += number
    received = [each for each in Dossier.objects.all() if each.received_at]
    pending = [each for each in received if not each.settled_at]
    settled = total[Measure.EARLY] + total[Measure.ON_TIME] + total[Measure.LATE]
    assert total[Measure.RECEIVED] == len(received) == settled + total[Measure.PENDING]
    assert total[Measure.PENDING] == len(pending)


def recounted() -> dict[tuple[Any, ...], int]:
    """Return the counters from the dossiers' states and the days of their events."""
    found: Counter[tuple[Any, ...]] = Counter()
    for each in Dossier.objects.all():
        came = counters.month_of(each.submitted_at)
        found["held", each.holder_agency_id, each.procedure_id, each.state, came] += 1
        found["decided", each.decided_by_id, each.procedure_id, each.state, came] += 1
        for agency in {each.received_by_id, each.decided_by_id, each.holder_agency_id, each.helped_by_id} - {None}:
            found["concerns", agency, each.procedure_id, each.state, came] += 1
        if each.received_at is None:
            continue
        found["received", each.decided_by_id, each.procedure_id, 0, counters.month_of(each.received_at)] += 1
        is_over = each.state in (State.WITHDRAWN, State.FINISHED, State.RETURNED) or each.handed_back_at is not None
        if is_over and not (each.is_shadow and each.finished_at is None):
            assert each.settled_at is not None
            month = counters.month_of(each.settled_at)
            found[each.settlement, each.decided_by_id, each.procedure_id, 0, month] += 1
        else:
            assert each.settled_at is None
            month = counters.month_of(each.received_at)
            found["pending", each.decided_by_id, each.procedure_id, 0, month] += 1
    return dict(found)
