"""Bringing approved changes into the live rows: value by value, all of a set at once, and the open drafts with them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from catalogue.changesets.impact import ENDING
from catalogue.changesets.merging import Clash, merge
from catalogue.changesets.writing import Effect, row_of
from catalogue.editing.proposals import content_of
from catalogue.loading.history import record_revisions, whole
from catalogue.models import ChangeLine, ChangeSet, Procedure
from catalogue.models.changesets import LEAN
from catalogue.signals import catalogue_changed
from catalogue.translating.clearing import clear_wrong_figures
from catalogue.versioning import record_version

logger = logging.getLogger(__name__)


def apply_due(at: dt.datetime) -> str:
    """Bring every approved set whose day has come into the live rows, each in one transaction; say how many."""
    day = timezone.localdate(at)
    done = 0
    for pk in list(ChangeSet.objects.due(day).order_by("effective_on", "pk").values_list("pk", flat=True)):
        try:
            done += apply_set(pk, at=at, day=day)
        except Exception:
            # The next set's day has come as well; this one is tried again in a minute, and the log says why.
            logger.exception("The set of changes %s couldn't be brought into force.", pk)
    return f"{done} changes in force"


def apply_set(pk: int, *, at: dt.datetime, day: dt.date) -> int:
    """Bring the approved lines of a set into the live rows, all or none; return how many. Does nothing twice."""
    with transaction.atomic(), override(settings.LANGUAGE_CODE):
        change_set = ChangeSet.objects.select_for_update().get(pk=pk)
        if change_set.effective_on and change_set.effective_on > day:
            return 0
        lines = change_set.lines.filter(status=ChangeLine.Status.APPROVED).select_related("procedure", "decided_by")
        found = list(lines.only(*LEAN) if change_set.source == ChangeSet.Source.FILE else lines)
        apply_lines(change_set, found, at=at, day=day)
        settle(change_set, at)
    return len(found)


def settle(change_set: ChangeSet, at: dt.datetime) -> None:
    """Bring the status of a set to that of its lines."""
    statuses = set(change_set.lines.values_list("status", flat=True))
    if ChangeLine.Status.OPEN in statuses:
        return
    if ChangeLine.Status.APPROVED in statuses:
        change_set.status = ChangeSet.Status.APPROVED
    elif ChangeLine.Status.APPLIED in statuses:
        change_set.status, change_set.applied_at = ChangeSet.Status.APPLIED, at
    else:
        change_set.status = ChangeSet.Status.WITHDRAWN
    change_set.save(update_fields=["status", "applied_at"])


def apply_lines(change_set: ChangeSet, lines: Sequence[ChangeLine], *, at: dt.datetime, day: dt.date) -> None:
    """Write approved lines into the live rows, within the caller's transaction; readers see them when it commits."""
    if change_set.source == ChangeSet.Source.FILE:
        _apply_file(change_set, lines, at=at, day=day)
    else:
        # All rows at once and in one order: two sets that meet wait for each other, neither for ever.
        keys = [line.procedure_id for line in lines if line.procedure_id]
        list(Procedure.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        # New ones first: another line may name one of them as its successor.
        for line in sorted(lines, key=lambda line: (line.effect != Effect.NEW, line.pk)):
            _apply_line(change_set, line, at=at, day=day)
    tell_readers(lines)


def tell_readers(lines: Sequence[ChangeLine]) -> None:
    """Make what shows these procedures old once the caller's transaction commits: pages, files, the index."""
    codes = [line.code for line in lines]
    transaction.on_commit(lambda: catalogue_changed.send(sender=Procedure, codes=codes))


def _apply_file(change_set: ChangeSet, lines: Sequence[ChangeLine], *, at: dt.datetime, day: dt.date) -> None:
    from catalogue.changesets.files import write_lines

    reasons = write_lines(lines, at=at, day=day, effective_on=change_set.effective_on)
    # What was chosen between two changes is done with: the board has what couldn't be written.
    rows = change_set.lines.filter(pk__in=[line.pk for line in lines])
    rows.update(status=ChangeLine.Status.APPLIED, applied_at=at, clashes=[])
    for pk, reason in reasons.items():
        rows.filter(pk=pk).update(clashes=[{"path": [], "reason": reason, "where": "live"}])


def _apply_line(change_set: ChangeSet, line: ChangeLine, *, at: dt.datetime, day: dt.date) -> None:
    live = Procedure.objects.select_for_update().filter(pk=line.procedure_id).first() if line.procedure_id else None
    before, draft = content_of(live) if live else {}, _open_draft(live)
    # The decision itself is set below, whatever the row names by now.
    merged = merge(line.before, before, {**line.after, "decision": line.before.get("decision")})
    row = row_of(merged.content, over=live)
    row.decision, row.ground = change_set.decision, Procedure.Ground.NONE
    successor = Procedure.objects.filter(code=line.successor).first() if line.effect in ENDING else None
    row.replaced_by = successor or row.replaced_by
    if line.effect == Effect.NEW:
        # Any other row stays as it is: one that was taken down meanwhile doesn't come back by this.
        row.live, row.first_published_at = True, row.first_published_at or at
    row.has_unpublished_changes = draft is not None
    row.save()
    clear_wrong_figures(row, line.decided_by)
    stored = whole([row.pk]).get()
    record_revisions([stored], action="wagtail.publish", user=line.decided_by)
    day_of_effect = change_set.effective_on or day
    record_version(stored, decision=change_set.decision, effective_from=day_of_effect, at=at)
    clashes = [_told(clash, "live") for clash in merged.clashes]
    if line.effect in ENDING and line.successor and successor is None:
        # Its code was changed since the approval: the rest of the decision doesn't wait for that.
        clashes.append(_told(Clash(("replaced_by",), None, None, line.successor), "live"))
    if draft is not None and live is not None:
        clashes += _rebase(live, draft, before=before, after=content_of(stored))
    line.procedure, line.status, line.applied_at, line.clashes = row, ChangeLine.Status.APPLIED, at, clashes
    line.save(update_fields=["procedure", "status", "applied_at", "clashes"])


def _open_draft(live: Procedure | None) -> Any:
    """Return the newest revision where it is a person's draft over the published row."""
    if live is None or live.latest_revision_id is None or live.latest_revision_id == live.live_revision_id:
        return None
    return live.latest_revision if live.has_unpublished_changes and live.latest_revision.user_id else None


def _rebase(live: Procedure, draft: Any, *, before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Put an open draft over the new row, so that publishing it undoes nothing; return where the two meet.

    Everybody who wrote in it since the last publication writes it anew: they stay its writers, who can't approve it.
    """
    merged = merge(before, draft.content, after)
    since = live.revisions.filter(pk__gt=live.live_revision_id or 0).exclude(user=None).order_by("pk")
    writers = list(dict.fromkeys(revision.user for revision in since.select_related("user")))
    last = draft.user
    for user in [*(user for user in writers if user != last), last]:
        stored = Procedure.objects.get(pk=live.pk)
        stored.with_content_json(merged.content).save_revision(user=user, clean=False)
    return [_told(clash, "draft") for clash in merged.clashes]


def _told(clash: Clash, where: str) -> dict[str, Any]:
    return {"path": list(clash.path), "base": clash.base, "mine": clash.mine, "theirs": clash.theirs, "where": where}
