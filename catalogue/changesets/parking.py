"""Approved changes that wait for their day: versions of the future beside live rows that nobody touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from catalogue.changesets.writing import Effect, row_of
from catalogue.editing.proposals import content_of
from catalogue.models import ChangeLine, ChangeSet, Procedure
from catalogue.versioning import keep_version, legal_content


def park_lines(change_set: ChangeSet, lines: Sequence[ChangeLine], *, at: dt.datetime) -> None:
    """Record the version that each approved line brings on the set's day. The live rows stay as they are."""
    if change_set.source == ChangeSet.Source.FILE:
        _park_file(change_set, lines, at=at)
        return
    for line in lines:
        row = coming_row(change_set, line)
        _keep(change_set, line, row, legal_content(row), at=at)


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

    contents = legal_contents(lines)
    for line in lines:
        if line.procedure is not None and line.pk in contents:
            _keep(change_set, line, line.procedure, contents[line.pk], at=at)


def _keep(
    change_set: ChangeSet, line: ChangeLine, row: Procedure, content: dict[str, object], *, at: dt.datetime
) -> None:
    assert change_set.effective_on is not None
    line.version = keep_version(
        row, content, decision=change_set.decision, effective_from=change_set.effective_on, at=at
    )
    line.save(update_fields=["version"])
