"""What a file's row does to the row that stands: sorted, then judged three ways. The loader and the import share it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop as _

from catalogue.loading.comparing import changed_parts, edited_parts, open_work
from catalogue.loading.history import batches, whole
from catalogue.loading.parts import Parts, digests, part_digest, parts_of
from catalogue.loading.rows import ParsedProcedure
from catalogue.loading.sentences import Sentence
from catalogue.models import Procedure

Present = Mapping[str, tuple[int, dict[str, Any] | None]]
"""Code → id and digests of the last import."""
Differing = dict[int, tuple[ParsedProcedure, list[str]]]
"""Id → the file's row and the names of the parts in which it differs from the last import."""


@dataclass
class Sorted:
    """A file's rows: new ones, those that differ from the last import, and how many don't."""

    created: list[ParsedProcedure] = field(default_factory=list)
    differing: Differing = field(default_factory=dict)
    unchanged: int = 0


@dataclass(frozen=True)
class Judgement:
    """How a file's row meets the row that stands."""

    procedure: Procedure
    row: ParsedProcedure
    mine: Parts
    names: list[str]
    """The parts in which the file differs from the last import."""
    agreed: list[str]
    """Those of them that the row says already."""
    met: list[str]
    """Those of them that an editor changed otherwise."""
    work: Sentence | None = None
    """Whose open work stands on the row."""

    @property
    def changing(self) -> list[str]:
        """Return the parts that would change, those that meet an editor's change included."""
        return [name for name in self.names if name not in self.agreed]

    @property
    def too_old(self) -> Sentence | None:
        """Return what is wrong with a row that was read before ours was."""
        theirs, ours = self.row.recorded_on, self.procedure.checked_on
        if not (theirs and ours and theirs < ours):
            return None
        text = _("the file's row is of %(theirs)s, ours of %(ours)s: load a newer file")
        return Sentence(text, theirs=str(theirs), ours=str(ours))


def present_rows(codes: Iterable[str] | None = None) -> Present:
    """Return the rows that stand, all or those of the codes (one query)."""
    rows = Procedure.objects.all() if codes is None else Procedure.objects.filter(code__in=list(codes))
    return {code: (pk, imported) for pk, code, imported in rows.values_list("pk", "code", "imported")}


def sort(rows: Iterable[ParsedProcedure], present: Present) -> Sorted:
    """Part new rows from those that differ from the last import; count the unchanged ones."""
    found = Sorted()
    for row in rows:
        if row.code not in present:
            found.created.append(row)
            continue
        pk, imported = present[row.code]
        names = changed_parts(imported or {}, digests(row.parts))
        # The index knows less than a detail row that was loaded before: it takes nothing away.
        knows_less = not row.parts["flags"]["has_details"] and "steps" in (imported or {}).get("digests", {})
        if names and not knows_less:
            found.differing[pk] = (row, names)
        else:
            found.unchanged += 1
    return found


def judge_all(differing: Differing, *, on: dt.date) -> Iterator[Judgement]:
    """Yield how each row meets the one that stands, in portions that fit memory."""
    for pks in batches(list(differing)):
        reasons = open_work(pks, on=on)
        for procedure in whole(pks):
            row, names = differing[procedure.pk]
            yield judge(procedure, row, names, work=reasons.get(procedure.pk))


def judge(
    procedure: Procedure, row: ParsedProcedure, names: Sequence[str], *, work: Sentence | None = None
) -> Judgement:
    """Return which of the named parts the row has already, and which an editor changed otherwise; no query if whole."""
    mine = parts_of(procedure)
    agreed = [name for name in names if part_digest(mine[name]) == part_digest(row.parts[name])]
    met = edited_parts(procedure.imported or {}, mine, [name for name in names if name not in agreed])
    return Judgement(procedure, row, mine, list(names), agreed, met, work)
