"""What one line changes, as words for the eye: of a decision's line its columns, of a file's its parts."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalogue.cms.differences import NOTHING, Difference, compare
from catalogue.cms.part_texts import part_text
from catalogue.legal import part_name
from catalogue.models import ChangeLine, DecisionItem, Procedure


def line_differences(line: ChangeLine) -> list[Difference]:
    """Return what differs (a query a reference); the decision itself stands in the head of the set."""
    if line.parts:
        return [_part(name, line.before.get(name), part) for name, part in line.parts.items()]
    if line.effect in (DecisionItem.Effect.REPLACED, DecisionItem.Effect.ABOLISHED):
        return [_ending(line)]
    found = compare(Procedure, line.before, {**line.after, "decision": line.before.get("decision")})
    return list(found) if line.after else []


def _ending(line: ChangeLine) -> Difference:
    abolished = str(Procedure.Status.ABOLISHED.label)
    after = _("%(status)s, replaced by %(code)s") % {"status": abolished, "code": line.successor}
    present = str(Procedure.Status(line.before.get("status") or Procedure.Status.IN_FORCE).label)
    return Difference(capfirst(str(_("status"))), present, after if line.successor else abolished)


def _part(name: str, before: Any, after: Any) -> Difference:
    return Difference(capfirst(part_name(name)), part_text(name, before) or NOTHING, part_text(name, after) or NOTHING)
