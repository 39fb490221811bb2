"""What moves the due date besides: a payment, an extension, a stop."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from desk import due_dates
from desk.acting import Act
from desk.actions.function import ActFunction
from desk.actions.shared import back_to_the_centre, drop_payment, go_on, stop_clock, suspend_clock
from desk.identities import clean, one_of
from desk.intake import money
from desk.interruptions import Ground
from desk.models import (
    DossierExtension,
    PaymentRequest,
)
from desk.refusals import Invalid, WrongState
from desk.states import StopKind


@ActFunction
def request_payment(act: Act, *, amount: Decimal, purpose: str) -> None:
    """Ask for a fee or tax; the clock pauses until it is paid."""
    if not money(amount, "amount"):
        raise Invalid(_("This amount can't be right."), "amount")
    act.move("request_payment")
    purpose = clean(purpose, 300, "purpose")
    if not purpose:
        raise Invalid(_("Say what is to be paid."), "purpose")
    act.add(PaymentRequest(dossier=act.dossier, amount=amount, purpose=purpose, asked_at=act.at))
    stop_clock(act, Ground.PAYMENT)
    act.facts = {"amount": f"{amount:.2f}"}


@ActFunction
def confirm_payment(act: Act, *, receipt: str = "") -> None:
    """Note that it was paid: the dossier goes on where it stood."""
    dossier = act.dossier
    act.move("confirm_payment")
    dossier.came_from = None
    request = dossier.payment_requests.get(paid_at=None, dropped_at=None)
    act.change(request, paid_at=act.at, receipt=clean(receipt, 60, "receipt"))
    dossier.fee_paid += request.amount
    go_on(act)
    act.facts = {"amount": f"{request.amount:.2f}", "receipt": clean(receipt, 60, "receipt")}


@ActFunction
def extend(act: Act, *, on: dt.date, reason: str, late_unit: str) -> None:
    """Put off the due date, once, with an apology that names the unit that is late (Mẫu số 04)."""
    if due_dates.extension_of(act.dossier) is not None:
        raise WrongState(_("The due date was put off once already, and can't be again."))
    act.move("extend")
    act.say("reason", reason)
    unit = clean(late_unit, 300, "late_unit")
    if not unit:
        raise Invalid(_("Name the unit that is late: the apology prints it."), "late_unit")
    extension = DossierExtension(
        dossier=act.dossier, agreed_at=act.at, on=on, reason=act.texts["reason"], late_unit=unit
    )
    act.add(extension)
    due_dates.move_due(act.dossier, list(act.dossier.clock_stops.all()), extension)
    act.facts = {"on": on.isoformat(), "late_unit": unit}


@ActFunction
def stop(act: Act, *, kind: str, reason: str, ground: str) -> None:
    """Stop: for a time, or for good. With the reason and the article that allows it (Mẫu số 05)."""
    one_of(kind, StopKind.values, "kind")
    ground = clean(ground, 300, "ground")
    if not ground:
        raise Invalid(_("Name the article of the law by which it is stopped."), "ground")
    act.move("stop", kind)
    act.say("reason", reason)
    act.facts = {"kind": kind, "ground": ground}
    act.dossier.answer_by = None
    suspend_clock(act)
    drop_payment(act)
    if kind == StopKind.END:
        back_to_the_centre(act)


@ActFunction
def resume(act: Act, *, reason: str) -> None:
    """Go on after a suspension."""
    act.move("resume")
    act.say("reason", reason)
    go_on(act)
