"""The content of each form of a dossier, from the event that it tells of."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from catalogue.opening import ZONE
from desk.models import DossierEvent, Slip, SupplementItem, SupplementRequest
from desk.slips.content import (
    ApologySlip,
    ControlSlip,
    ReceiptSlip,
    RefusalSlip,
    ResultReceipt,
    StopSlip,
    SupplementSlip,
)
from desk.slips.hand_overs import rows_until
from desk.slips.naming import officer_of, vi
from desk.slips.parts import AskedLine, Person, ResultLine
from desk.slips.source import Source
from desk.states import StopKind

LIKE_ABOVE, FILED = "Như trên", "Lưu: VT, hồ sơ"


def receipt(source: Source) -> ReceiptSlip:
    """Return Mẫu số 01, from the receipt."""
    dossier = source.dossier
    return ReceiptSlip(
        heading=source.heading(),
        matter=source.matter,
        papers=source.papers,
        sets=dossier.sets,
        limit=source.limit,
        received_at=moment(dossier.received_at),
        due_at=moment(source.event.due_after),
        return_by=source.dossier.return_by,
        return_place=source.return_place,
        officer=source.officer,
        contact=source.contact,
        fee_due=dossier.fee_due,
        fee_paid=dossier.fee_paid or None,
    )


def supplement(source: Source) -> SupplementSlip:
    """Return Mẫu số 02, from the request."""
    request = SupplementRequest.objects.get(
        dossier=source.live, stage=source.facts["stage"], number=source.facts["number"]
    )
    is_work = request.stage == SupplementRequest.Stage.WORK
    return SupplementSlip(
        heading=source.heading(),
        matter=source.matter,
        asked=tuple(asked(source, item) for item in request.items.order_by("pk")),
        officer=source.officer,
        contact=source.contact,
        ground=request.ground,
        hand_in_at=source.centre_place or vi(source.live.received_by),
        round=request.number if is_work else None,
        answer_by=request.answer_by,
        received_at=source.dossier.received_at if is_work else None,
        effect=("restart" if source.dossier.restarts else "pause") if is_work else "",
    )


def asked(source: Source, item: SupplementItem) -> AskedLine:
    """Return one thing that is asked for."""
    return AskedLine(source.paper_name(item.paper_key, item.name), item.kind, item.reason)


def refusal(source: Source) -> RefusalSlip:
    """Return Mẫu số 03, from the refusal."""
    return RefusalSlip(
        heading=source.heading(),
        matter=source.matter,
        reason=source.text("reason"),
        officer=source.officer,
        contact=source.contact,
        ground=source.facts.get("ground", ""),
    )


def apology(source: Source) -> ApologySlip:
    """Return Mẫu số 04, from the extension."""
    return ApologySlip(
        heading=source.heading(),
        matter=source.matter,
        received_at=moment(source.dossier.received_at),
        promised_at=moment(source.event.due_before),
        extended_to=moment(source.event.due_after),
        late_unit=source.facts["late_unit"],
        reason=source.text("reason"),
        return_place=source.return_place,
        signer=source.officer,
        contact=source.contact,
        copies_to=(LIKE_ABOVE, FILED),
    )


def stop(source: Source) -> StopSlip:
    """Return Mẫu số 05, from a withdrawal, a suspension or an end."""
    is_withdrawal = source.event.act == "withdraw"
    kind = "withdrawal" if is_withdrawal else source.facts["kind"]
    goes_back = kind != StopKind.SUSPENSION
    return StopSlip(
        heading=source.heading(),
        matter=source.matter,
        kind=kind,
        stage=source.state_before,
        reason=source.text("reason"),
        signer=source.officer,
        contact=source.contact,
        received_at=source.dossier.received_at,
        asked_at=source.event.at if is_withdrawal else None,
        ground=source.facts.get("ground", ""),
        fee_paid=source.dossier.fee_paid or None,
        papers=source.papers if goes_back else (),
        return_place=source.centre_place if goes_back else "",
        copies_to=(LIKE_ABOVE, FILED),
    )


def control(source: Source) -> ControlSlip:
    """Return Mẫu số 06, as far as the event."""
    first, due = source.dossier.original_due_at, source.dossier.due_at
    extension = DossierEvent.objects.filter(dossier=source.live, act="extend", number__lte=source.event.number).first()
    return ControlSlip(
        heading=source.heading(),
        matter=source.matter,
        received_at=moment(source.dossier.received_at),
        limit=source.limit,
        due_at=due or first,
        first_due_at=first if due is not None and first != due else None,
        extended_to=extension.due_after if extension else None,
        send_back_by=None,
        papers=source.papers,
        sets=source.dossier.sets,
        rows=rows_until(source.event),
    )


def result(source: Source) -> ResultReceipt:
    """Return the receipt of the result, from the hand that returned it."""
    matter, to = source.matter, source.text("to")
    return ResultReceipt(
        heading=source.heading(),
        matter=matter,
        results=results(source),
        returned_at=source.event.at,
        return_by=source.dossier.return_by,
        giving=source.officer,
        receiver=Person(to) if to else matter.submitter or matter.applicant,
        contact=source.contact,
        due_at=source.dossier.due_at,
        settlement=source.dossier.settlement,
        fee_paid=source.dossier.fee_paid or None,
    )


def results(source: Source) -> tuple[ResultLine, ...]:
    """Return what was handed over: the results that were valid then, else the notice that it ended."""
    at = source.event.at
    rows = source.live.results.filter(made_at__lte=at).filter(Q(replaced_at=None) | Q(replaced_at__gt=at))
    lines = tuple(
        ResultLine(row.kind, row.number, row.signed_on, row.signatory, row.valid_to) for row in rows.order_by("pk")
    )
    if lines:
        return lines
    return (notice_of_ending(source),)


def notice_of_ending(source: Source) -> ResultLine:
    """Return the notice by which it ended: its number and date where it was printed, who decided as in the event."""
    ended = source.live.events.filter(act="stop", number__lt=source.event.number).order_by("-number").first()
    if ended is None:
        return ResultLine("ended", "")
    notice = Slip.objects.filter(event=ended, form=Slip.Form.STOP).first()
    signed = notice.made_at if notice else ended.at
    officer = officer_of(ended)
    return ResultLine(
        "ended",
        source.number_of(notice) if notice else "",
        signed.astimezone(ZONE).date(),
        ", ".join(filter(None, (officer.name, officer.title))),
    )


def moment(at: dt.datetime | None) -> dt.datetime:
    """Return a moment that the event must have. Raises ValueError where it has none."""
    if at is None:
        raise ValueError("The event has no such moment: this form isn't made from it.")
    return at
