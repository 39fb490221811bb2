"""Whose own work a dossier is: everybody else is asked why it is opened, and the citizen reads it.

Own is a dossier for a post at one of its agencies whose role has work there by the table of rights: at the centre that
received it or helped the person, where it is decided, where it is held, and where it was passed on from until
somebody takes it. Only the post's own agency counts, with those whose work came to it when they ended; one's own post,
or that of a colleague for whom one stands in. So these are asked: a supervisor, and a head over agencies below, however
far they reach; a colleague whose role does nothing at that side; and everybody once nothing is left to do and thirty
days have gone by since the last act.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from desk.actors import Actor, Post
from desk.permissions import GIVING, RECEIVING, RULES, SUPERVISOR, Side, has_part
from desk.states import HANDED_BACK, State

FOR_ANYBODY = frozenset({"comment", "undo"})
"""Acts that the table gives whoever sees a dossier: they make nobody's work of it."""
AFTER_THE_END = dt.timedelta(days=30)
"""For how long a closed dossier is still the work of those who settled it: questions come in the first weeks."""
WORK: dict[Side, frozenset[str]] = {
    side: frozenset().union(*(row.at.get(side, ()) for act, row in RULES.items() if act not in FOR_ANYBODY))
    for side in Side
}
"""Which roles have work at which side."""


def own_post(dossier: Any, actor: Actor, at: dt.datetime) -> Post | None:
    """Return the post whose own work a dossier is; None where it isn't own (a query where it is on its way)."""
    if is_long_over(dossier, at):
        return None
    for post in actor.posts:
        if works_on(post, dossier):
            return post
    givers = [post for post in actor.posts if post.role in WORK[GIVING]]
    given_by = dossier.given_by_id if givers else None
    return next((post for post in givers if stands_there(post, given_by, dossier)), None)


def works_on(post: Post, dossier: Any) -> bool:
    """Return whether a role has work at a side of a dossier where its own agency stands; no query."""
    if post.role in WORK[RECEIVING] and stands_there(post, dossier.helped_by_id, dossier):
        return True
    return any(
        post.role in roles and stands_there(post, getattr(dossier, side), dossier)
        for side, roles in WORK.items()
        if side != GIVING
    )


def stands_there(post: Post, agency_id: int | None, dossier: Any) -> bool:
    """Return whether an agency is the post's own, or one whose work on the dossier came to it when that one ended."""
    if agency_id in post.own_agencies:
        return True
    return post.role != SUPERVISOR and has_part(post.parts, agency_id, dossier)  # Hers are of the agencies below too.


def is_long_over(dossier: Any, at: dt.datetime) -> bool:
    """Return whether nothing is left to do with a dossier, and hasn't been for a while."""
    is_over = dossier.state == State.RETURNED or (dossier.state in HANDED_BACK and dossier.handed_back_at is not None)
    return is_over and dossier.last_at is not None and at - dossier.last_at > AFTER_THE_END


def reaching_post(dossier: Any, actor: Actor) -> Post | None:
    """Return the post by which somebody sees a dossier that isn't own: the first that reaches one of its agencies."""
    sides = {dossier.received_by_id, dossier.decided_by_id, dossier.holder_agency_id, dossier.helped_by_id}
    for post in actor.posts:
        if not sides.isdisjoint({post.agency_id} | post.reach | post.oversees):
            return post
    return actor.posts[0] if actor.posts else None
