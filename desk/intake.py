"""What is entered when a dossier comes, and the unsaved rows that it makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from catalogue.models import Agency, Centre, Procedure
from catalogue.opening import ZONE
from desk.actors import Actor
from desk.counter.together import GroupPlace, member_of
from desk.demands import REPRESENTATION
from desk.due_dates import pin, pin_set
from desk.identities import Person, clean, one_of, party_of
from desk.limits import SetDate
from desk.models import (
    Dossier,
    DossierFile,
    DossierResult,
    HandedPaper,
    Origin,
    Party,
    Related,
    ReturnBy,
)
from desk.numbering import outside_code
from desk.once import token_of
from desk.refusals import Invalid
from desk.routes import require_provincial
from desk.states import Channel
from desk.versions import (
    askable_papers,
    fee_of,
    limit_of,
    overlay_on,
    require_case,
    version_on,
)

Status = HandedPaper.Status
MOST_COPIES = 1_000
MOST_MONEY = Decimal(10) ** 12


@dataclass(frozen=True)
class PaperIn:
    """A paper as it comes: `key` of the version's list (empty: a proof of representation), or what it corrects."""

    key: str = ""
    originals: int = 0
    copies: int = 0
    status: str = Status.NOT_DIGITISED
    corrects: int | None = None
    file: DossierFile | None = None
    earlier_result: DossierResult | None = None
    signed_by: str = ""


@dataclass(frozen=True)
class Intake:
    """A dossier as it comes in. `owner` and `submitter` only where they aren't the applicant.

    `decided_by`: who settles it. `code` only for what was numbered elsewhere. `due`: the date that the officer sets
    where the published limit has no number. `fee`: where the catalogue doesn't state it whole.
    """

    procedure: Procedure
    centre: Centre
    decided_by: Agency
    applicant: Person
    owner: Person | None = None
    submitter: Person | None = None
    papers: Sequence[PaperIn] = ()
    case_key: str = ""
    term_key: str = ""
    channel: str = Channel.COUNTER
    origin: str = Origin.CENTRE
    submitted_at: dt.datetime | None = None
    code: str = ""
    helped_by: Agency | None = None
    due: SetDate | None = None
    fee: Decimal | None = None
    return_by: str = ReturnBy.PICK_UP
    language: str = "vi"
    sets: int = 1
    group: GroupPlace | None = None
    once: str = ""
    """A value that only one form on one screen had: what is sent twice is entered once."""
    related: Sequence[tuple[Dossier, str]] = ()
    """Other dossiers, each with why it has to do with this one."""


def dossier_of(intake: Intake, at: dt.datetime) -> Dossier:
    """Return the unsaved dossier of an intake, its code still to be given.

    Raises Invalid for what can't be right, RouteMoved for what is submitted on a ministry's system on that day.
    """
    submitted_at = intake.submitted_at or at
    if submitted_at > at:
        raise Invalid(_("It can't be submitted later than now: check the date."), "submitted_at")
    if intake.code and intake.origin == Origin.CENTRE:
        raise Invalid(_("Only what another system has numbered brings its code: leave it empty."), "code")
    day = submitted_at.astimezone(ZONE).date()
    received_by = receiver_of(intake.centre, at.astimezone(ZONE).date())
    require_valid(intake.decided_by, at.astimezone(ZONE).date())
    require_provincial(intake.procedure, day, intake.decided_by)
    version = version_on(intake.procedure, day)
    overlay = overlay_on(version, intake.channel, intake.decided_by, day)
    limit, _source = limit_of(version, intake.channel, overlay, intake.term_key)
    if intake.helped_by is not None:
        require_valid(intake.helped_by, at.astimezone(ZONE).date())
    fee = intake.fee if intake.fee is not None else fee_of(version, intake.channel, overlay)
    dossier = Dossier(
        code=outside_code(intake.code),
        procedure=intake.procedure,
        version=version,
        case_key=require_case(version, intake.case_key),
        channel=one_of(intake.channel, Channel.values, "channel"),
        origin=one_of(intake.origin, Origin.values, "origin"),
        centre=intake.centre,
        helped_by=intake.helped_by,
        received_by=received_by,
        decided_by=intake.decided_by,
        holder_agency=received_by,
        submitted_at=submitted_at,
        restarts=version.content.get("on_supplement", "restart") == Procedure.OnSupplement.RESTART,
        fee_due=None if fee is None else money(fee, "fee"),
        return_by=one_of(intake.return_by, ReturnBy.values, "return_by"),
        language=one_of(intake.language, [code for code, _name in settings.LANGUAGES], "language"),
        sets=count(intake.sets, "sets", least=1),
        tracking_token=token_of(intake.once),
    )
    pin(dossier, limit)
    if intake.due is not None:
        pin_set(dossier, intake.due)
    return dossier


def rows_of(intake: Intake, dossier: Dossier, by: Actor, at: dt.datetime) -> tuple[list[Party], list[models.Model]]:
    """Return the unsaved parties, and all rows in the order in which they are written. Raises Invalid."""
    parties: list[Party] = []
    rows: list[models.Model] = []
    people = {
        Party.Role.APPLICANT: intake.applicant,
        Party.Role.OWNER: intake.owner,
        Party.Role.SUBMITTER: intake.submitter,
    }
    for role, person in people.items():
        if person is not None:
            party, numbers = party_of(person, role, dossier, at)
            parties.append(party)
            rows += [party, *numbers]
    if len(parties) == 1 and any(not paper.key for paper in intake.papers):
        raise not_represented()
    rows += scans_of(intake.papers, dossier)
    rows += handed_in(intake.papers, dossier, by, at)
    rows += [Related(dossier=dossier, other=other, reason=clean(why, 200, "related")) for other, why in intake.related]
    if intake.group is not None:
        rows.append(member_of(intake.group, dossier))
    return parties, rows


def not_represented() -> Invalid:
    """Return the refusal of a proof of representation where the applicant comes in person."""
    return Invalid(_("A proof of representation belongs to a dossier that somebody else submits."), "papers")


def scans_of(papers: Sequence[PaperIn], dossier: Dossier) -> list[DossierFile]:
    """Return the unsaved rows of files that come with papers."""
    found: list[DossierFile] = []
    for paper in papers:
        if paper.file is not None and paper.file.pk is None:
            paper.file.dossier = dossier
            found.append(paper.file)
    return found


def handed_in(
    papers: Sequence[PaperIn], dossier: Dossier, by: Actor, at: dt.datetime, *, known: Mapping[str, str] | None = None
) -> list[HandedPaper]:
    """Return the unsaved rows of papers that are handed in. Raises Invalid for one that isn't on the list.

    `known`: key → name of what was asked for or lies in the dossier: what was right then is taken in, however the
    list is read by now.
    """
    listed = askable_papers(dossier.version, dossier.case_key)
    names = {**(known or {}), **{key: paper.name for key, paper in listed.items()}}
    return [_handed(paper, names, dossier, by, at) for paper in papers]


def _handed(paper: PaperIn, names: Mapping[str, str], dossier: Dossier, by: Actor, at: dt.datetime) -> HandedPaper:
    if paper.key and paper.key not in names:
        raise Invalid(_("This paper isn't on the procedure's list: nobody has to hand it in."), "papers")
    if paper.status == Status.EARLIER_RESULT and paper.earlier_result is None:
        raise Invalid(_("Name the earlier result that is used as this paper."), "papers")
    return HandedPaper(
        dossier=dossier,
        paper_key=paper.key,
        name=names[paper.key] if paper.key else REPRESENTATION,
        originals=count(paper.originals, "papers"),
        copies=count(paper.copies, "papers"),
        status=one_of(paper.status, Status.values, "papers"),
        file=paper.file,
        earlier_result=paper.earlier_result,
        signed_by=clean(paper.signed_by, 200, "papers"),
        handed_in_at=at,
        checked_by_id=by.user_id,
    )


def receiver_of(centre: Centre, day: dt.date) -> Agency:
    """Return the agency in whose name a centre receives. Raises Invalid for a centre that is gone."""
    if not centre.live or centre.agency is None:
        raise Invalid(
            _("«%(centre)s» doesn't receive dossiers any more: choose its successor.") % {"centre": centre}, "centre"
        )
    return require_valid(centre.agency, day)


def require_valid(agency: Agency, day: dt.date) -> Agency:
    """Return an agency that exists on a day. Raises Invalid and names its successors."""
    begins, ends = agency.valid_from, agency.valid_to
    if (begins is None or begins <= day) and (ends is None or day < ends):
        return agency
    heirs = ", ".join(str(row.successor) for row in agency.successions.select_related("successor"))
    told = _("«%(agency)s» doesn't exist on this day.") % {"agency": agency}
    if heirs:
        told += " " + _("Its work went to: %(heirs)s.") % {"heirs": heirs}
    raise Invalid(told, "agency")


def money(amount: Decimal, field: str) -> Decimal:
    """Return an amount that can be: not negative, whole dong. Raises Invalid."""
    if not (amount.is_finite() and 0 <= amount < MOST_MONEY):
        raise Invalid(_("This amount can't be right."), field)
    if amount != round(amount):
        raise Invalid(_("Dong are whole: leave the decimals away."), field)
    return amount


def count(number: int, field: str, *, least: int = 0) -> int:
    """Return a number of papers that can be. Raises Invalid."""
    if not least <= number <= MOST_COPIES:
        raise Invalid(
            _("This number can't be right: %(least)d to %(most)d.") % {"least": least, "most": MOST_COPIES}, field
        )
    return number
