"""What of the desk follows, in its order."""

from __future__ import annotations

from catalogue.reorganising import followers
from desk.reorganising import dossiers, leaves, notices, views


def register() -> None:
    """Have it follow every reorganisation: dossiers first, what tells of them after."""
    for each in (dossiers, notices, leaves, views):
        followers.register(each.FOLLOWER)
