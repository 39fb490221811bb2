"""Deciding on a set of changes: all of it or line by line, by somebody who wrote none of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalogue.changesets.applying import apply_lines, settle, tell_readers
from catalogue.changesets.impact import ENDING
from catalogue.changesets.parking import park_lines
from catalogue.changesets.writing import Effect, StaleSetError, line_stamp, unfinished_whys
from catalogue.editing.reach import approving_reach, who_can_approve
from catalogue.models import ChangeLine, ChangeSet, Decision, DecisionItem, Procedure
from catalogue.models.changesets import LEAN
from catalogue.versioning import keep_version, legal_content

LineStatus = ChangeLine.Status
AT_ONCE = 200
"""Lines of a file that are brought into force within the request that approves them, a few seconds; more are left to
the clock, which does it in one transaction as well. So are the versions of a day to come (`park_waiting`)."""


@dataclass
class Outcome:
    """What came of an approval: how many lines, and why others were not."""

    approved: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    is_in_force: bool = False
    is_under_way: bool = False
    """Its day has come, but there is too much of it for one answer: the clock brings it into force."""


def may_decide(change_set: ChangeSet, user: Any, day: dt.date) -> bool:
    """Return whether a person's postings let them decide on a set; who wrote a line is asked line by line."""
    return approving_reach(user, day).covers(change_set.agency_id)


def refusal_of(
    line: ChangeLine, user: Any, day: dt.date, writers: set[int], unfinished: Mapping[int, str] | None = None
) -> str:
    """Return why a person may not approve a line; `writers` wrote the head. One query, two at a refusal.

    `unfinished` is what the lines lack, asked before for all of them (`unfinished_whys`).
    """
    wrote = writers | {user.pk for user in line.writers.all()}
    agency = agency_of(line)
    if user.pk in wrote:
        why = _("You wrote a part of this change, so somebody else must approve it.")
        return f"{why} {who_can_approve(agency, day, but=wrote)}"
    if not approving_reach(user, day).covers(agency):
        why = _("You aren't posted as an approver of the catalogue at the agency that answers for it.")
        return f"{why} {who_can_approve(agency, day, but=wrote)}"
    return (unfinished_whys([line]) if unfinished is None else unfinished).get(line.pk, "")


def agency_of(line: ChangeLine) -> int | None:
    """Return the agency that answers for a line; None, the province, where it hands the text to another agency."""
    new = line.after.get("maintained_by") if line.after else None
    if line.procedure is None:
        return new
    owner = line.procedure.maintained_by_id
    return owner if not line.after or new == owner else None


def approve(
    pk: int, line_pks: Sequence[int], *, by: Any, at: dt.datetime, day: dt.date, stamps: Sequence[str]
) -> Outcome:
    """Approve lines of a set as they were seen (`line_stamp`): in force at once, or versions that wait for their day.

    Lines that can't be approved are told and left; the others are carried out together, in one transaction.
    Raises StaleSetError where the set is no longer there to decide on.
    """
    outcome = Outcome()
    with transaction.atomic():
        change_set = _open(pk)
        writers = set(change_set.writers.values_list("pk", flat=True))
        chosen, seen = [], set(stamps)
        lines = _locked(change_set, line_pks)
        unfinished = unfinished_whys(lines)
        for line in lines:
            why = refusal_of(line, by, day, writers, unfinished)
            if not why and line_stamp(line) not in seen:
                why = _("it was changed after you read it: read it again")
            if why:
                outcome.refused[line.code] = why
            else:
                chosen.append(line)
        _leave_successorless(change_set, chosen, outcome)
        if chosen:
            _carry_out(change_set, chosen, outcome, by=by, at=at, day=day)
    return outcome


def leave_out(pk: int, line_pks: Sequence[int], *, by: Any, at: dt.datetime, day: dt.date) -> int:
    """Leave lines of a set out for good; an approver or a writer may."""
    with transaction.atomic():
        change_set = _open(pk)
        lines = [line for line in _locked(change_set, line_pks) if _may_leave(line, by, day)]
        _decide(lines, LineStatus.LEFT_OUT, by=by, at=at)
        settle(change_set, at)
    return len(lines)


def send_back(pk: int, *, by: Any, day: dt.date, note: str) -> ChangeSet:
    """Send a set back to its writers with what is wrong with it."""
    with transaction.atomic():
        change_set = _open(pk)
        if not may_decide(change_set, by, day):
            raise StaleSetError(who_can_approve(change_set.agency_id, day))
        change_set.status, change_set.note = ChangeSet.Status.DRAFT, note
        change_set.save(update_fields=["status", "note"])
    return change_set


def cancel(pk: int, *, by: Any, at: dt.datetime, day: dt.date, note: str) -> ChangeSet:
    """Call off approved changes before their day, as an approver who wrote none of them.

    Versions are never removed: one that says what is in force now is recorded for the same day, and holds over them.
    """
    with transaction.atomic():
        change_set = ChangeSet.objects.select_for_update().get(pk=pk)
        lines = change_set.lines.select_for_update(of=("self",)).filter(status=LineStatus.APPROVED)
        found = list(lines.select_related("procedure", "version").prefetch_related("writers"))
        if not found:
            raise StaleSetError(_("Nothing in it waits for its day any more: look at it again."))
        writers = set(change_set.writers.values_list("pk", flat=True))
        for line in found:
            if why := refusal_of(line, by, day, writers):
                raise StaleSetError(f"{line.code}: {why}")
            _take_back(line, at)
        _decide(found, LineStatus.LEFT_OUT, by=by, at=at)
        tell_readers(found)
        change_set.note = note
        change_set.save(update_fields=["note"])
        settle(change_set, at)
    return change_set


def _take_back(line: ChangeLine, at: dt.datetime) -> None:
    if line.version is None or line.procedure is None or not line.procedure.live:
        return
    row = Procedure.objects.for_page().get(pk=line.procedure_id)
    assert line.version.effective_from is not None
    keep_version(row, legal_content(row), decision=row.decision, effective_from=line.version.effective_from, at=at)


def _open(pk: int) -> ChangeSet:
    change_set = ChangeSet.objects.select_for_update().get(pk=pk)
    if change_set.status != ChangeSet.Status.SUBMITTED:
        raise StaleSetError(_("It doesn't wait for approval any more: look at it again."))
    return change_set


def _locked(change_set: ChangeSet, pks: Sequence[int]) -> list[ChangeLine]:
    lines = change_set.lines.select_for_update(of=("self",)).filter(pk__in=pks, status=LineStatus.OPEN)
    if change_set.source == ChangeSet.Source.FILE:
        # Thousands at once: their contents are read later, a portion at a time.
        lines = lines.only(*LEAN)
    return list(lines.select_related("procedure", "change_set").prefetch_related("writers"))


def _may_leave(line: ChangeLine, user: Any, day: dt.date) -> bool:
    return approving_reach(user, day).covers(agency_of(line)) or user in line.writers.all()


def _leave_successorless(change_set: ChangeSet, chosen: list[ChangeLine], outcome: Outcome) -> None:
    """Take out of the chosen lines those whose successor neither exists nor comes with them."""
    coming = {line.code for line in chosen if line.effect == Effect.NEW}
    coming |= set(change_set.lines.filter(status=LineStatus.APPROVED, effect=Effect.NEW).values_list("code", flat=True))
    named = {line.successor for line in chosen if line.effect in ENDING and line.successor} - coming
    known = set(Procedure.objects.filter(code__in=named).values_list("code", flat=True))
    for line in [line for line in chosen if line.successor in named - known]:
        chosen.remove(line)
        text = _("what replaces it, %(code)s, doesn't exist and isn't approved with it")
        outcome.refused[line.code] = text % {"code": line.successor}


def _carry_out(
    change_set: ChangeSet, lines: list[ChangeLine], outcome: Outcome, *, by: Any, at: dt.datetime, day: dt.date
) -> None:
    if change_set.number:
        change_set.decision = _decision(change_set)
        change_set.save(update_fields=["decision"])
    _decide(lines, LineStatus.APPROVED, by=by, at=at)
    is_due = change_set.effective_on is None or change_set.effective_on <= day
    is_much = change_set.source == ChangeSet.Source.FILE and len(lines) > AT_ONCE
    outcome.is_under_way = is_due and is_much
    outcome.is_in_force = is_due and not outcome.is_under_way
    with override(settings.LANGUAGE_CODE):
        if outcome.is_in_force:
            apply_lines(change_set, lines, at=at, day=day)
        elif not is_due and not is_much:
            park_lines(change_set, lines, at=at)
            tell_readers(lines)
        _note_items(change_set, lines)
    outcome.approved = len(lines)
    settle(change_set, at)


def _decision(change_set: ChangeSet) -> Decision:
    """Return the row of the set's decision, its empty dates filled."""
    decision, _made = Decision.objects.get_or_create(number=change_set.number, issuer=change_set.issuer)
    decision.signed_on = decision.signed_on or change_set.signed_on
    decision.takes_effect_on = change_set.effective_on or decision.takes_effect_on
    decision.save(update_fields=["signed_on", "takes_effect_on"])
    return decision


def _note_items(change_set: ChangeSet, lines: list[ChangeLine]) -> None:
    if change_set.decision is None:
        return
    items = [
        DecisionItem(decision=change_set.decision, procedure_id=line.procedure_id, effect=line.effect)
        for line in lines
        if line.procedure_id
    ]
    DecisionItem.objects.bulk_create(items, ignore_conflicts=True, batch_size=500)


def _decide(lines: Iterable[ChangeLine], status: str, *, by: Any, at: dt.datetime) -> None:
    lines = list(lines)
    for line in lines:
        line.status, line.decided_by, line.decided_at = status, by, at
    rows = ChangeLine.objects.filter(pk__in=[line.pk for line in lines])
    rows.update(status=status, decided_by=by, decided_at=at)
