"""The words in which a citizen reads a dossier's state, what is expected now, and what happened."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.opening import ZONE
from desk.history import money
from desk.models import Dossier, DossierEvent, DossierReading, Slip, What, Why
from desk.models.dossiers import ReturnBy
from desk.states import FINAL, HANDED_BACK, Outcome, State, StopKind

HEADLINES = {
    State.REGISTERED: gettext_lazy("Handed in, not received yet"),
    State.RECEIVED: gettext_lazy("Received"),
    State.REJECTED: gettext_lazy("Could not be received"),
    State.PROCESSING: gettext_lazy("Being worked on"),
    State.SUPPLEMENT: gettext_lazy("Waiting for papers from you"),
    State.PAYMENT: gettext_lazy("Waiting for your payment"),
    State.WITHDRAWN: gettext_lazy("Withdrawn at your request"),
    State.STOPPED: gettext_lazy("Ended without a result"),
    State.FINISHED: gettext_lazy("The result is ready"),
    State.RETURNED: gettext_lazy("Finished: you have the result"),
}
STORIES = {
    State.REGISTERED: gettext_lazy("An officer checks the papers. The time limit begins once the dossier is received."),
    State.RECEIVED: gettext_lazy("The centre has your papers and will pass them to the agency that decides."),
    State.REJECTED: gettext_lazy("The reason stands on the refusal slip."),
    State.PROCESSING: gettext_lazy("The agency that decides is working on it."),
    State.SUPPLEMENT: gettext_lazy("Something is missing or must be corrected. Until you bring it, the clock stands."),
    State.PAYMENT: gettext_lazy("The clock stands until you have paid."),
    State.WITHDRAWN: gettext_lazy("Nobody works on it any more."),
    State.STOPPED: gettext_lazy("The reason stands on the notice of stopping."),
    State.FINISHED: gettext_lazy("The agency has decided."),
    State.RETURNED: gettext_lazy("The result was handed over."),
}
ACTS = {
    "register": gettext_lazy("The dossier was handed in."),
    "receive": gettext_lazy("The centre received it."),
    "reject": gettext_lazy("The centre could not receive it."),
    "request_supplement": gettext_lazy("You were asked for papers."),
    "accept_supplement": gettext_lazy("Your papers arrived."),
    "request_payment": gettext_lazy("You were asked to pay."),
    "confirm_payment": gettext_lazy("Your payment arrived."),
    "extend": gettext_lazy("The agency apologised and set a new date."),
    "stop": gettext_lazy("The work was stopped."),
    "resume": gettext_lazy("The work went on."),
    "finish": gettext_lazy("The agency decided."),
    "reopen": gettext_lazy("The result was taken back to be corrected."),
    "return_result": gettext_lazy("The result was handed over."),
    "hand_back": gettext_lazy("Your papers were handed back."),
    "withdraw": gettext_lazy("The dossier was withdrawn."),
    "mirror": gettext_lazy("The ministry's system told us its newest state."),
    "move_to_heir": gettext_lazy(
        "The unit ended: the one that has its work now has your dossier. Nothing is asked of you."
    ),
    "anonymise": gettext_lazy("Your data were erased."),
}
"""Acts that a citizen hears of; what passes between officers isn't among them."""
SLIPS = {
    Slip.Form.RECEIPT: gettext_lazy("Receipt with the appointment"),
    Slip.Form.SUPPLEMENT: gettext_lazy("Request for papers, with the reasons"),
    Slip.Form.REJECTION: gettext_lazy("Refusal, with the reasons"),
    Slip.Form.APOLOGY: gettext_lazy("Apology and new date"),
    Slip.Form.STOP: gettext_lazy("Notice of stopping"),
    Slip.Form.RESULT: gettext_lazy("Receipt of the result"),
}

WHYS = {
    Why.ASKED: gettext_lazy("you or somebody for you asked about it"),
    Why.CHECK: gettext_lazy("to check how the work is done"),
    Why.COMPLAINT: gettext_lazy("to settle a complaint or feedback"),
    Why.RELATED: gettext_lazy("for another dossier of the same matter"),
    Why.COLLEAGUE: gettext_lazy("to help a colleague"),
    Why.OTHER: gettext_lazy("another reason, which is kept"),
}
"""Why somebody opened it whose own work it isn't, as the people of the dossier read it: never in an officer's words."""


class Expectation(NamedTuple):
    """What is expected of the reader now, and whether it is done at the centre."""

    text: str
    is_at_centre: bool = False


def headline(dossier: Dossier) -> str:
    """Return the state in a few words."""
    if dossier.state == State.STOPPED and dossier.stop_kind == StopKind.SUSPENSION:
        return _("Paused for a time")
    if dossier.state == State.FINISHED and dossier.outcome == Outcome.REFUSED:
        return _("Decided: refused, with a letter")
    return str(HEADLINES[State(dossier.state)])


def story(dossier: Dossier) -> str:
    """Return what that means."""
    if dossier.anonymised_at is not None:
        return _(
            "The time for which your data are kept is over, so they were erased. When what happened still stands here."
        )
    if dossier.is_shadow:
        return _(
            "This dossier is settled on «%(system)s». Ask there for its newest state, under the code %(code)s."
        ) % {
            "system": dossier.system,
            "code": dossier.outside_code,
        }
    return str(STORIES[State(dossier.state)])


def fee_left(dossier: Dossier) -> str:
    """Return what was noted of a fee that isn't paid whole; empty where nothing is owed, or nothing is to come."""
    owed = (dossier.fee_due or 0) - dossier.fee_paid
    if owed <= 0 or dossier.state in FINAL | HANDED_BACK | {State.PAYMENT} or dossier.received_at is None:
        return ""
    told = _("Your receipt names a fee of %(fee)s; so far %(paid)s is noted as paid. The rest is paid at the centre.")
    return told % {"fee": money(dossier.fee_due), "paid": money(dossier.fee_paid)}


def expectation(dossier: Dossier, at: dt.datetime, answer_by: dt.date | None) -> Expectation:
    """Return what the reader has to do now (one query while a payment is waited for)."""
    state = State(dossier.state)
    if dossier.is_shadow:
        return Expectation(_("What is asked of you stands in the ministry's system."))
    if state == State.SUPPLEMENT and answer_by is not None:
        day = {"day": f"{answer_by:%d/%m/%Y}"}
        if at.astimezone(ZONE).date() > answer_by:
            return Expectation(_("The day for your answer, %(day)s, has passed. Call the centre now.") % day, True)
        return Expectation(_("Bring these papers to the centre by %(day)s.") % day, True)
    if state == State.PAYMENT:
        return Expectation(payment(dossier), True)
    if state == State.FINISHED:
        return handing_over(dossier)
    if not is_over(dossier):
        return Expectation(_("Nothing now. If something is needed, it stands here."))
    if state in HANDED_BACK and dossier.handed_back_at is None:
        return Expectation(_("Your papers can be fetched at the centre."), True)
    return Expectation(_("Nothing: this dossier is closed."))


def is_over(dossier: Dossier) -> bool:
    """Return whether nothing follows any more but the papers' way back."""
    return dossier.state in FINAL or (dossier.state == State.STOPPED and dossier.stop_kind == StopKind.END)


def payment(dossier: Dossier) -> str:
    """Return how much to pay; what for stands on what the centre gave the person."""
    request = dossier.payment_requests.filter(paid_at=None, dropped_at=None).first()
    if request is None:
        return _("Ask the centre what is to be paid.")
    return _("Pay %(amount)s. The centre tells you how.") % {"amount": money(request.amount)}


def handing_over(dossier: Dossier) -> Expectation:
    """Return how the result comes to the reader."""
    if dossier.return_by == ReturnBy.POST:
        return Expectation(_("The result comes to you by post."))
    if dossier.return_by == ReturnBy.ELECTRONIC:
        return Expectation(_("The result is sent to you electronically."))
    return Expectation(_("Fetch the result at the centre. Bring an identity document, and the receipt."), True)


def happened(event: DossierEvent) -> str:
    """Return an event in words, empty where it stays inside: a refused try to ask for more, say."""
    if event.act == "request_supplement" and event.state_after == event.state_before:
        return ""
    return str(ACTS.get(event.act, ""))


def role_of(reading: DossierReading) -> str:
    """Return as what somebody works who opened it."""
    return str(reading.get_by_role_display())


def why_of(reading: DossierReading) -> str:
    """Return why it was opened, where it wasn't own work and a reason was asked for."""
    if reading.what == What.PERSON:
        return _("to give you your data")
    return str(WHYS[Why(reading.why)]) if reading.why else ""


def slip_name(form: str) -> str:
    """Return what a slip is, in words."""
    return str(SLIPS[Slip.Form(form)])
