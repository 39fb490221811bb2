"""What a file's approved lines write: in bulk, judged anew against the rows as they are then."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from catalogue.changesets.clashes import unresolved
from catalogue.changesets.file_lines import row_of_line
from catalogue.changesets.holding import overtaken
from catalogue.changesets.standing import UNREAD, UNRESOLVED, Standing, standings, unread_reason
from catalogue.loading.comparing import open_work
from catalogue.loading.history import BATCH, record_revisions, record_versions, whole
from catalogue.loading.lookups import ensure_lookups
from catalogue.loading.parts import digests
from catalogue.loading.procedures import read_importance
from catalogue.loading.sentences import Sentence, in_language
from catalogue.loading.writing import create_procedures, update_procedures
from catalogue.models import AdministrativeUnit, CatalogueImport, ChangeLine, ChangeSet, Procedure
from catalogue.versioning import legal_content

logger = logging.getLogger(__name__)
_REFUSED = (IntegrityError, DataError)
"""What is wrong with a row; a deadlock or a lost connection isn't, and is tried again as a whole."""


@dataclass
class _Written:
    """What a portion of lines brings into the rows."""

    created: list[tuple[ChangeLine, Procedure]] = field(default_factory=list)
    changed: list[Standing] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> dict[int, Procedure]:
        """Return the rows that were written, by the id of their line."""
        pairs = [*self.created, *((found.line, found.procedure) for found in self.changed)]
        return {line.pk: procedure for line, procedure in pairs if procedure is not None}


def refusal(line: ChangeLine) -> str:
    """Return why a file's line can't be approved now, and what to do; empty where it can. For many: `refusals`."""
    return refusals([line]).get(line.pk, "")


def refusals(lines: Sequence[ChangeLine], *, on: dt.date | None = None) -> dict[int, str]:
    """Return by their ids why lines of one set can't be approved now, in the active language.

    Five queries, whatever their number, and fifteen a portion of lines whose rows were written since: only those
    rows are read. A line that is decided waits for its day: nothing is asked of it any more.
    """
    undecided = [line for line in lines if line.status == ChangeLine.Status.OPEN]
    if not undecided:
        return {}
    if unread := unread_reason(undecided[0]):
        return dict.fromkeys((line.pk for line in undecided), in_language(unread))
    day = on or timezone.localdate()
    work = open_work([line.procedure_id for line in undecided if line.procedure_id], on=day)
    found = {line.pk: Sentence(UNRESOLVED) for line in undecided if line.after["open"]}
    found |= {line.pk: work[line.procedure_id] for line in undecided if line.procedure_id in work}
    asked = {line.pk for line in undecided} - found.keys()
    later = overtaken(undecided[0].change_set).values_list("pk", flat=True)
    suspects = [pk for pk in later if pk in asked]
    for portion in _portions(suspects):
        stands = standings(portion, on=day)
        found |= {standing.line.pk: standing.reason for standing in stands if standing.reason}
    return {pk: in_language(reason) for pk, reason in found.items()}


def unfinished_lines(change_set: ChangeSet) -> list[str]:
    """Return what a file's set lacks before it can be sent for approval, as sentences; empty where it is whole.

    Open work on a row holds its own line only: that is asked for at the approval.
    """
    state = CatalogueImport.objects.filter(change_set=change_set).values_list("state", flat=True).first()
    if state not in (None, CatalogueImport.State.READY):
        return [in_language(Sentence(UNREAD))]
    found = unresolved(change_set).values_list("code", flat=True)
    return [f"{code}: {in_language(Sentence(UNRESOLVED))}" for code in found]


def write_lines(
    lines: Sequence[ChangeLine], *, at: dt.datetime, day: dt.date, effective_on: dt.date | None
) -> dict[int, str]:
    """Write approved lines into the live rows, in the caller's transaction; return by their ids why some couldn't be.

    The lines' contents are read here, a portion at a time. Each is judged against the row as it is now, locked: what
    somebody changed since is never written over. A row that breaks a rule of the database is left, alone. New
    procedures are public from the commit on; versions are in force from `effective_on`, else from the day.
    """
    starts = effective_on or day
    reasons: dict[int, str] = {}
    with override(settings.LANGUAGE_CODE):
        for portion in _portions([line.pk for line in lines]):
            written = _write(portion, day=day)
            reasons |= written.reasons
            _record(written, at=at, starts=starts)
    return reasons


def legal_contents(lines: Sequence[ChangeLine]) -> dict[int, dict[str, Any]]:
    """Return the legal content that lines of rows that stand will give, by the lines' ids; nothing stays written.

    Each portion is written within a savepoint and rolled back: its locks go with it.
    """
    contents: dict[int, dict[str, Any]] = {}
    pks = [line.pk for line in lines if line.procedure_id]
    with override(settings.LANGUAGE_CODE):
        for portion in _portions(pks):
            with transaction.atomic():
                # On its day it is judged anew; today's open work doesn't change what it will say.
                written = _write(portion, day=None)
                rows = {row.pk: row for row in whole([row.pk for row in written.rows.values()])}
                for pk, row in written.rows.items():
                    contents[pk] = legal_content(rows[row.pk])
                transaction.set_rollback(True)
    return contents


def _portions(pks: Sequence[int]) -> Iterator[list[ChangeLine]]:
    """Yield lines with their contents, so many as fit memory."""
    for start in range(0, len(pks), BATCH):
        rows = ChangeLine.objects.filter(pk__in=pks[start : start + BATCH]).order_by("pk")
        yield list(rows.select_related("decided_by"))


def _write(lines: list[ChangeLine], *, day: dt.date | None) -> _Written:
    """Write a portion; where the database refuses it, each line by itself, so that one bad row spoils no other."""
    # An editor who publishes meanwhile waits: what is compared here is what is written over.
    codes = [line.code for line in lines]
    list(Procedure.objects.select_for_update().filter(code__in=codes).order_by("pk").values_list("pk"))
    try:
        with transaction.atomic():
            return _write_all(lines, day)
    except _REFUSED:
        logger.info("A portion of %s lines is written line by line: the database refuses one of them.", len(lines))
    whole_portion = _Written()
    for line in lines:
        try:
            with transaction.atomic():
                alone = _write_all([line], day)
        except _REFUSED as error:
            why = str(error).partition("\n")[0]
            text = Sentence(_("the database refuses the row (%(why)s): have it mended in the file"), why=why)
            whole_portion.reasons[line.pk] = in_language(text)
            continue
        whole_portion.created += alone.created
        whole_portion.changed += alone.changed
        whole_portion.reasons |= alone.reasons
    return whole_portion


def _write_all(lines: list[ChangeLine], day: dt.date | None) -> _Written:
    written = _Written()
    new: list[ChangeLine] = []
    for found in standings(lines, on=day or dt.date.max):
        if found.reason and (day is not None or found.procedure is None):
            written.reasons[found.line.pk] = in_language(found.reason)
        elif found.procedure is None:
            new.append(found.line)
        else:
            _adopt(found)
            written.changed.append(found)
    _create(new, written)
    _update(written)
    return written


def _adopt(found: Standing) -> None:
    """Note in the row what the file said, also where our part stays: the next import asks about it no more."""
    assert found.procedure is not None
    imported = found.procedure.imported or {}
    known = {**imported.get("digests", {}), **found.line.after["agreed"], **digests(found.line.parts)}
    found.procedure.imported = {**imported, "digests": known}


def _create(lines: list[ChangeLine], written: _Written) -> None:
    if not lines:
        return
    rows = [row_of_line(line) for line in lines]
    units = AdministrativeUnit.objects.on(timezone.localdate()).filter(level="province")
    home = units.get(code=settings.PROVINCE_CODE)
    made = create_procedures(rows, ensure_lookups(rows), province=home, importance=read_importance())
    for line, procedure in zip(lines, made, strict=True):
        line.procedure = procedure
    ChangeLine.objects.bulk_update(lines, ["procedure"], batch_size=200)
    written.created = list(zip(lines, made, strict=True))


def _update(written: _Written) -> None:
    changes = [
        (found.procedure, row_of_line(found.line), found.writing)
        for found in written.changed
        if found.procedure is not None and found.writing
    ]
    if changes:
        update_procedures(changes, ensure_lookups([row for _procedure, row, _names in changes]))
    kept = [found.procedure for found in written.changed if found.procedure is not None and not found.writing]
    Procedure.objects.bulk_update(kept, ["imported"], batch_size=100)
    same = [found for found in written.changed if found.line.procedure_id is None]
    for found in same:
        # Somebody else brought the same procedure, word for word.
        found.line.procedure = found.procedure
    ChangeLine.objects.bulk_update([found.line for found in same], ["procedure"], batch_size=200)


def _record(written: _Written, *, at: dt.datetime, starts: dt.date) -> None:
    """Write revisions, log and versions of what was written; `starts` is the day from which it is in force."""
    acts = [("wagtail.create", line, procedure, [*line.parts]) for line, procedure in written.created]
    for found in written.changed:
        if found.writing and found.procedure is not None:
            acts.append(("wagtail.edit", found.line, found.procedure, found.writing))
    changed = {procedure.pk: names for _action, _line, procedure, names in acts}
    users = {line.decided_by_id: line.decided_by for _action, line, _procedure, _names in acts}
    groups: dict[tuple[str, int | None], list[int]] = {}
    for action, line, procedure, _names in acts:
        groups.setdefault((action, line.decided_by_id), []).append(procedure.pk)
    for (action, decider), pks in groups.items():
        rows = list(whole(pks))
        record_revisions(rows, action=action, changed=changed, user=users[decider])
        record_versions(rows, at=at, starts=starts)
