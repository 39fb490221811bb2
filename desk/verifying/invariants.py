"""What holds of every dossier at every time, from its fields and its rows. Needs no Django."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from desk.states import State, StopKind

Fields = dict[str, Any]
Rows = Mapping[str, list[dict[str, Any]]]
Found = tuple[str, str, Any, Any]
"""Kind of fault, field, what was expected, what was found."""
REGISTERED, RECEIVED, REJECTED, PROCESSING, SUPPLEMENT, PAYMENT, WITHDRAWN, STOPPED, FINISHED, RETURNED = map(
    int, State
)
RUNNING = frozenset({RECEIVED, PROCESSING, FINISHED})
"""The clock runs, or a result was signed while it ran."""
CAN_BE_TAKEN = frozenset({PROCESSING, SUPPLEMENT, PAYMENT, STOPPED})
"""What was passed on in 4 can still wait to be taken over when more is asked for meanwhile, or it is stopped."""


def broken(fields: Fields, rows: Rows) -> Iterator[Found]:
    """Yield each rule that a dossier breaks. Of a ministry's dossier the desk only knows what it was told."""
    if fields["system"]:
        if fields["settled_at"] != fields["finished_at"]:
            yield "rule.mirrored", "settled_at", fields["finished_at"], fields["settled_at"]
        return
    yield from _receipt(fields)
    yield from _end(fields, rows)
    yield from _clock(fields, rows)
    yield from _requests(fields, rows)


def _before_receipt(fields: Fields) -> bool:
    state = fields["state"]
    return bool(
        state in (REGISTERED, REJECTED)
        or (state == SUPPLEMENT and fields["came_from"] == REGISTERED)
        or (state == WITHDRAWN and fields["received_at"] is None)
    )


def _receipt(fields: Fields) -> Iterator[Found]:
    state = fields["state"]
    if (fields["received_at"] is None) is not _before_receipt(fields):
        yield "rule.received", "received_at", None, state
    if (fields["came_from"] is not None) is not (state in (SUPPLEMENT, PAYMENT)):
        yield "rule.came_from", "came_from", None, fields["came_from"]
    is_stopped = state == STOPPED or (state == RETURNED and fields["stop_kind"] == StopKind.END)
    if bool(fields["stop_kind"]) is not is_stopped:
        yield "rule.stop", "stop_kind", None, fields["stop_kind"]


def _end(fields: Fields, rows: Rows) -> Iterator[Found]:
    state = fields["state"]
    valid = [row["kind"] for row in rows["DossierResult"] if row["replaced_at"] is None]
    is_finished = state == FINISHED or (state == RETURNED and not fields["stop_kind"])
    if bool(fields["outcome"]) is not is_finished or valid != ([fields["outcome"]] if is_finished else []):
        yield "rule.result", "outcome", fields["outcome"], ", ".join(valid) or fields["outcome"]
    is_settled = (
        state in (FINISHED, RETURNED)
        or (state == WITHDRAWN and fields["received_at"] is not None)
        or (state == STOPPED and fields["stop_kind"] == StopKind.END and fields["handed_back_at"] is not None)
    )
    if not (bool(fields["settlement"]) is (fields["settled_at"] is not None) is is_settled):
        yield "rule.settled", "settled_at", None, fields["settled_at"]
    if fields["settled_at"] is not None and fields["received_at"] is None:
        yield "rule.received", "settled_at", None, state


def _clock(fields: Fields, rows: Rows) -> Iterator[Found]:
    """The clock of what was withdrawn or ended needs no end: it stands as it stood."""
    state = fields["state"]
    open_stops = [row["began_at"] for row in rows["ClockStop"] if row["ended_at"] is None]
    stands = state in (PAYMENT, STOPPED) or (state == SUPPLEMENT and fields["came_from"] != REGISTERED)
    is_over = state == WITHDRAWN or (state == RETURNED and bool(fields["stop_kind"]))
    if len(open_stops) != int(stands) and not (is_over and len(open_stops) == 1):
        yield "rule.stands", "clock_stops", int(stands), len(open_stops)
    due = fields["due_at"]
    # A due date that had passed before the clock stopped stays: the dossier was late already.
    is_due_wrong = (
        due is None if state in RUNNING else due is not None and not any(due <= began for began in open_stops)
    )
    if is_due_wrong and not is_over and state != RETURNED:
        yield "rule.due", "due_at", None, due
    waiting = sum(row["taken_at"] is None for row in rows["HandOver"])
    if waiting and state not in CAN_BE_TAKEN:
        yield "rule.hand_over", "hand_overs", 0, waiting


def _requests(fields: Fields, rows: Rows) -> Iterator[Found]:
    state = fields["state"]
    payments = rows["PaymentRequest"]
    if payments or fields["fee_paid"] != "0.00":
        paid = sum((Decimal(row["amount"]) for row in payments if row["paid_at"] is not None), Decimal())
        if paid != Decimal(fields["fee_paid"]):
            yield "rule.paid", "fee_paid", f"{paid:.2f}", fields["fee_paid"]
    asked = [row for row in payments if row["paid_at"] is None and row["dropped_at"] is None]
    if len(asked) != int(state == PAYMENT):
        yield "rule.open_request", "payment_requests", None, len(asked)
    requests = rows["SupplementRequest"]
    entry = sum(row["stage"] == "entry" for row in requests)
    for name, count in (("entry_supplements", entry), ("work_supplements", len(requests) - entry)):
        if fields[name] != count:
            yield "rule.asked", name, count, fields[name]
    unanswered = sum(row["answered_at"] is None for row in requests)
    # One that a suspension overtook stays unanswered when the work goes on; nothing is stopped before the receipt.
    if (state == SUPPLEMENT and not unanswered) or (state == REGISTERED and unanswered):
        yield "rule.open_request", "supplement_requests", None, unanswered
