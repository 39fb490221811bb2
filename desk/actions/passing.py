"""It is passed on inside: given, taken over, given to somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from catalogue.models import Agency
from catalogue.opening import ZONE
from desk import acting
from desk.acting import Act
from desk.actions.function import ActFunction
from desk.actions.shared import day, open_hand_over, require_post
from desk.identities import clean
from desk.intake import require_valid
from desk.models import (
    HandOver,
)
from desk.refusals import Invalid, NotAllowed, WrongState
from desk.states import OPEN, State, StopKind


@ActFunction
def forward(
    act: Act,
    *,
    to_agency: Agency,
    to_user: Any = None,
    step: str = "",
    step_due_at: dt.datetime | None = None,
    note: str = "",
) -> None:
    """Pass on inside: the one who gets it takes it over."""
    require_valid(to_agency, day(act))
    if open_hand_over(act) is not None:
        raise WrongState(_("It was passed on and isn't taken over yet: whoever has it takes it over first."))
    if to_user is not None:
        require_post(to_user, to_agency, act)
    if step_due_at is not None and step_due_at < act.at:
        raise Invalid(_("The step can't be due before it begins."), "step_due_at")
    dossier = act.dossier
    if step_due_at is not None and dossier.due_at is not None and act.at < dossier.due_at < step_due_at:
        due = f"{dossier.due_at.astimezone(ZONE):%H:%M %d/%m/%Y}"
        told = _("The dossier itself is due at %(due)s: the step must be done before.") % {"due": due}
        raise Invalid(told, "step_due_at")
    act.move("forward")
    act.add(
        HandOver(
            dossier=dossier,
            from_agency_id=dossier.holder_agency_id,
            to_agency=to_agency,
            from_user_id=act.by.user_id,
            to_user=to_user,
            step=clean(step, 200, "step"),
            step_due_at=step_due_at,
            given_at=act.at,
        )
    )
    act.facts = {"to": to_agency.pk}
    if to_user is not None:
        act.facts["to_user"] = to_user.pk
    act.say("note", note, required=False)
    dossier.holder_agency, dossier.holder = to_agency, None
    dossier.step, dossier.step_due_at = clean(step, 200, "step"), step_due_at


@ActFunction
def take_over(act: Act) -> None:
    """Take what was passed on; from now on it is this person's."""
    if act.dossier.state not in OPEN and act.dossier.stop_kind != StopKind.SUSPENSION:
        raise acting.wrong_state(act.dossier)
    given = open_hand_over(act)
    if given is None:
        raise WrongState(_("Nothing waits to be taken over: somebody has it already."))
    if (given.to_agency_id, given.to_user_id) in act.by.stands_in:
        act.post = next(post for post in act.by.posts if post.for_user == given.to_user_id)
    elif given.to_user_id not in (None, act.by.user_id):
        raise NotAllowed(_("It was passed to somebody else. The head of the centre or the approver can reassign it."))
    act.change(given, taken_at=act.at, taken_by_id=act.by.user_id)
    act.dossier.holder_id = act.by.user_id


@ActFunction
def reassign(act: Act, *, to_user: Any, reason: str) -> None:
    """Give the work to another person of the same agency, with the reason."""
    if act.dossier.state not in (State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.PAYMENT, State.FINISHED):
        raise acting.wrong_state(act.dossier)
    require_post(to_user, act.dossier.holder_agency, act)
    given = open_hand_over(act)
    if to_user.pk == (act.dossier.holder_id if given is None else given.to_user_id):
        raise Invalid(_("It lies with this person already: choose somebody else."), "to_user")
    if given is not None:
        act.facts["was_for"] = given.to_user_id
        act.change(given, to_user_id=to_user.pk)
    act.facts |= {"from": act.dossier.holder_id, "to": to_user.pk}
    act.dossier.holder = to_user
    act.say("reason", reason)
