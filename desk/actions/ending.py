"""It ends: with a result, at the applicant's wish, and with papers that are handed back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from catalogue.opening import ZONE
from desk import acting
from desk.acting import Act
from desk.actions.function import ActFunction
from desk.actions.shared import (
    back_to_the_centre,
    day,
    drop_payment,
    end_hand_over,
    present,
    require_nothing_before,
    require_own,
    settle,
)
from desk.identities import clean, one_of
from desk.models import (
    DossierFile,
    DossierResult,
)
from desk.refusals import Invalid, WrongState
from desk.states import HANDED_BACK, Outcome, State, StopKind


@ActFunction
def finish(
    act: Act,
    *,
    outcome: str,
    number: str,
    signed_on: dt.date,
    signatory: str,
    reason: str = "",
    valid_to: dt.date | None = None,
    file: DossierFile | None = None,
) -> None:
    """Sign the result: what was applied for, or a refusal with its letter and reason. It goes to the centre."""
    one_of(outcome, Outcome.values, "outcome")
    number, signatory = clean(number, 100, "number"), clean(signatory, 200, "signatory")
    if not number or not signatory:
        raise Invalid(_("A result has a number and somebody who signed it."), "number" if not number else "signatory")
    if signed_on > day(act) or signed_on < act.dossier.submitted_at.astimezone(ZONE).date():
        raise Invalid(_("A result is signed between the submission and today: check the date."), "signed_on")
    if valid_to is not None and valid_to < signed_on:
        raise Invalid(_("A result can't end before it is signed."), "valid_to")
    require_nothing_before(act)
    require_own(file, act)
    act.move("finish", outcome, act.at)
    act.say("reason", reason, required=outcome == Outcome.REFUSED)
    result = DossierResult(
        dossier=act.dossier,
        kind=outcome,
        number=number,
        signed_on=signed_on,
        signatory=signatory,
        valid_to=valid_to,
        file=file,
        made_at=act.at,
    )
    act.add(result)
    for earlier in act.dossier.results.all():
        if earlier.replaced_by_id is None:
            act.change(earlier, replaced_by=result)
    act.facts = {"outcome": outcome}
    settle(act)
    back_to_the_centre(act)


@ActFunction
def reopen(act: Act, *, reason: str) -> None:
    """Take back a result in which an error was found before it was handed over."""
    dossier = act.dossier
    act.move("reopen")
    act.say("reason", reason)
    for result in dossier.results.all():
        if result.replaced_at is None:
            act.change(result, replaced_at=act.at)
    dossier.settled_at, dossier.settlement = None, ""
    dossier.holder_agency_id, dossier.holder = present(act, dossier.decided_by_id), None


@ActFunction
def return_result(act: Act, *, to: str = "", note: str = "") -> None:
    """Hand over what was decided, late or not. `to`: who took it, where it wasn't the applicant."""
    act.move("return_result", act.at)
    if act.dossier.settled_at is None:
        settle(act)
    end_hand_over(act)
    act.say("to", clean(to, 300, "to"), required=False)
    act.say("note", note, required=False)
    act.dossier.step, act.dossier.step_due_at = "", None


@ActFunction
def withdraw(act: Act, *, reason: str) -> None:
    """Give the dossier back at the applicant's request, as long as no result is signed."""
    act.move("withdraw")
    act.say("reason", reason)
    act.dossier.answer_by = None
    drop_payment(act)
    if act.dossier.received_at is not None:
        settle(act)
    back_to_the_centre(act)


@ActFunction
def hand_back(act: Act, *, to: str = "", note: str = "") -> None:
    """Hand the papers back after a refusal, a withdrawal or an end."""
    dossier = act.dossier
    if dossier.state not in HANDED_BACK or dossier.stop_kind == StopKind.SUSPENSION:
        raise acting.wrong_state(dossier)
    if dossier.handed_back_at is not None:
        raise WrongState(_("The papers were handed back already."))
    dossier.handed_back_at = act.at
    if dossier.state == State.STOPPED:
        settle(act)
    act.say("to", clean(to, 300, "to"), required=False)
    act.say("note", note, required=False)
