"""Saved views: shared with an agency that has ended they are shared with its heir, and look there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from catalogue.models import Reorganisation
from catalogue.reorganising.followers import Conflict, Follower, Moves
from desk.models import SavedView
from desk.reorganising.ended import Ended, tell

WHY = "Several took over the agency's work: its owner chooses with whom it is shared now."


def views(ended: Ended) -> Iterator[tuple[SavedView, int | None, bool]]:
    """Yield the views of agencies that have ended, or that look at one: with the only heir, and whether it is shared.

    Read whole: an agency in what is looked for has no index, and views are few.
    """
    for row in SavedView.objects.order_by("pk").iterator():
        if row.agency_id in ended.agencies:
            yield row, ended.only_heir(row.agency_id), True
        elif (looks_at := agency_of(row)) in ended.agencies and row.query.get("side") == ["held"]:
            yield row, ended.only_heir(looks_at), False


def agency_of(row: SavedView) -> int:
    """Return the agency that a view looks at, 0 where it names none."""
    value = next(iter(row.query.get("agency", ())), "")
    return int(value) if value.isascii() and value.isdigit() else 0


def look(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Return how many follow, and the shared ones that can't."""
    ended = Ended.by(reorganisation.effective_on)
    rows = list(views(ended))
    moves = Moves(sum(heir is not None for _row, heir, _is_at in rows))
    lines = (f"«{row}» → {ended.name(heir)}" for row, heir, _is_at in rows if heir is not None)
    stuck = (Conflict(f"«{row}»", WHY) for row, heir, is_at in rows if heir is None and is_at and row.is_shared)
    return tell(moves, lines, stuck)


def follow(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let them follow; a view that looks at what an agency received or decided finds the old unit's dossiers still."""
    ended = Ended.by(reorganisation.effective_on)
    moves = look(reorganisation, at)
    for row, heir, _is_at in list(views(ended)):
        if heir is not None:
            move(row.pk, heir, ended)
    return moves


def move(pk: int, heir: int, ended: Ended) -> None:
    """Move one view, as it is now."""
    with transaction.atomic():
        row = SavedView.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            return
        if row.agency_id in ended.agencies:
            row.agency_id = heir
        if agency_of(row) in ended.agencies and row.query.get("side") == ["held"]:
            row.query = {**row.query, "agency": [str(ended.only_heir(agency_of(row)) or agency_of(row))]}
        row.save(update_fields=["agency", "query"])


FOLLOWER = Follower("saved views", look, follow)
