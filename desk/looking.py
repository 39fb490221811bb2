"""Who else has a dossier open: names of officers, kept in the cache for two minutes. No lock, only a word between them.

The cache holds the key of the dossier, and keys and names of officers; nothing of the dossier itself and of its people.
Two who open it in the same moment may overwrite one another: the next look mends it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _

from desk.actors import Actor
from desk.models import Dossier

KEPT = dt.timedelta(minutes=2)
AGAIN = dt.timedelta(seconds=20)
"""A look that is noted already is noted anew after this time: most pages only read."""

Seen = dict[int, tuple[str, float, bool]]
"""By an officer's key: name, moment, and whether the form of an act was opened."""


@dataclass(frozen=True)
class Looking:
    """A colleague who has the same dossier open; `is_acting`: the form of an act."""

    name: str
    is_acting: bool


def look(dossier: Dossier, by: Actor, at: dt.datetime, *, is_acting: bool = False) -> list[Looking]:
    """Note that an officer has a dossier open, and return the colleagues who have had it open in the last two minutes.

    No query; one reading of the cache, and a writing where the last one is older than AGAIN.
    """
    key, now = f"desk-looking-{dossier.pk}", at.timestamp()
    found: Seen = cache.get(key) or {}
    seen = {pk: each for pk, each in found.items() if abs(now - each[1]) < KEPT.total_seconds()}
    if by.user_id is not None:
        mine = seen.get(by.user_id)
        if mine is None or mine[2] is not is_acting or now - mine[1] > AGAIN.total_seconds():
            seen[by.user_id] = (by.name, now, is_acting)
            cache.set(key, seen, KEPT.total_seconds())
    others = [Looking(name, acting) for pk, (name, _at, acting) in seen.items() if pk != by.user_id]
    return sorted(others, key=lambda each: (not each.is_acting, each.name))


def in_words(others: list[Looking]) -> str:
    """Return who else has it open, in the active language; empty where nobody has."""
    acting = ", ".join(each.name for each in others if each.is_acting)
    reading = ", ".join(each.name for each in others if not each.is_acting)
    told = [
        _("About to do something with it: %(names)s.") % {"names": acting} if acting else "",
        _("Has it open too: %(names)s.") % {"names": reading} if reading else "",
    ]
    return " ".join(filter(None, told))
