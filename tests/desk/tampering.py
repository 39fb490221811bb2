"""What somebody with the database's password could do; and a province's day of acts to do it to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection

from desk import actions, counters, triggers
from desk.actors import CLOCK, Actor
from desk.demands import Demand
from desk.identities import Identifier, Person
from desk.intake import PaperIn
from desk.models import Dossier
from desk.shadows import Helped, Told, note_shadow, update_shadow
from tests.desk.cast import FORM, HUNG, LAN, MONDAY, Cast

DAY = dt.timedelta(1)
OWNER = Person(
    "Lê Thị Mai", identifiers=(Identifier("tax_code", "0400123456"), Identifier("citizen_card", "048000000001"))
)


def tamper(sql: str, values: Sequence[Any] = ()) -> int:
    """Run a statement with the triggers off, as whoever owns the database can; return how many rows it changed."""
    with unprotected(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


@contextmanager
def unprotected() -> Iterator[None]:
    """Take the triggers off for a block."""
    settle_keys()
    triggers.remove(connection)
    try:
        yield
    finally:
        settle_keys()
        triggers.install(connection)


def settle_keys() -> None:
    """Let PostgreSQL look at foreign keys now: it changes no table's triggers while checks of its rows are pending."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def remove(dossier: Dossier) -> None:
    """Delete a dossier with every row of it and take it out of the totals, leaving the counter of codes."""
    counters.write(counters.changes(counters.counted_in(dossier), ()))
    with unprotected(), connection.cursor() as cursor:
        pk = dossier.pk
        cursor.execute(
            "DELETE FROM desk_eventvalue WHERE event_id IN (SELECT id FROM desk_dossierevent WHERE dossier_id = %s)",
            [pk],
        )
        cursor.execute(
            "DELETE FROM desk_partyidentifier WHERE party_id IN (SELECT id FROM desk_party WHERE dossier_id = %s)", [pk]
        )
        for table in ("dossierevent", "party", "handedpaper", "handover", "clockstop"):
            cursor.execute(f"DELETE FROM desk_{table} WHERE dossier_id = %s", [pk])
        cursor.execute("DELETE FROM desk_dossier WHERE id = %s", [pk])


def forward(cast: Cast, dossier: Dossier, at: dt.datetime) -> None:
    """Pass a dossier on, and have it taken over."""
    actions.forward(
        dossier.pk, by=cast.actor("clerk", at), at=at, to_agency=cast.department, step="Thẩm định", note="Gấp"
    )
    actions.take_over(dossier.pk, by=cast.actor("handler", at), at=at)


def finish(cast: Cast, dossier: Dossier, at: dt.datetime, outcome: str = "granted", reason: str = "") -> None:
    """Sign a result."""
    actions.finish(
        dossier.pk, by=cast.actor("approver", at), at=at, outcome=outcome, number="12/GKS", signed_on=at.date(),
        signatory="Lê Minh", reason=reason,
    )  # fmt: skip


def lives(cast: Cast) -> list[Dossier]:
    """Lead dossiers through every act there is; return them in the order of their codes."""
    at = MONDAY
    by = cast.actor
    made = [cast.received(at, owner=OWNER, submitter=HUNG) for _number in range(8)]
    whole, paid, refused, ended, suspended, withdrawn, waiting, many = made
    for dossier in made[:6]:
        forward(cast, dossier, at)
    actions.request_supplement(
        whole.pk, by=by("handler"), at=at + DAY, demands=[FORM, Demand("representation", "Thiếu giấy ủy quyền.")]
    )
    papers = [PaperIn("to-khai", originals=1, corrects=whole.papers.get(paper_key="to-khai").pk)]
    actions.accept_supplement(whole.pk, by=by("clerk"), at=at + 2 * DAY, papers=papers)
    finish(cast, whole, at + 3 * DAY)
    actions.reopen(whole.pk, by=by("approver"), at=at + 3 * DAY, reason="Sai tên.")
    finish(cast, whole, at + 4 * DAY)
    actions.return_result(whole.pk, by=by("contractor"), at=at + 7 * DAY, to="Con trai")
    actions.request_payment(paid.pk, by=by("handler"), at=at + DAY, amount=Decimal("120000"), purpose="Lệ phí trước bạ")
    actions.confirm_payment(paid.pk, by=CLOCK, at=at + 2 * DAY, receipt="BL-1")
    actions.extend(
        paid.pk,
        by=by("approver"),
        at=at + 3 * DAY,
        on=dt.date(2026, 3, 20),
        reason="Quá tải.",
        late_unit="Phòng Hộ tịch",
    )
    finish(cast, refused, at + DAY, "refused", "Không đủ điều kiện.")
    actions.stop(ended.pk, by=by("approver"), at=at + DAY, kind="end", reason="Hết hạn.", ground="Điều 5")
    actions.hand_back(ended.pk, by=by("clerk"), at=at + 2 * DAY, to="Người nộp")
    actions.return_result(ended.pk, by=by("clerk"), at=at + 3 * DAY)
    actions.stop(suspended.pk, by=by("approver"), at=at + DAY, kind="suspension", reason="Chờ án.", ground="Điều 6")
    actions.resume(suspended.pk, by=by("approver"), at=at + 2 * DAY, reason="Có án.")
    actions.request_payment(withdrawn.pk, by=by("handler"), at=at + DAY, amount=Decimal(1500), purpose="Phí")
    actions.withdraw(withdrawn.pk, by=by("clerk"), at=at + 2 * DAY, reason="Đổi ý.")
    actions.hand_back(withdrawn.pk, by=by("clerk"), at=at + 2 * DAY)
    actions.forward.bulk([waiting.pk, many.pk], by=by("clerk"), at=at + DAY, to_agency=cast.department, note="Cả hai")
    actions.correct_data(
        waiting.pk, by=by("clerk"), at=at + DAY, reason="Nhập sai.", people={"applicant": HUNG, "owner": LAN},
        fee_due=Decimal("30000"), return_by="post",
    )  # fmt: skip
    actions.comment(many.pk, by=by("head"), at=at + DAY, text="Xem giúp.")
    before_receipt(cast, at + 8 * DAY)
    return made


def before_receipt(cast: Cast, at: dt.datetime) -> None:
    """Lead dossiers through the acts before the receipt: asked for more, refused at once and after a wait, received."""
    by = cast.actor
    registered = [actions.register(cast.intake(), by=by("clerk", at), at=at) for _number in range(4)]
    asked, lapsed, left, received = registered
    for dossier in (asked, lapsed):
        actions.request_supplement(dossier.pk, by=by("clerk", at), at=at, demands=[FORM], answer_by=at.date() + 2 * DAY)
    actions.accept_supplement(asked.pk, by=by("clerk", at), at=at + DAY)
    actions.receive(received.pk, by=by("clerk", at), at=at + DAY)
    actions.reject(lapsed.pk, by=by("clerk", at), at=at + 3 * DAY, reason="Không bổ sung.")
    actions.withdraw(left.pk, by=Actor("applicant"), at=at + DAY, reason="Không cần nữa.")
    actions.reject_new(cast.intake(), by=by("clerk", at), at=at, reason="Sai thẩm quyền.")


def shadow(cast: Cast, at: dt.datetime, **told: Any) -> Dossier:
    """Keep a shadow of a dossier on a ministry's system, and hear of it again."""
    values = {"system": "dvc.example.gov.vn", "code": "G01-1", "state": 2, "submitted_at": at, "received_at": at}
    helped = Helped(cast.procedure, cast.centre, cast.department, LAN)
    dossier = note_shadow(Told(**values | told), helped, by=cast.actor("clerk", at), at=at)
    done = Told(**values | told | {"state": 9, "finished_at": at + DAY, "outcome": "granted"})
    return update_shadow(dossier.pk, done, by=CLOCK, at=at + DAY)
