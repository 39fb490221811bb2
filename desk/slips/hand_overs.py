"""The way of a dossier from hand to hand, read from its events: they hold names, titles and units as they were."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from catalogue.models import Agency
from catalogue.opening import ZONE
from desk.models import Dossier, DossierEvent, DossierResult
from desk.slips.content import HandOverSlip
from desk.slips.naming import officer_of, vi
from desk.slips.parts import ControlRow, HandOverLine, Heading, Officer, SettledHow, Words
from desk.slips.source import Source

TO_CENTRE = "Chuyển về Bộ phận Một cửa"
PASSING = (
    "forward", "take_over", "finish", "withdraw", "stop", "reopen", "return_result", "hand_back", "recall", "undo",
    "move_to_heir",
)  # fmt: skip
CALLED_BACK = "recall"
"""How a row tells that its passing was called back or undone."""
TAKING = ("take_over", "return_result", "hand_back")


def rows_until(event: DossierEvent) -> tuple[ControlRow, ...]:
    """Return each passing up to an event (two queries).

    A row is closed by whoever takes over; its result says whether the taker passed it on before the step was due. A
    step without a day of its own is due when the dossier is; so is a result that goes back to the centre. A passing
    that another act undid before it was taken is void.
    """
    events = list(
        DossierEvent.objects.filter(dossier=event.dossier_id, number__lte=event.number, act__in=PASSING).order_by(
            "number"
        )
    )
    facts = [json.loads(each.body).get("facts", {}) for each in events]
    names = names_of({each["to"] for each in facts if isinstance(each.get("to"), int)})
    rows: list[ControlRow] = []
    waits_at: int | None = None
    untaken: tuple[ControlRow, int | None] | None = None
    for each, told in zip(events, facts, strict=True):
        if each.act == "move_to_heir":
            waits_at = waits_at and told.get("heir")
            continue
        if each.act == "recall" or (each.act == "undo" and told.get("act") == "forward"):
            _call_back(rows, each)
            waits_at = None
            continue
        if each.act == "undo":
            if told.get("act") == "take_over" and rows and untaken is not None:
                rows[-1], waits_at = untaken
            continue
        ends = each.act in ("withdraw", "reopen") or "to" in told
        if rows and waits_at is not None and (each.act in TAKING or ends):
            untaken = rows[-1], waits_at
            taken = each.act in TAKING or (each.act != "reopen" and each.by_agency_id == waits_at)
            rows[-1] = _taken(rows[-1], each) if taken else _void(rows[-1], each)
            waits_at = None
        if ends and (place := _in_work(rows)) is not None:
            rows[place] = _passed_on(rows[place], each)
        if "to" in told:
            rows.append(_passing(each, names.get(told["to"], "")))
            waits_at = told["to"]
    if rows and not rows[-1].void and not rows[-1].result and rows[-1].step != TO_CENTRE:
        rows[-1] = replace(rows[-1], step_due_at=rows[-1].step_due_at or event.due_after, result="running")
    return tuple(rows)


def _in_work(rows: Sequence[ControlRow]) -> int | None:
    """Return the place of the row whose step is passed on now: the last one, or the one before a call back."""
    if rows and rows[-1].void == CALLED_BACK:
        return next((place for place in range(len(rows) - 1, -1, -1) if rows[place].void != CALLED_BACK), None)
    return len(rows) - 1 if rows and not rows[-1].void else None


def _call_back(rows: list[ControlRow], event: DossierEvent) -> None:
    """Make the last passing void, and let the step before it run on."""
    if not rows:
        return
    rows[-1] = replace(rows[-1], void=CALLED_BACK, voided_at=event.at, result="")
    place = _in_work(rows)
    if place is not None and not rows[place].void and rows[place].step != TO_CENTRE:
        rows[place] = replace(rows[place], result="running")


def _passing(event: DossierEvent, unit: str) -> ControlRow:
    """Return a new row; what goes to the centre is measured at once by the day that was due."""
    row = ControlRow(officer_of(event), Officer("", unit=unit), event.at)
    if event.act == "forward":
        return replace(row, step=event.step, step_due_at=event.step_due_at)
    due = event.due_before
    return replace(row, step=TO_CENTRE, step_due_at=due, result=how(due, event.at))


def _taken(row: ControlRow, event: DossierEvent) -> ControlRow:
    return replace(row, taking=officer_of(event), taken_at=event.at)


def _void(row: ControlRow, event: DossierEvent) -> ControlRow:
    return replace(row, void=event.act, voided_at=event.at, result="")


def _passed_on(row: ControlRow, event: DossierEvent) -> ControlRow:
    if row.step == TO_CENTRE:
        return row
    due = row.step_due_at or event.due_before
    return replace(row, step_due_at=due, result=how(due, event.at))


def how(due_at: dt.datetime | None, passed_at: dt.datetime) -> SettledHow:
    """Return whether a step was done before its day, on it, or after."""
    if due_at is None:
        return ""
    due, day = due_at.astimezone(ZONE).date(), passed_at.astimezone(ZONE).date()
    if day > due:
        return "late"
    return "early" if day < due else "on_time"


def names_of(keys: set[int]) -> dict[int, str]:
    """Return the Vietnamese names of agencies."""
    return {row.pk: vi(row) for row in Agency.objects.filter(pk__in=keys)}


def hand_over_slip(source: Source) -> HandOverSlip:
    """Return the slip that goes with one dossier."""
    return hand_over_sheet([source], source.heading())


def hand_over_sheet(sources: Sequence[Source], heading: Heading) -> HandOverSlip:
    """Return one slip for dossiers that go from the same hand to the same agency at one time."""
    first = sources[0]
    to = first.facts.get("to")
    user = (
        first.live.hand_overs.filter(given_at=first.event.at, to_user__isnull=False).select_related("to_user").first()
    )
    name = user.to_user.get_full_name() if user is not None and user.to_user is not None else ""
    return HandOverSlip(
        heading=heading,
        giving=first.officer,
        taking=Officer(name, unit=names_of({to}).get(to, "") if isinstance(to, int) else ""),
        given_at=first.event.at,
        due_at=first.event.step_due_at if first.event.act == "forward" else None,
        lines=tuple(map(_line, sources)),
    )


def _line(source: Source) -> HandOverLine:
    dossier = source.dossier
    matter = source.matter
    owner = matter.owner or matter.applicant
    return HandOverLine(
        code=source.live.code,
        procedure=Words(matter.procedure.vi),
        owner=owner.name,
        address=owner.address,
        content=source.event.step if source.event.act == "forward" else TO_CENTRE,
        result=_result(source.live, source.event),
        fee_due=(dossier.fee_due or Decimal(0)) > (dossier.fee_paid or Decimal(0)),
        by_post=dossier.return_by == "post",
    )


def _result(dossier: Dossier, event: DossierEvent) -> str:
    if event.act != "finish":
        return ""
    made = DossierResult.objects.filter(dossier=dossier, made_at=event.at).first()
    return f"Kết quả số {made.number}, ký ngày {made.signed_on:%d/%m/%Y}" if made else ""
