"""Who left and still has accounts on ministries' systems: nothing that ends here ends there."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from catalogue.models import OutsideAccount, Posting

NAMED = 50
"""People that a report names."""


def left_behind(people: Collection[int], day: dt.date) -> list[str]:
    """Return what to say of those who have no post at the desk any more, or a closed account (one query)."""
    posts = Posting.objects.on(day).at_the_desk().filter(user=OuterRef("user"))
    rows = OutsideAccount.objects.still_open().filter(user__in=people).select_related("user")
    rows = rows.filter(~Q(Exists(posts)) | Q(user__is_active=False)).order_by("user__username", "system")
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.user.get_username()].append(row.system)
    if not found:
        return []
    lines = [f"  {name}: {', '.join(systems)}" for name, systems in list(found.items())[:NAMED]]
    more = [f"  and {len(found) - NAMED} more"] if len(found) > NAMED else []
    head = "Without a post here, but still with accounts on ministries' systems: have them withdrawn there, then write"
    return [f"{head} it down at /desk/accounts/.", *lines, *more]
