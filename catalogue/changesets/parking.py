"""Approved changes that wait for their day: versions of the future beside live rows that nobody touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from catalogue.changesets.applying import tell_readers
from catalogue.changesets.writing import Effect, row_of
from catalogue.editing.proposals import content_of
from catalogue.loading.history import BATCH
from catalogue.models import ChangeLine, ChangeSet, Procedure
from catalogue.models.changesets import LEAN
from catalogue.versioning import keep_version, legal_content


def park_lines(change_set: ChangeSet, lines: Sequence[ChangeLine], *, at: dt.datetime) -> None:
    """Record the version that each approved line brings on the set's day. The live rows stay as they are."""
    if change_set.source == ChangeSet.Source.FILE:
        _park_file(change_set, lines, at=at)
        return
    for line in lines:
        row = coming_row(change_set, line)
        _keep(change_set, line, row, legal_content(row), at=at)


def park_waiting(at: dt.datetime) -> str:
    """Record the versions of a file's approved lines whose approval had no time for them; say how many.

    The clock's part: a portion a transaction, and nothing twice.
    """
    day, done = timezone.localdate(at), 0
    while pk := _waiting(day).order_by("change_set").values_list("change_set", flat=True).first():
        with transaction.atomic(), override(settings.LANGUAGE_CODE):
            change_set = ChangeSet.objects.select_for_update().get(pk=pk)
            waiting = _waiting(day).filter(change_set=change_set).order_by("pk").only(*LEAN)
            lines = list(waiting.select_related("procedure")[:BATCH])
            park_lines(change_set, lines, at=at)
            tell_readers(lines)
        done += len(lines)
    return f"{done} versions to come"


def _waiting(day: dt.date) -> QuerySet[ChangeLine]:
    return ChangeLine.objects.filter(
        status=ChangeLine.Status.APPROVED,
        procedure__isnull=False,
        after__parked__isnull=True,
        change_set__source=ChangeSet.Source.FILE,
        change_set__effective_on__gt=day,
    )


def coming_row(change_set: ChangeSet, line: ChangeLine) -> Procedure:
    """Return the procedure as the line will have it; a new one is made now, as a draft that no reader sees."""
    row = row_of(line.after, over=line.procedure)
    row.decision = change_set.decision
    if line.effect == Effect.NEW and line.procedure is None:
        row.live, row.has_unpublished_changes = False, True
        row.save()
        # From now on it can be edited as a draft: the day compares with what stands here.
        line.procedure, line.before = row, content_of(row)
        line.after = line.before
        line.save(update_fields=["procedure", "before", "after"])
    return row


def _park_file(change_set: ChangeSet, lines: Sequence[ChangeLine], *, at: dt.datetime) -> None:
    from catalogue.changesets.files import legal_contents

    # A portion at a time: thousands of contents at once wouldn't fit memory.
    for start in range(0, len(lines), BATCH):
        portion = lines[start : start + BATCH]
        contents = legal_contents(portion)
        for line in portion:
            if line.procedure is not None and line.pk in contents:
                _keep(change_set, line, line.procedure, contents[line.pk], at=at)
            line.after = {**line.after, "parked": True}
        ChangeLine.objects.bulk_update(portion, ["after"], batch_size=100)


def _keep(
    change_set: ChangeSet, line: ChangeLine, row: Procedure, content: dict[str, object], *, at: dt.datetime
) -> None:
    assert change_set.effective_on is not None
    line.version = keep_version(
        row, content, decision=change_set.decision, effective_from=change_set.effective_on, at=at
    )
    line.save(update_fields=["version"])
