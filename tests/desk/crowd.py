"""Dossiers of every kind that lists tell apart, made by the acts over three weeks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from catalogue.models import Procedure, ProcedureRoute
from desk import actions, shadows
from desk.identities import Identifier, Person
from desk.models import Dossier
from tests.desk.cast import FORM, MONDAY, Cast, content
from tests.factories import ProcedureFactory, VersionFactory

DAY, HOUR = dt.timedelta(1), dt.timedelta(hours=1)
NOW = MONDAY + 21 * DAY + 2 * HOUR
"""A Monday, eleven o'clock, after all of them came."""
PEOPLE = [
    Person("Nguyễn Thị Lan", identifiers=(Identifier("citizen_card", "048123456789"),), phone="0905 123 456"),
    Person("Nguyễn Văn Hùng", identifiers=(Identifier("citizen_card", "048000000001"),), phone="+84905.777.888"),
    Person("Trần Thị Lan Anh", identifiers=(Identifier("passport", "C1234567"),)),
    Person("Đặng Ngọc Lân", phone="0236-3822-041"),
    Person("Công ty TNHH Hòa Phát", "company", (Identifier("tax_code", "0101234567"),)),
]
HOURLY = {"key": "t1", "label": "", "number": 4, "unit": "working_hour", "text": "04 giờ làm việc"}


def by_the_hour(cast: Cast) -> Procedure:
    """Return a procedure whose limit is four working hours."""
    procedure = ProcedureFactory(name_vi="Thủ tục chứng thực bản sao", short_name="Chứng thực")
    whole = content(procedure)
    whole["channels"][0]["terms"] = [HOURLY]
    VersionFactory(procedure=procedure, content=whole)
    return procedure


def make_crowd(cast: Cast) -> list[Dossier]:
    """Make them, and return all."""
    hourly = by_the_hour(cast)
    by = cast.actor
    for number, person in enumerate(PEOPLE * 7):
        at = MONDAY + dt.timedelta(days=(number * 5) % 19, minutes=number)
        if at.weekday() > 4:
            at -= 2 * DAY
        own = {"decided_by": cast.commune} if number % 3 == 1 else {}
        helped = {"helped_by": cast.neighbour} if number % 8 == 3 else {}
        channel = {"channel": "post"} if number % 6 == 5 else {}
        intake = cast.intake(applicant=person, **own, **helped, **channel)
        match number % 12:
            case 0:
                actions.register(intake, by=by("clerk", at), at=at)
                continue
            case 1:
                actions.reject_new(intake, reason="Không thuộc thẩm quyền.", by=by("clerk", at), at=at)
                continue
        dossier = actions.receive_new(intake, by=by("clerk", at), at=at)
        live(cast, dossier, number % 12, at)
    for minutes in (0, 30, 300, 1500):
        at = NOW - 5 * HOUR - dt.timedelta(minutes=minutes)
        actions.receive_new(cast.intake(procedure=hourly, applicant=PEOPLE[0]), by=by("clerk", at), at=at)
    late = actions.receive_new(cast.intake(procedure=hourly), by=by("clerk", NOW - 3 * DAY), at=NOW - 3 * DAY)
    actions.forward(late.pk, by=by("clerk"), at=NOW - 3 * DAY, to_agency=cast.department)
    actions.take_over(late.pk, by=by("handler"), at=NOW - 3 * DAY)
    actions.extend(
        late.pk, by=by("approver"), at=NOW - 3 * DAY, on=NOW.date(), reason="Chờ xác minh.", late_unit="Phòng A"
    )
    return list(Dossier.objects.all())


def live(cast: Cast, dossier: Dossier, kind: int, at: dt.datetime) -> None:
    """Lead a received dossier as far as its kind goes."""
    by, pk, later = cast.actor, dossier.pk, at + DAY
    if kind == 2:
        return
    decider = "clerk" if dossier.decided_by_id == cast.commune.pk else "handler"
    if kind == 3:
        actions.request_supplement(pk, by=by("clerk"), at=at, demands=[FORM])
        return
    if kind == 4:
        actions.withdraw(pk, by=by("clerk"), at=later, reason="Người nộp xin rút.")
        return
    to = cast.neighbour if kind == 5 else dossier.decided_by
    actions.forward(pk, by=by("clerk"), at=at, to_agency=to, step="Thẩm định")
    if kind == 5 or decider == "clerk":
        return
    actions.take_over(pk, by=by("handler"), at=at)
    if kind == 6:
        actions.request_payment(pk, by=by("handler"), at=at, amount=Decimal(50_000), purpose="Lệ phí")
    if kind in (7, 8):
        kind_of_stop = "suspension" if kind == 7 else "end"
        actions.stop(pk, by=by("approver"), at=later, kind=kind_of_stop, reason="Chờ.", ground="Điều 5")
    if kind == 8:
        actions.hand_back(pk, by=by("clerk"), at=later + DAY)
    if kind in (9, 10, 11):
        actions.finish(
            pk, by=by("approver"), at=at + (9 if kind == 9 else 3) * DAY, outcome="granted", number=f"{pk}",
            signed_on=(at + DAY).date(), signatory="Lê Minh",
        )  # fmt: skip
    if kind == 10:
        actions.return_result(pk, by=by("clerk"), at=at + 4 * DAY)


def fill_piles(cast: Cast) -> None:
    """Make the cast's dossiers of every kind, and what lies in the piles of Today besides."""
    make_crowd(cast)
    for at in (NOW - 14 * DAY, NOW - 7 * DAY, NOW - 4 * DAY, NOW - HOUR):
        cast.processing(at)
        cast.received(at, decided_by=cast.commune)
    for name in ("handler", "approver"):
        dossier = cast.received(NOW - DAY)
        actions.forward(
            dossier.pk, by=cast.actor("clerk"), at=NOW - DAY, to_agency=cast.department, to_user=cast.people[name]
        )
    ended = cast.processing(NOW - 3 * DAY)
    actions.stop(ended.pk, by=cast.actor("approver"), at=NOW - DAY, kind="end", reason="Hết.", ground="Điều 5")
    own = cast.received(NOW - 4 * DAY)
    actions.reassign(own.pk, by=cast.actor("head"), at=NOW, to_user=cast.people["clerk"], reason="Chia việc.")
    waits = cast.processing(NOW - 3 * DAY)
    actions.request_supplement(waits.pk, by=cast.actor("handler"), at=NOW - DAY, demands=[FORM])
    paused = cast.processing(NOW - 3 * DAY)
    actions.stop(paused.pk, by=cast.actor("approver"), at=NOW - DAY, kind="suspension", reason="Chờ.", ground="Điều 5")
    shadow_of(cast)


def shadow_of(cast: Cast) -> None:
    """Note a dossier of a ministry's system: nobody here can take it."""
    ProcedureRoute.objects.create(
        procedure=cast.procedure, level="province", system="Hệ thống của Bộ", is_provincial=False,
        valid_from=dt.date(2026, 1, 1),
    )  # fmt: skip
    state = shadows.Told("Hệ thống của Bộ", "G22.99-1", 4, NOW - DAY, NOW - DAY, due_at=NOW + DAY)
    helped = shadows.Helped(cast.procedure, cast.centre, cast.department, Person("Lan"))
    shadows.note_shadow(state, helped, by=cast.actor("clerk"), at=NOW - DAY)
