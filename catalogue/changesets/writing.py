"""Writing a set of changes: its head, its lines, and sending it on for approval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalogue.changesets.impact import ENDING, counts_of
from catalogue.changesets.merging import is_same_law, merge
from catalogue.editing.proposals import content_of
from catalogue.models import ChangeLine, ChangeSet, DecisionItem, Procedure

Effect, Status = DecisionItem.Effect, ChangeSet.Status


class ChangeSetError(Exception):
    """An act on a set can't be done; the message says to the editor what to do."""


class StaleSetError(ChangeSetError):
    """Somebody changed or decided it meanwhile."""


@transaction.atomic
def make_set(head: Mapping[str, Any], *, by: Any, at: dt.datetime) -> ChangeSet:
    """Begin a set for a decision; `head` has the columns of its form."""
    change_set = ChangeSet(**head, source=ChangeSet.Source.DECISION, written_at=at)
    change_set.save()
    change_set.writers.add(by)
    return change_set


@transaction.atomic
def change_head(pk: int, head: Mapping[str, Any], *, by: Any, at: dt.datetime, seen: str) -> ChangeSet:
    """Change number, issuer, dates or subject; raises StaleSetError where somebody was faster."""
    change_set = writable(pk, seen=seen)
    for name, value in head.items():
        setattr(change_set, name, value)
    change_set.written_at = at
    change_set.save(update_fields=[*head, "written_at"])
    change_set.writers.add(by)
    return change_set


@transaction.atomic
def add_lines(
    pk: int, procedures: Sequence[Procedure], effect: str, *, by: Any, at: dt.datetime, successor: str = ""
) -> list[ChangeLine]:
    """Add a line a procedure that has none in the set yet, and return them; what abolishes is whole with that."""
    change_set = writable(pk)
    taken = set(change_set.lines.values_list("code", flat=True))
    lines = []
    for procedure in procedures:
        if procedure.code in taken:
            continue
        before = content_of(procedure)
        after = _ended(before, effect) if effect in ENDING else {}
        line = ChangeLine.objects.create(
            change_set=change_set,
            procedure=procedure,
            code=procedure.code,
            label=(procedure.name_vi or "")[:300],
            effect=effect,
            successor=successor,
            before=before,
            after=after,
            counts=counts_of(effect, before, after),
            written_at=at,
        )
        line.writers.add(by)
        lines.append(line)
    return lines


@transaction.atomic
def add_new(pk: int, row: Procedure, *, by: Any, at: dt.datetime) -> ChangeLine:
    """Add a line for a procedure that the decision brings; raises ChangeSetError where its code is taken."""
    change_set, after = writable(pk), content_of(row)
    if Procedure.objects.filter(code=row.code).exists() or change_set.lines.filter(code=row.code).exists():
        raise ChangeSetError(_("There is a procedure with the code %(code)s already.") % {"code": row.code})
    line = ChangeLine.objects.create(
        change_set=change_set,
        code=row.code,
        label=(row.name_vi or "")[:300],  # type: ignore[attr-defined]
        effect=Effect.NEW,
        after=after,
        counts=counts_of(Effect.NEW, {}, after),
        written_at=at,
    )
    line.writers.add(by)
    return line


@transaction.atomic
def write_line(pk: int, row: Procedure, *, by: Any, at: dt.datetime, seen: str) -> ChangeLine:
    """Keep what a line's form says; raises StaleSetError where somebody saved it after the form was opened."""
    line = _locked(pk)
    if line.status != ChangeLine.Status.OPEN or seen != line_stamp(line):
        raise StaleSetError(_("Somebody saved this line after you opened it: look at it, then save again."))
    line.before = content_of(line.procedure) if line.procedure else {}
    line.after, line.label, line.written_at = content_of(row), (row.name_vi or "")[:300], at  # type: ignore[attr-defined]
    line.counts = counts_of(line.effect, line.before, line.after)
    if line.effect == Effect.NEW:
        line.code = row.code
    line.save(update_fields=["before", "after", "counts", "label", "code", "written_at"])
    line.writers.add(by)
    return line


def shown_row(line: ChangeLine) -> Procedure:
    """Return the procedure as a line would have it, unsaved: what its form and its preview show.

    What was published since the line was written stands in it, but where the line says something else.
    """
    if line.procedure is None:
        return row_of(line.after)
    mine = content_of(line.procedure)
    content = merge(line.before, mine, line.after).content if line.after else mine
    if line.after:
        content = _prefer(line, content)
    return row_of(content, over=line.procedure)


def row_of(content: dict[str, Any], *, over: Procedure | None = None) -> Procedure:
    """Return an unsaved procedure with a content; `over` keeps what belongs to a stored row."""
    with override(settings.LANGUAGE_CODE):
        if over is not None:
            found: Procedure = over.with_content_json(content)
            return found
        row: Procedure = Procedure.from_serializable_data({**content, "pk": None}, check_fks=True, strict_fks=True)
        return row


@transaction.atomic
def remove_line(pk: int) -> None:
    """Take a line out of a set that isn't decided."""
    line = _locked(pk)
    if line.status != ChangeLine.Status.OPEN:
        raise StaleSetError(_("The line was decided meanwhile: look at the set again."))
    line.delete()


@transaction.atomic
def submit(pk: int, *, by: Any, at: dt.datetime) -> ChangeSet:
    """Send a set on for approval; raises ChangeSetError where a line is unfinished, and names it."""
    change_set = writable(pk)
    lines = change_set.lines.filter(status=ChangeLine.Status.OPEN).select_related("procedure")
    if not lines.exists():
        raise ChangeSetError(_("Add what the decision changes first."))
    if change_set.source == ChangeSet.Source.FILE:
        from catalogue.changesets.files import unfinished_lines

        unfinished = unfinished_lines(change_set)
    else:
        named = ((line.code, unfinished_why(line)) for line in lines.iterator(chunk_size=100))
        unfinished = [f"{code}: {why}" for code, why in named if why]
    if unfinished:
        shown = "; ".join(unfinished[:5]) + ("…" if len(unfinished) > 5 else "")
        raise ChangeSetError(_("Not sent yet. %(why)s") % {"why": shown})
    change_set.status, change_set.submitted_at = Status.SUBMITTED, at
    change_set.save(update_fields=["status", "submitted_at"])
    change_set.writers.add(by)
    return change_set


@transaction.atomic
def withdraw(pk: int, *, by: Any) -> ChangeSet:
    """Take back a set of which nothing is approved yet, as one who wrote it."""
    change_set = writable(pk)
    if not change_set.writers.filter(pk=by.pk).exists():
        raise ChangeSetError(_("Only who wrote it can withdraw it."))
    if change_set.lines.exclude(status__in=(ChangeLine.Status.OPEN, ChangeLine.Status.LEFT_OUT)).exists():
        raise ChangeSetError(_("A part of it is approved already: leave the other lines out instead."))
    change_set.status = Status.WITHDRAWN
    change_set.save(update_fields=["status"])
    return change_set


def unfinished_whys(lines: Sequence[ChangeLine]) -> dict[int, str]:
    """Return by their ids what lines of one set lack before they can be approved; a file's are asked all at once."""
    if lines and lines[0].change_set.source == ChangeSet.Source.FILE:
        from catalogue.changesets.files import refusals

        return refusals(lines)
    return {line.pk: why for line in lines if (why := unfinished_why(line))}


def unfinished_why(line: ChangeLine) -> str:
    """Return what a line lacks before it can be approved; empty where it is whole."""
    if line.change_set.source == ChangeSet.Source.FILE:
        from catalogue.changesets.files import refusal

        return refusal(line)
    if not line.after:
        return _("nobody wrote yet what changes")
    if line.effect == Effect.AMENDED and is_same_law(line.before, line.after):
        return _("nothing in it changes")
    return ""


def writable(pk: int, *, seen: str = "") -> ChangeSet:
    """Return a set locked for writing; raises StaleSetError once it is decided, or isn't what a form showed."""
    change_set = ChangeSet.objects.select_for_update().get(pk=pk)
    if change_set.status not in ChangeSet.WRITABLE:
        raise StaleSetError(_("It was decided or withdrawn meanwhile, so nothing can be changed in it."))
    if seen and seen != change_set.written_at.isoformat():
        raise StaleSetError(_("Somebody changed it after you opened it: look at it, then save again."))
    return change_set


def _locked(pk: int) -> ChangeLine:
    """Return a line locked for writing, its set first as approving does: two who meet wait, neither for ever."""
    writable(ChangeLine.objects.values_list("change_set", flat=True).get(pk=pk))
    return ChangeLine.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=pk)


def line_stamp(line: ChangeLine) -> str:
    """Return what tells one state of a line from the next."""
    return f"{line.pk}/{line.written_at.isoformat()}"


def _ended(before: dict[str, Any], effect: str) -> dict[str, Any]:
    return {**before, "status": Procedure.Status.ABOLISHED}


def _prefer(line: ChangeLine, content: dict[str, Any]) -> dict[str, Any]:
    """Return the merged content with the line's own word where both sides wrote one."""
    clashing = {clash.path[0] for clash in merge(line.before, content_of(line.procedure), line.after).clashes}  # type: ignore[arg-type]
    return content | {name: line.after[name] for name in clashing}
