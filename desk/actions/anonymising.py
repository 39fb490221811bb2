"""What the clock does after the time for which data of people are kept: nothing of them stays, nothing brings it back.

The chain stays whole: events hold salted digests of what is erased, the act's own event holds the digests of the rows
that it changed. Agencies, procedure, days, states, money and counters stay, so every figure is what it was.
"""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from desk.acting import Act
from desk.actions.function import ActFunction
from desk.files import storing
from desk.models import Group, GroupMember
from desk.refusals import Invalid
from desk.retention.terms import why_kept

BESIDE = (
    "parties__identifiers", "events__texts", "files", "papers", "supplement_requests__items", "relations",
    "reading_reasons", "holds",
)  # fmt: skip
"""What is read of each dossier, for all of a batch at once."""
GONE = "—"
"""What stands where a text was that may not be empty."""


@ActFunction
def anonymise(act: Act, *, on: dt.date, rule: str = "") -> None:
    """Erase everything of a dossier's people. Raises Invalid where something keeps it; it can't be undone."""
    if why := why_kept(act.dossier.pk, on):
        raise Invalid(_("The data of this dossier are still kept: %(why)s.") % {"why": why})
    erase_people(act)
    erase_texts(act)
    erase_files(act)
    act.dossier.anonymised_at = act.at
    act.facts = {"rule": rule} if rule else {}


def erase_people(act: Act) -> None:
    """Blank the parties and delete their numbers: without these nobody follows the dossier by its code any more."""
    for party in act.dossier.parties.all():
        act.removed_rows += list(party.identifiers.all())
        act.change(
            party, name="", name_folded="", born_on=None, address="", place=None, phone="", email="", salt="",
            erased_at=act.at,
        )  # fmt: skip


def erase_texts(act: Act) -> None:
    """Blank every text that somebody wrote about them, with its salt."""
    dossier = act.dossier
    for event in dossier.events.all():
        for text in event.texts.all():
            act.change(text, text="", salt="", erased_at=act.at)
    for reason in dossier.reading_reasons.all():
        act.change(reason, text="", erased_at=act.at)
    for request in dossier.supplement_requests.all():
        for item in request.items.all():
            act.change(item, reason=GONE)
    for payment in dossier.payment_requests.all():
        act.change(payment, purpose=GONE)
    for hold in dossier.holds.all():
        act.change(hold, reason=GONE)
    for relation in dossier.relations.all():
        act.change(relation, reason="")
    extension = getattr(dossier, "extension", None)
    if extension is not None:
        act.change(extension, reason="")
    name_no_group(act)


def name_no_group(act: Act) -> None:
    """Take the name of a matter away with the last of its dossiers (two queries for one of a group)."""
    member = getattr(act.dossier, "membership", None)
    if member is None:
        return
    others = GroupMember.objects.filter(group=member.group_id, dossier__anonymised_at=None)
    if not others.exclude(dossier=act.dossier.pk).exists():
        Group.objects.filter(pk=member.group_id).update(name=GONE)


def erase_files(act: Act) -> None:
    """Take files and their names away; the content goes after the commit, or by the sweep should this process die."""
    for paper in act.dossier.papers.all():
        if paper.signed_by:
            act.change(paper, signed_by="")
    for file in act.dossier.files.all():
        act.change(file, name="", removed_at=file.removed_at or act.at)
        transaction.on_commit(partial(storing.discard, file.place), robust=True)
