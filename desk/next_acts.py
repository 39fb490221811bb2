"""What somebody may do with a dossier now: the names of the acts, and the words on the buttons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from catalogue.opening import ZONE
from desk.actors import Actor
from desk.due_dates import extension_of
from desk.models import Dossier, HandOver
from desk.permissions import SECOND_SUPPLEMENT, is_allowed, permitted_by
from desk.states import FINAL, HANDED_BACK, State, StopKind
from desk.undoing import last_event, why_not_undone

LABELS = {
    "take_over": _("Take over"),
    "receive": _("Receive"),
    "accept_supplement": _("Take in the supplement"),
    "confirm_payment": _("Confirm the payment"),
    "resume": _("Go on with it"),
    "return_result": _("Return the result"),
    "finish": _("Finish with a result"),
    "forward": _("Pass on"),
    "hand_back": _("Hand the papers back"),
    "request_supplement": _("Ask for a supplement"),
    "request_payment": _("Ask for a payment"),
    "extend": _("Apologise and extend"),
    "stop": _("Stop"),
    "reopen": _("Take the result back"),
    "reject": _("Refuse to receive"),
    "withdraw": _("Withdraw for the applicant"),
    "recall": _("Call back"),
    "reassign": _("Give to somebody else"),
    "correct_data": _("Correct the data"),
    "comment": _("Comment"),
    "mirror": _("Update from the ministry's system"),
    "tie_file": _("Tie a file to a paper"),
    "undo": _("Undo"),
}
"""An act that a form does, in the order in which the page offers it."""
MAIN = frozenset(list(LABELS)[:9])
"""What moves a dossier towards its end: the first of these that is possible is the thing to do next."""
REASSIGNED_IN = frozenset({State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.PAYMENT, State.FINISHED})


@dataclass(frozen=True)
class NextAct:
    """An act that is possible now; `is_main` for the one thing to do next."""

    name: str
    label: str
    is_main: bool = False


def next_acts(dossier: Dossier, actor: Actor, at: dt.datetime) -> list[NextAct]:
    """Return the acts that this person may do now, the one to do next first (two queries)."""
    if dossier.anonymised_at is not None:
        return []
    if dossier.is_shadow:
        names = {name for name in ("mirror", "comment") if is_allowed(name, dossier, actor)}
    else:
        prefetch_related_objects([dossier], "hand_overs")
        waiting = open_hand_over(dossier)
        names = _moves(dossier, actor, at, waiting) | _others(dossier, actor, waiting)
    ordered = [name for name in LABELS if name in names]
    main = next((name for name in ordered if name in MAIN), "")
    return [NextAct(name, str(LABELS[name]), name == main) for name in sorted(ordered, key=lambda name: name != main)]


def _moves(dossier: Dossier, actor: Actor, at: dt.datetime, waiting: HandOver | None) -> set[str]:
    """Return the transitions that lead out of the state, without those that an act would still refuse."""
    dossier.answer_has_lapsed = dossier.answer_by is not None and at.astimezone(ZONE).date() > dossier.answer_by
    names = {move.name for move in dossier.get_available_user_state_transitions(actor)}  # type: ignore[attr-defined]
    if waiting is not None:
        names.discard("forward")
    if dossier.due_at is None or extension_of(dossier) is not None:
        names.discard("extend")
    if not _may_ask_again(dossier, actor):
        names.discard("request_supplement")
    if dossier.handed_back_at is not None:
        names.discard("return_result")
    return names


def refusal_of(name: str, dossier: Dossier, actor: Actor, at: dt.datetime) -> str:
    """Return why an act can't be done to this dossier now by somebody who may do it; empty where it can."""
    if name == "tie_file" and not dossier.is_shadow and not dossier.anonymised_at and dossier.state not in FINAL:
        return ""
    if name != "undo" and name in {each.name for each in next_acts(dossier, actor, at)}:
        return ""
    return why_not(name, dossier, actor, at)


def why_not(name: str, dossier: Dossier, actor: Actor, at: dt.datetime) -> str:
    """Return why somebody who may do an act can't do it to this dossier now (two queries at most)."""
    if dossier.anonymised_at is not None:
        return str(_("The data of its people were erased after the time for which they are kept: nothing follows."))
    if dossier.is_shadow and name != "undo":
        told = _("It is settled on «%(system)s»: here it can only be read.")
        return str(told) % {"system": dossier.system}
    if name == "extend" and extension_of(dossier) is not None:
        return str(_("The due date was put off once already, and can't be again."))
    if name == "request_supplement" and dossier.state in ASKED_IN and not _may_ask_again(dossier, actor):
        if dossier.state == State.REGISTERED:
            return str(_("At entry one complete list is asked for, once: it was asked for already."))
        return str(_("A second request is made by the approver of the deciding agency."))
    if name == "undo":
        return why_not_undone(last_event(dossier), actor, at)
    if name == "forward" and open_hand_over(dossier) is not None:
        return str(_("It was passed on and isn't taken over yet: whoever has it takes it over first."))
    return str(_("This can't be done now. State of the dossier: %(state)s.")) % {"state": State(dossier.state).label}


ASKED_IN = frozenset({State.REGISTERED, State.RECEIVED, State.PROCESSING})


def _may_ask_again(dossier: Dossier, actor: Actor) -> bool:
    if dossier.state == State.REGISTERED:
        return dossier.entry_supplements == 0
    return dossier.work_supplements == 0 or permitted_by(SECOND_SUPPLEMENT, dossier, actor) is not None


def _others(dossier: Dossier, actor: Actor, waiting: HandOver | None) -> set[str]:
    """Return the acts beside the state."""
    is_for_all_or_me = waiting is not None and waiting.to_user_id in (None, actor.user_id)
    is_back = dossier.state in HANDED_BACK and dossier.stop_kind != StopKind.SUSPENSION
    possible = {
        "take_over": is_for_all_or_me,
        "reassign": dossier.state in REASSIGNED_IN,
        "hand_back": is_back and dossier.handed_back_at is None,
        "correct_data": dossier.state != State.RETURNED,
        "comment": True,
    }
    return {name for name, can in possible.items() if can and is_allowed(name, dossier, actor)}


def open_hand_over(dossier: Dossier) -> HandOver | None:
    """Return the hand-over that nobody has taken yet (one query, none where they were read)."""
    return next((each for each in dossier.hand_overs.all() if each.taken_at is None), None)
