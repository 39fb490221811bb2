"""Notices that nobody has read: they go to the heir of their dossier, once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from catalogue.models import Reorganisation
from catalogue.reorganising.followers import Follower, Moves
from desk.models import Notice
from desk.reorganising.ended import Ended, portions, tell

COLUMNS = ("pk", "agency_id", "dossier__procedure_id", "dossier__received_by_id")


def unread(ended: Ended) -> QuerySet[Notice]:
    """Return what nobody has read that is addressed to an agency that has ended."""
    return Notice.objects.unread().filter(agency__in=sorted(ended.agencies)).order_by()


def by_heir(ended: Ended) -> dict[int, list[int]]:
    """Return the keys of those that can follow, by the heir."""
    found: dict[int, list[int]] = {}
    for pk, agency, procedure, receiver in unread(ended).values_list(*COLUMNS):
        heir = ended.heir(agency, procedure, receiver)
        if heir is not None:
            found.setdefault(heir, []).append(pk)
    return found


def look(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Return how many would follow. Those without a heir are no conflict: their dossiers are."""
    ended = Ended.by(reorganisation.effective_on)
    found = by_heir(ended)
    lines = (f"→ {ended.name(heir)}: {len(keys)}" for heir, keys in found.items())
    return tell(Moves(sum(map(len, found.values()))), lines, ())


def follow(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Address them anew, a portion a transaction; where the heir has the same one already, the other is read."""
    ended = Ended.by(reorganisation.effective_on)
    moves = Moves()
    for heir, keys in by_heir(ended).items():
        for portion in portions(sorted(keys)):
            moves.count += address(portion, heir, at)
    return moves


def address(keys: list[int], heir: int, at: dt.datetime) -> int:
    """Address notices to an heir; return how many."""
    same = {name: OuterRef(name) for name in ("dossier", "kind", "role", "about")}
    with transaction.atomic():
        rows = Notice.objects.select_for_update(of=("self",)).filter(pk__in=keys, read_at=None).order_by("pk")
        seen: set[tuple[object, ...]] = set()
        known = Exists(Notice.objects.filter(agency=heir, **same))
        for row in rows.annotate(is_known=known):
            what = (row.dossier_id, row.kind, row.role, row.about)
            if row.is_known or what in seen:
                row.read_at = at
                row.save(update_fields=["read_at"])
                continue
            seen.add(what)
            row.agency_id = heir
            row.save(update_fields=["agency"])
    return len(seen)


FOLLOWER = Follower("notices", look, follow)
