"""On the day of a reorganisation: what an agency held that has ended is held by its heir."""

from __future__ import annotations

from collections.abc import Container

from django.utils.translation import gettext as _

from desk.acting import Act
from desk.actions.function import ActFunction
from desk.actions.shared import open_hand_over
from desk.heirs import needs_holder
from desk.models import HandOver
from desk.refusals import WrongState


@ActFunction
def move_to_heir(act: Act, *, ended: int, heir: int, reorganisation: int, posted: Container[tuple[int, int]]) -> None:
    """Let the heir of an agency that has ended hold it. No state, step or due date moves, and nobody is asked anything.

    `posted`: who works where on that day (pairs of agency and person): whoever had it and works at the heir keeps it,
    else anybody there takes it up. What wasn't taken over yet waits at the heir. Raises WrongState where somebody was
    faster: it lies elsewhere by now, or nothing is left to do.
    """
    dossier = act.dossier
    if dossier.holder_agency_id != ended or not needs_holder(dossier):
        raise WrongState(_("It lies elsewhere by now, or nothing is left to do."))
    act.facts = {"from": ended, "heir": heir, "reorganisation": reorganisation}
    dossier.holder_agency_id = heir
    if (heir, dossier.holder_id) not in posted:
        dossier.holder_id = None
    given = open_hand_over(act)
    if given is None:
        return
    act.change(given, taken_at=act.at)
    act.add(
        HandOver(
            dossier=dossier,
            from_agency_id=given.from_agency_id,
            to_agency_id=heir,
            from_user_id=given.from_user_id,
            to_user_id=given.to_user_id if (heir, given.to_user_id) in posted else None,
            step=given.step,
            step_due_at=given.step_due_at,
            given_at=act.at,
        )
    )
