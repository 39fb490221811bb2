"""Where an editor's change and a file's meet: the choices, one by one, and comparing a line anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalogue.changesets.file_lines import MINE, THEIRS, compare, count, row_of_line
from catalogue.loading.comparing import changed_parts
from catalogue.loading.history import BATCH, whole
from catalogue.loading.judging import judge
from catalogue.loading.parts import digests
from catalogue.models import ChangeLine, ChangeSet, Procedure
from catalogue.versioning import digest


class ChoiceError(Exception):
    """A choice can't be kept; the message says to the editor what to do."""


@dataclass(frozen=True)
class Progress:
    """How many of a set's clashes are decided."""

    decided: int
    total: int


@dataclass
class Compared:
    """What comparing lines anew came to."""

    compared: int = 0
    same: int = 0
    """Lines that have nothing left to change, or would bring an older state back, and went."""


def clashing(change_set: ChangeSet) -> QuerySet[ChangeLine]:
    """Return the undecided lines in which something meets an editor's change."""
    return change_set.lines.filter(status=ChangeLine.Status.OPEN, after__clashes__gt=0).order_by("pk")


def unresolved(change_set: ChangeSet) -> QuerySet[ChangeLine]:
    """Return the undecided lines that wait for a choice."""
    return change_set.lines.filter(status=ChangeLine.Status.OPEN, after__open__gt=0).order_by("pk")


def progress(change_set: ChangeSet) -> Progress:
    """Return how far the choosing is (one query)."""
    numbers = list(clashing(change_set).values_list("after__clashes", "after__open"))
    total = sum(clashes for clashes, _left in numbers)
    return Progress(total - sum(left for _clashes, left in numbers), total)


def stamp_of(clash: dict[str, Any]) -> str:
    """Return what tells both sides of a clash from other ones."""
    return digest([clash["mine"], clash["theirs"]])[:16]


def choose(pk: int, name: str, choice: str, *, by: Any, at: dt.datetime, stamp: str) -> ChangeLine:
    """Keep what somebody chose for a part of a line; they are one of its writers from then on.

    Raises ChoiceError where the line is decided, or either side isn't any more what was seen (`stamp_of`).
    """
    if choice not in (MINE, THEIRS):
        raise ChoiceError(_("Choose one of the two texts."))
    with transaction.atomic():
        line = _writable(pk)
        clash = next((clash for clash in line.clashes if clash["path"] == [name]), None)
        if clash is None or stamp_of(clash) != stamp:
            raise ChoiceError(_("The row was compared anew meanwhile: look at both texts again."))
        clash["choice"] = choice
        count(line)
        line.written_at = at
        line.save(update_fields=["clashes", "after", "written_at"])
        line.writers.add(by)
    return line


def compare_again(pks: Iterable[int], at: dt.datetime) -> Compared:
    """Compare undecided lines with the rows as they are now; one with nothing left to change goes."""
    done, wanted = Compared(), list(pks)
    for start in range(0, len(wanted), BATCH):
        with transaction.atomic():
            _compare_portion(wanted[start : start + BATCH], done, at)
    return done


def _compare_portion(pks: list[int], done: Compared, at: dt.datetime) -> None:
    lines = list(
        ChangeLine.objects.select_for_update(of=("self",))
        .filter(pk__in=pks, status=ChangeLine.Status.OPEN, change_set__status__in=ChangeSet.WRITABLE)
        .order_by("pk")
    )
    keys = Procedure.objects.filter(code__in=[line.code for line in lines]).values_list("pk", flat=True)
    rows = {procedure.code: procedure for procedure in whole(list(keys))}
    changed: list[ChangeLine] = []
    same: list[ChangeLine] = []
    for line in lines:
        procedure = rows.get(line.code)
        if procedure is None:
            continue
        row = row_of_line(line)
        names = changed_parts(procedure.imported or {}, digests(row.parts))
        found = judge(procedure, row, names)
        compare(line, found)
        line.written_at = at
        (changed if line.parts and not found.too_old else same).append(line)
    ChangeLine.objects.filter(pk__in=[line.pk for line in same]).delete()
    columns = ["effect", "procedure", "parts", "before", "counts", "clashes", "after", "written_at"]
    ChangeLine.objects.bulk_update(changed, columns, batch_size=20)
    done.compared += len(changed)
    done.same += len(same)


def _writable(pk: int) -> ChangeLine:
    line = ChangeLine.objects.select_for_update(of=("self",)).select_related("change_set").get(pk=pk)
    if line.status != ChangeLine.Status.OPEN or line.change_set.status not in ChangeSet.WRITABLE:
        raise ChoiceError(_("The line was decided or withdrawn meanwhile, so nothing can be chosen in it."))
    return line
