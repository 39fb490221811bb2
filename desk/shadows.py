"""Read-only shadows of dossiers that a ministry's system settles: counted once, changed by what that system tells."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Agency, Centre, Procedure
from catalogue.opening import ZONE
from desk.acting import Act, begin, perform, write
from desk.actors import Actor
from desk.due_dates import settlement_of
from desk.identities import Person, clean, one_of, party_of
from desk.intake import receiver_of, require_valid
from desk.models import Dossier, Origin, Party
from desk.numbering import outside_code
from desk.refusals import Invalid
from desk.routes import level_of, route_on
from desk.states import Channel, Outcome, State
from desk.versions import version_on

YEARS = 50
"""Years from the present, back and ahead, beyond which no moment of a dossier lies."""


@dataclass(frozen=True)
class Told:
    """What a ministry's system tells of one of its dossiers. Moments are aware."""

    system: str
    code: str
    state: int
    submitted_at: dt.datetime
    received_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Helped:
    """Whom a clerk has helped to enter the dossier there, where, and who decides."""

    procedure: Procedure
    centre: Centre
    decided_by: Agency
    applicant: Person
    channel: str = Channel.COUNTER


def note_shadow(told: Told, helped: Helped, *, by: Actor, at: dt.datetime) -> Dossier:
    """Keep a shadow of a dossier that was entered on the ministry's system (Công văn 39/TTg-KSTT).

    Raises Invalid where the procedure is still settled here on the day of submission, or the code is here already.
    """
    require_near(told, at)
    day = told.submitted_at.astimezone(ZONE).date()
    require_valid(helped.decided_by, at.astimezone(ZONE).date())
    route = route_on(helped.procedure, day, level_of(helped.decided_by))
    if route is None or route.is_provincial:
        raise Invalid(_("On that day the procedure was settled here: receive it."), "submitted_at")
    with transaction.atomic(durable=True):
        dossier = _shadow(told, helped, day, at)
        act = begin("mirror", dossier, by=by, at=at)
        party, numbers = party_of(helped.applicant, Party.Role.APPLICANT, dossier, at)
        act.parties, act.new_rows = [party], [party, *numbers]
        _mirror(act, told)
        write([act])
    return dossier


def _shadow(told: Told, helped: Helped, day: dt.date, at: dt.datetime) -> Dossier:
    system, code = named(told)
    if not system or not code:
        raise Invalid(_("Enter the ministry's system, and the code that it gave."), "code")
    if Dossier.objects.filter(code=code).exists():
        raise Invalid(_("The dossier %(code)s is here already: open it.") % {"code": code}, "code")
    received_by = receiver_of(helped.centre, at.astimezone(ZONE).date())
    return Dossier(
        code=code,
        system=system,
        outside_code=code,
        origin=Origin.MINISTRY,
        procedure=helped.procedure,
        version=version_on(helped.procedure, day),
        channel=one_of(helped.channel, Channel.values, "channel"),
        centre=helped.centre,
        helped_by=received_by,
        received_by=received_by,
        decided_by=helped.decided_by,
        holder_agency=helped.decided_by,
        submitted_at=told.submitted_at,
        tracking_token=secrets.token_urlsafe(32),
    )


def require_near(told: Told, at: dt.datetime) -> None:
    """Refuse moments so far from the present that a year was mistyped. Raises Invalid."""
    for name in ("submitted_at", "received_at", "due_at", "finished_at"):
        moment = getattr(told, name)
        if moment is not None and abs(moment.year - at.year) > YEARS:
            raise Invalid(_("This can't be right: check the year."), name)


def named(told: Told) -> tuple[str, str]:
    """Return the system and its code as they are kept."""
    return clean(told.system, 200, "system"), outside_code(told.code)


def update_shadow(dossier_id: int, told: Told, *, by: Actor, at: dt.datetime) -> Dossier:
    """Bring a shadow up to what the ministry's system tells now."""
    return perform("mirror", dossier_id, lambda act: _mirror(act, told), by=by, at=at)


def _mirror(act: Act, told: Told) -> None:
    dossier = act.dossier
    if not act.is_new:
        act.require_move("mirror")
        require_near(told, act.at)
    if told.state not in State.values:
        raise Invalid(_("Unknown state: %(state)s.") % {"state": told.state}, "state")
    if named(told) != (dossier.system, dossier.outside_code):
        raise Invalid(_("This is told of another dossier."), "code")
    one_of(told.outcome, ["", *Outcome.values], "outcome")
    act.move("mirror", told.state)
    dossier.received_at, dossier.finished_at = told.received_at, told.finished_at
    dossier.original_due_at = dossier.original_due_at or told.due_at
    dossier.due_at, dossier.outcome = told.due_at, told.outcome
    dossier.settled_at, dossier.settlement = None, ""
    if told.finished_at is not None:
        dossier.settled_at, dossier.settlement = told.finished_at, settlement_of(dossier, told.finished_at)
