"""Who opens the editors' own screens, and whose rows each shows: one row an address, by its name.

The screens of the kinds of rows follow from `owners.py` instead. Read by the door of every screen
(`catalogue/cms/doors.py`), by the menu, by tests and by `docs/access.md`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalogue.editing.reach import editing_reach


class May(StrEnum):
    """Which postings open a screen, whatever it then shows."""

    EDIT = "editors and approvers of the catalogue"
    EDIT_PROVINCE = "editors and approvers posted at the province's top agency"


@dataclass(frozen=True)
class Screen:
    """Whom a screen lets in and what it shows; `is_told`: the others read that they may not, else it isn't there."""

    may: May
    scope: str
    is_told: bool = False

    def opens(self, user: Any, day: dt.date) -> bool:
        """Return whether a person's postings of the day open it (two queries, once)."""
        reach = editing_reach(user, day)
        return reach.is_whole if self.may is May.EDIT_PROVINCE else bool(reach)


PROPOSALS = "proposals about rows that one may edit"
SETS = "sets of changes all of whose procedures one may edit"
ROWS = "rows that one may edit"
FILE = "rows of the whole province"
SCREENS: dict[str, Screen] = {
    "catalogue_changes:changes": Screen(May.EDIT, PROPOSALS, is_told=True),
    "catalogue_changes:change": Screen(May.EDIT, PROPOSALS),
    "catalogue_changes:act": Screen(May.EDIT, f"{PROPOSALS}; decided by an approver there who wrote none of it"),
    "catalogue_close_centre": Screen(May.EDIT, "centres that one may edit", is_told=True),
    "catalogue_sets:decisions": Screen(May.EDIT, SETS, is_told=True),
    "catalogue_sets:new": Screen(May.EDIT, "one's own agency's", is_told=True),
    "catalogue_sets:clashes": Screen(May.EDIT, f"{SETS}, and lines of procedures that one may edit", is_told=True),
    "catalogue_sets:settle": Screen(May.EDIT, f"{SETS}, and lines of procedures that one may edit"),
    "catalogue_sets:set": Screen(May.EDIT, SETS),
    "catalogue_sets:head": Screen(May.EDIT, SETS),
    "catalogue_sets:add": Screen(May.EDIT, SETS),
    "catalogue_sets:add_procedure": Screen(May.EDIT, SETS),
    "catalogue_sets:edit": Screen(May.EDIT, SETS),
    "catalogue_sets:remove": Screen(May.EDIT, SETS),
    "catalogue_sets:preview": Screen(May.EDIT, SETS),
    "catalogue_sets:act": Screen(May.EDIT, f"{SETS}; approved by an approver there who wrote none of it"),
    "catalogue_translating:overview": Screen(May.EDIT, ROWS, is_told=True),
    "catalogue_translating:waiting": Screen(May.EDIT, ROWS, is_told=True),
    "catalogue_translating:work": Screen(May.EDIT, ROWS, is_told=True),
    "catalogue_translating:export": Screen(May.EDIT, ROWS, is_told=True),
    "catalogue_translating:import": Screen(May.EDIT, ROWS, is_told=True),
    "catalogue_translating:texts": Screen(May.EDIT, ROWS),
    "catalogue_translating:row": Screen(May.EDIT, ROWS),
    "catalogue_translating:export_row": Screen(May.EDIT, ROWS),
    "catalogue_translating:decide": Screen(May.EDIT, f"{ROWS}; approved by an approver there who wrote none of it"),
    "catalogue_imports:imports": Screen(May.EDIT_PROVINCE, FILE),
    "catalogue_imports:add": Screen(May.EDIT_PROVINCE, FILE),
    "catalogue_imports:import": Screen(May.EDIT_PROVINCE, FILE),
    "catalogue_imports:state": Screen(May.EDIT_PROVINCE, FILE),
    "catalogue_imports:again": Screen(May.EDIT_PROVINCE, FILE),
    "catalogue_imports:compare": Screen(May.EDIT_PROVINCE, FILE),
    "catalogue_imports:clashes": Screen(May.EDIT_PROVINCE, FILE),
    "catalogue_imports:clash": Screen(May.EDIT_PROVINCE, FILE),
}
