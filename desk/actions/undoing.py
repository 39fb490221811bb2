"""Taken back: what was done a moment ago, and what was passed on and nobody has taken. Each is an act of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from desk.acting import Act
from desk.actions.function import ActFunction
from desk.actions.shared import day, open_hand_over
from desk.heirs import is_posted, present
from desk.models import HandedPaper, Notice
from desk.refusals import WrongState
from desk.states import State
from desk.undoing import body_of, bring_back, fields_before, last_event, why_not_undone

WITH_IT = ("holder_agency_id", "holder_id", "step", "step_due_at")
"""What passing on changes besides the state."""


@ActFunction
def undo(act: Act) -> None:
    """Undo what this person did last, within sixty seconds: every field is as it was, and both acts stay in the log.

    Raises WrongState where somebody else has acted since, it is too late, or the act has left the house.
    """
    event = last_event(act.dossier)
    if why := why_not_undone(event, act.by, act.at):
        raise WrongState(why)
    assert event is not None
    told = body_of(event)
    before, facts = fields_before(act.dossier, event.number), told.get("facts", {})
    act.facts = {"of": event.number, "act": event.act}
    if event.act == "forward":
        call_back(act, State(event.state_before or State.RECEIVED))
    elif event.act == "take_over":
        given = act.dossier.hand_overs.filter(taken_at=event.at, taken_by=event.by_user_id).latest("pk")
        act.change(given, taken_at=None, taken_by=None)
    elif event.act == "reassign":
        reassigned = open_hand_over(act)
        if reassigned is not None:
            act.change(reassigned, to_user_id=facts.get("was_for"))
    elif event.act == "tie_file":
        paper = HandedPaper.objects.get(pk=facts["paper"], dossier=act.dossier)
        act.change(paper, file_id=facts["was"]["file"], status=facts["was"]["status"])
    unread = Notice.objects.filter(dossier=act.dossier, kind=Notice.Kind.MENTION, about__startswith=f"{event.number}:")
    for notice in unread.filter(read_at=None):
        act.change(notice, read_at=act.at, read_by_id=act.by.user_id)
    bring_back(act.dossier, before, told.get("changes", {}))


@ActFunction
def recall(act: Act, *, reason: str) -> None:
    """Call back what was passed on and nobody has taken: it lies again where it lay, with who had it.

    Where the agency has ended since, it lies at the one that has its work, with who had it if that person works there.
    """
    if open_hand_over(act) is None:
        raise WrongState(_("Nothing can be called back: it was taken over already."))
    act.require_move("recall")
    event = act.dossier.events.filter(act="forward").latest("number")
    before = fields_before(act.dossier, event.number)
    act.facts = {"of": event.number}
    call_back(act, State(before["state"]))
    bring_back(act.dossier, before, WITH_IT)
    lie_at_the_heir(act)
    act.say("reason", reason)


def lie_at_the_heir(act: Act) -> None:
    """Let what was called back to an agency that has ended lie at its heir."""
    dossier, ended = act.dossier, act.dossier.holder_agency_id
    heir = present(ended, dossier, day(act))
    if heir == ended:
        return
    act.facts["heir_of"], dossier.holder_agency_id = ended, heir
    if not is_posted(dossier.holder_id, heir, day(act)):
        dossier.holder_id = None


def call_back(act: Act, before: State) -> None:
    """Move the state back, and close the hand-over by the hand that gave it."""
    given: Any = open_hand_over(act)
    if given is None:
        raise WrongState(_("Nothing can be called back: it was taken over already."))
    act.dossier.state_before_passing = before
    act.move("recall")
    act.facts["hand_over"] = given.pk
    act.change(given, taken_at=act.at, taken_by_id=act.by.user_id)
