"""What acts share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from catalogue.models import Agency, Posting
from catalogue.opening import ZONE
from desk import due_dates, heirs
from desk.acting import Act
from desk.actors import ActorKind
from desk.interruptions import Effect, Ground
from desk.models import (
    DossierFile,
    HandOver,
)
from desk.refusals import Invalid, WrongState
from desk.states import FINAL, StopKind


def day(act: Act) -> dt.date:
    """Return the local day of an act."""
    return act.at.astimezone(ZONE).date()


def open_hand_over(act: Act) -> HandOver | None:
    """Return the hand-over that nobody has taken yet."""
    return next((each for each in act.dossier.hand_overs.all() if each.taken_at is None), None)


def end_hand_over(act: Act) -> None:
    """Take what nobody took over, so that nothing waits for ever where the work has ended."""
    given = open_hand_over(act)
    if given is not None:
        act.change(given, taken_at=act.at, taken_by_id=act.by.user_id)


def require_post(user: Any, agency: Agency, act: Act) -> None:
    """Raise Invalid unless a person works at an agency on the day."""
    assert isinstance(user, get_user_model())
    if not Posting.objects.of(user, day(act)).at_the_desk().filter(agency=agency).exists():
        raise Invalid(_("This person has no post at «%(agency)s» today.") % {"agency": agency}, "to_user")


def present(act: Act, agency_id: int) -> int:
    """Return the agency of the dossier, or the one that has its work now (no query where none of them has heirs)."""
    return heirs.present(agency_id, act.dossier, day(act)) if getattr(act.dossier, "has_heirs", False) else agency_id


def require_own(file: DossierFile | None, act: Act) -> None:
    """Raise Invalid for a file of another dossier, or one that was removed."""
    if file is not None and (file.dossier_id != act.dossier.pk or file.removed_at is not None):
        raise Invalid(_("This file isn't in the dossier: add it first."), "file")


def require_nothing_before(act: Act) -> None:
    """Raise WrongState while another dossier of the group must end first, settled or not."""
    member = getattr(act.dossier, "membership", None)
    if member is None or member.waits_for is None:
        return
    first = member.waits_for.dossier
    if first.settled_at is None and first.state not in FINAL and first.stop_kind != StopKind.END:
        raise WrongState(_("It waits for the dossier %(code)s.") % {"code": first.code})


def stop_clock(act: Act, ground: str) -> None:
    """Let the clock stand from now on."""
    stops = list(act.dossier.clock_stops.all())
    new = due_dates.stop(act.dossier, ground, act.at)
    act.add(new)
    due_dates.move_due(act.dossier, [*stops, new], due_dates.extension_of(act.dossier))


def suspend_clock(act: Act) -> None:
    """Let the clock stand for a suspension; what was asked for isn't waited for any more, so nothing begins anew."""
    stops = list(act.dossier.clock_stops.all())
    for each in stops:
        if each.ended_at is None:
            act.change(each, ended_at=act.at, effect=Effect.PAUSE)
    new = due_dates.stop(act.dossier, Ground.SUSPENSION, act.at)
    act.add(new)
    due_dates.move_due(act.dossier, [*stops, new], due_dates.extension_of(act.dossier))


def go_on(act: Act) -> None:
    """Let the clock run again, from the start or from where it stood."""
    stops = list(act.dossier.clock_stops.all())
    for each in stops:
        if each.ended_at is None:
            act.change(each, ended_at=act.at)
    due_dates.move_due(act.dossier, stops, due_dates.extension_of(act.dossier))


def drop_payment(act: Act) -> None:
    """Close a request for payment that won't be answered any more."""
    for request in act.dossier.payment_requests.all():
        if request.paid_at is None and request.dropped_at is None:
            act.change(request, dropped_at=act.at)


def settle(act: Act) -> None:
    """Note how the dossier was settled against its current due date."""
    act.dossier.settled_at = act.at
    act.dossier.settlement = due_dates.settlement_of(act.dossier, act.at)


def back_to_the_centre(act: Act) -> None:
    """Give the dossier back to the centre that received it or has its work, taking what nobody took over."""
    end_hand_over(act)
    dossier = act.dossier
    dossier.holder_agency_id, dossier.holder = present(act, dossier.received_by_id), None
    dossier.step, dossier.step_due_at = "", None
    if act.by.kind == ActorKind.OFFICER:
        act.facts.setdefault("to", dossier.holder_agency_id)
