"""How a file's lines stand against the rows as they are now: what each would write, and why one can't be approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from catalogue.changesets.file_lines import is_kept
from catalogue.loading.comparing import open_work
from catalogue.loading.history import whole
from catalogue.loading.parts import part_digest, parts_of
from catalogue.loading.sentences import Sentence
from catalogue.models import CatalogueImport, ChangeLine, Procedure

UNREAD = _("the file isn't read to its end: wait for it, or begin it again on its page")
UNRESOLVED = _("an editor's change and the file's meet: choose «ours» or «the file's» for each")
STALE = _("the row was changed after the file was compared with it: compare it again")


@dataclass
class Standing:
    """A line, the row as it is now, and the names of the parts that the line would write into it."""

    line: ChangeLine
    procedure: Procedure | None = None
    writing: list[str] = field(default_factory=list)
    reason: Sentence | None = None
    """Why it can't be written now, and what to do."""
    is_stale: bool = False
    """Comparing it again helps."""


def standings(lines: Sequence[ChangeLine], *, on: dt.date) -> list[Standing]:
    """Return how lines stand on a day, in their order; some fifteen queries, whatever their number.

    Pass a portion of lines: the rows are read whole, with their children.
    """
    codes = [line.code for line in lines]
    pks = dict(Procedure.objects.filter(code__in=codes).values_list("code", "pk"))
    rows = {procedure.code: procedure for procedure in whole(list(pks.values()))}
    work = open_work(list(pks.values()), on=on)
    return [_stand(line, rows.get(line.code), work) for line in lines]


def _stand(line: ChangeLine, procedure: Procedure | None, work: dict[int, Sentence]) -> Standing:
    found = Standing(line, procedure)
    if procedure is None and line.procedure_id is None:
        found.writing = list(line.parts)
        return found
    if procedure is None:
        found.reason = Sentence(_("the procedure's code was changed: leave the line out"))
        return found
    mine = parts_of(procedure)
    for name, theirs in line.parts.items():
        ours = part_digest(mine[name])
        if ours == part_digest(theirs) or is_kept(line, name):
            continue
        found.writing.append(name)
        found.is_stale |= line.procedure_id is None or ours != part_digest(line.before.get(name))
    if line.after["open"]:
        found.reason = Sentence(UNRESOLVED)
    elif found.writing and procedure.pk in work:
        found.reason = work[procedure.pk]
    elif found.is_stale:
        found.reason = Sentence(STALE)
    return found


def unread_reason(line: ChangeLine) -> Sentence | None:
    """Return why nothing of the set can be approved yet (one query, none where the set was read with its import)."""
    found = line.change_set._state.fields_cache.get("file_import")
    rows = CatalogueImport.objects.filter(change_set=line.change_set_id)
    state = found.state if found else rows.values_list("state", flat=True).first()
    return None if state in (None, CatalogueImport.State.READY) else Sentence(UNREAD)
