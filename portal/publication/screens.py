"""Who opens the screens of the publication board, and whose rows each shows: one row an address, by its name."""

from __future__ import annotations

from catalogue.editing.screens import PROPOSALS, ROWS, May, Screen

DECIDED = "decided by an approver there who wrote none of it"
BATCHES = "batches all of whose proposals are about rows that one may edit"
SCREENS: dict[str, Screen] = {
    "publication:board": Screen(May.EDIT, ROWS),
    "publication:grouped": Screen(May.EDIT, ROWS),
    "publication:rows": Screen(May.EDIT, ROWS),
    "publication:decisions": Screen(May.EDIT_PROVINCE, ROWS),
    "publication:doubts": Screen(May.EDIT, ROWS),
    "publication:look": Screen(May.EDIT, ROWS),
    "publication:papers": Screen(May.EDIT, ROWS),
    "publication:mark": Screen(May.EDIT, ROWS),
    "publication:papers_waiting": Screen(May.EDIT, PROPOSALS),
    "publication:decide": Screen(May.EDIT, f"{PROPOSALS}; {DECIDED}"),
    "publication:centralised": Screen(May.EDIT, ROWS),
    "publication:centralised_list": Screen(May.EDIT, ROWS),
    "publication:routes": Screen(May.EDIT_PROVINCE, ROWS),
    "publication:batches": Screen(May.EDIT, BATCHES),
    "publication:batch": Screen(May.EDIT, BATCHES),
    "publication:decide_batch": Screen(May.EDIT, f"{BATCHES}; {DECIDED}"),
    "publication:receiving": Screen(May.EDIT, "centres that one may edit"),
    "publication:receiving_centre": Screen(May.EDIT, "centres that one may edit"),
    "publication:exception": Screen(May.EDIT, "centres that one may edit"),
    "publication:receiving_procedure": Screen(May.EDIT, "centres that one may edit"),
}
