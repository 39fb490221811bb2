"""Who may do what at the desk: one row an act and one row a screen.

Read by the transitions, by acts without one, by the door of every screen, by menus and buttons, by tests and by
`docs/access.md`, which `manage.py print_access --write` draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desk.actors import Actor, ActorKind, Post, Role
from desk.inheriting import Part


class Side(StrEnum):
    """At which of a dossier's agencies the post must be."""

    RECEIVING = "received_by_id"
    DECIDING = "decided_by_id"
    HOLDING = "holder_agency_id"
    GIVING = "given_by_id"
    """The agency that passed it on, until somebody takes it."""


RECEIVING, DECIDING, HOLDING, GIVING = Side.RECEIVING, Side.DECIDING, Side.HOLDING, Side.GIVING
CLERK, HANDLER, APPROVER = Role.CLERK, Role.HANDLER, Role.APPROVER
HEAD, SUPERVISOR, CONTRACTOR = Role.HEAD, Role.SUPERVISOR, Role.CONTRACTOR
AT_THE_COUNTER = frozenset({CLERK, HEAD, CONTRACTOR})
"""Contracted and postal staff guide, receive, digitise and return; they never decide (Nghị định 118/2025/NĐ-CP)."""
REGISTER_READERS = frozenset({CLERK, HEAD, SUPERVISOR})
"""Who may read a register: it has the addresses and telephones of everybody who came."""
OVERSEERS = frozenset({APPROVER, HEAD, SUPERVISOR})
"""Who gives work to others, and so sees who has how much, and who has an account on a ministry's system."""
LEAVE_READERS = frozenset({HEAD, APPROVER})
"""Who is told which colleagues are away; which of them says so asks `desk/leave/arranging.py`."""
OFFICERS = frozenset({CLERK, HANDLER, APPROVER, HEAD})
ANYBODY = OFFICERS | {SUPERVISOR, CONTRACTOR}


@dataclass(frozen=True)
class Rule:
    """Which roles at which side may do an act, and who that isn't an officer."""

    at: Mapping[Side, frozenset[str]]
    others: frozenset[str] = frozenset()


def rule(*others: str, **sides: frozenset[str] | set[str]) -> Rule:
    """Return a row of the table."""
    return Rule({Side[name.upper()]: frozenset(roles) for name, roles in sides.items()}, frozenset(others))


RULES: dict[str, Rule] = {
    "register": rule(ActorKind.APPLICANT, ActorKind.SYSTEM, receiving=AT_THE_COUNTER),
    "receive": rule(receiving=AT_THE_COUNTER),
    "reject": rule(receiving={CLERK, HEAD}),
    "forward": rule(holding=OFFICERS | {CONTRACTOR}),
    "recall": rule(giving=OFFICERS | {CONTRACTOR}),
    "take_over": rule(holding=OFFICERS | {CONTRACTOR}),
    "request_supplement": rule(receiving={CLERK, HEAD}, deciding={HANDLER, APPROVER}, holding={HANDLER, APPROVER}),
    "accept_supplement": rule(receiving=AT_THE_COUNTER, deciding={HANDLER, APPROVER}),
    "request_payment": rule(receiving={CLERK, HEAD}, deciding={HANDLER, APPROVER}),
    "confirm_payment": rule(ActorKind.SYSTEM, receiving=AT_THE_COUNTER, deciding={HANDLER, APPROVER}),
    "extend": rule(deciding={APPROVER}),
    "stop": rule(deciding={APPROVER}),
    "resume": rule(deciding={APPROVER}),
    "finish": rule(deciding={APPROVER}),
    "reopen": rule(deciding={APPROVER}),
    "return_result": rule(receiving=AT_THE_COUNTER),
    "hand_back": rule(receiving=AT_THE_COUNTER),
    "withdraw": rule(ActorKind.APPLICANT, receiving={CLERK, HEAD}, deciding={HANDLER, APPROVER}),
    "reassign": rule(holding=OVERSEERS),
    "move_to_heir": rule(ActorKind.SYSTEM),
    "comment": rule(receiving=ANYBODY, deciding=ANYBODY, holding=ANYBODY),
    "correct_data": rule(receiving={CLERK, HEAD}, deciding={HANDLER, APPROVER}),
    "undo": rule(receiving=ANYBODY, deciding=ANYBODY, holding=ANYBODY, giving=ANYBODY),
    "attach_file": rule(receiving=AT_THE_COUNTER, deciding={HANDLER, APPROVER}, holding={HANDLER, APPROVER}),
    "tie_file": rule(receiving=AT_THE_COUNTER, deciding={HANDLER, APPROVER}, holding={HANDLER, APPROVER}),
    "remove_file": rule(receiving={CLERK, HEAD}, deciding={HANDLER, APPROVER}),
    "mirror": rule(ActorKind.SYSTEM, receiving=AT_THE_COUNTER),
    "anonymise": rule(ActorKind.SYSTEM),
}
"""A row an act. `undo` is for who did it alone, which the act sees to.

`mirror` keeps the read-only shadow of a dossier that a ministry's system settles; `move_to_heir` (on the day of a
reorganisation) and `anonymise` are the clock's alone.
"""
SECOND_SUPPLEMENT = rule(deciding={APPROVER})
"""A second request during processing needs the deciding agency's approver (Nghị định 63/2010/NĐ-CP Điều 20)."""

READINGS = rule(receiving=OVERSEERS, deciding=OVERSEERS, holding=OVERSEERS)
"""Who sees by whom a dossier was opened: those who answer for the work at one of its agencies."""


class Scope(StrEnum):
    """Whose things a screen shows to somebody whose role opens it."""

    NOTHING = "nothing of anybody"
    ONESELF = "what is one's own"
    ADDRESSED = "what is addressed to one's role or name, of dossiers that one may see"
    SHARED = "one's own, and what colleagues share with an agency of one's posts"
    OWN = "the agencies of one's posts"
    BELOW = "the agencies of one's posts; a supervisor's and a head's also those below"
    SIDES = "dossiers that an agency of one's posts helps with, receives, decides, holds or has just passed on"


@dataclass(frozen=True)
class Screen:
    """Which roles open a screen of the desk and whose things it shows; `act`: by which row what is sent is judged.

    Without roles it is for whoever is logged in, with a post or not.
    """

    roles: frozenset[str]
    scope: Scope
    act: str = ""


EACH_ACT = "the act's own row"
SCREENS: dict[str, Screen] = {
    "today": Screen(ANYBODY, Scope.SIDES),
    "keys": Screen(ANYBODY, Scope.NOTHING),
    "workload": Screen(OVERSEERS, Scope.BELOW),
    "hand_out": Screen(OVERSEERS, Scope.SIDES, "reassign"),
    "leave": Screen(LEAVE_READERS, Scope.OWN),
    "end_leave": Screen(LEAVE_READERS, Scope.OWN),
    "accounts": Screen(OVERSEERS, Scope.BELOW),
    "accounts_file": Screen(OVERSEERS, Scope.BELOW),
    "accounts_procedures": Screen(ANYBODY, Scope.NOTHING),
    "accounts_procedures_file": Screen(ANYBODY, Scope.NOTHING),
    "notices": Screen(ANYBODY, Scope.ADDRESSED),
    "read_notices": Screen(ANYBODY, Scope.ADDRESSED),
    "queue": Screen(ANYBODY, Scope.SIDES),
    "export": Screen(ANYBODY, Scope.SIDES),
    "bulk": Screen(ANYBODY, Scope.SIDES, EACH_ACT),
    "save_view": Screen(ANYBODY, Scope.ONESELF),
    "saved_view": Screen(ANYBODY, Scope.SHARED),
    "remove_view": Screen(ANYBODY, Scope.ONESELF),
    "register": Screen(REGISTER_READERS, Scope.BELOW),
    "register_file": Screen(REGISTER_READERS, Scope.BELOW),
    "readings": Screen(OVERSEERS, Scope.BELOW),
    "language": Screen(frozenset(), Scope.ONESELF),
    "log_out": Screen(frozenset(), Scope.ONESELF),
    "intake_start": Screen(AT_THE_COUNTER, Scope.OWN),
    "intake": Screen(AT_THE_COUNTER, Scope.OWN, "receive"),
    "intake_live": Screen(AT_THE_COUNTER, Scope.OWN),
    "intake_moved": Screen(AT_THE_COUNTER, Scope.OWN, "mirror"),
    "files": Screen(ANYBODY, Scope.SIDES, "attach_file"),
    "download_file": Screen(ANYBODY, Scope.SIDES),
    "remove_file": Screen(ANYBODY, Scope.SIDES, "remove_file"),
    "file_page": Screen(ANYBODY, Scope.SIDES),
    "preview_file": Screen(ANYBODY, Scope.SIDES),
    "slip": Screen(ANYBODY, Scope.SIDES),
    "looking": Screen(ANYBODY, Scope.SIDES),
    "why": Screen(ANYBODY, Scope.SIDES),
    "person_data": Screen(OVERSEERS, Scope.SIDES),
    "act": Screen(ANYBODY, Scope.SIDES, EACH_ACT),
    "dossier": Screen(ANYBODY, Scope.SIDES),
}
"""A row an address of `desk/urls.py`, by its name: without one it is shut, and `manage.py check` says so."""


def opens(name: str, actor: Actor) -> bool:
    """Return whether one of somebody's posts opens a screen; nobody's does where the table has no row."""
    screen = SCREENS.get(name)
    return screen is not None and any(post.role in screen.roles for post in actor.posts)


def opened_by(actor: Actor) -> frozenset[str]:
    """Return the screens that somebody's posts open: menus and links ask for them."""
    return frozenset(name for name in SCREENS if opens(name, actor))


def agencies_of(name: str, actor: Actor) -> frozenset[int]:
    """Return the agencies whose things a screen of the scopes OWN and BELOW shows to somebody, ended ones with them."""
    screen, found = SCREENS[name], set[int]()
    for post in actor.posts:
        if post.role in screen.roles:
            found |= post.own_agencies | (post.reach if screen.scope is Scope.BELOW else frozenset())
        if screen.scope is Scope.BELOW and SUPERVISOR in screen.roles:
            found |= post.oversees
    return frozenset(found)


def permit(act: str, dossier: Any, actor: Actor, table: Mapping[str, Rule] = RULES) -> Post | None:
    """Return the post by which an officer may do the act; None if no post allows it."""
    return permitted_by(table[act], dossier, actor)


def permitted_by(row: Rule, dossier: Any, actor: Actor) -> Post | None:
    """Return the post by which a row lets somebody act on the dossier.

    The post of a colleague who is away goes first where that colleague has the dossier in hand: the act is then done in
    that colleague's place. Else the first that fits, one's own before a colleague's.
    """
    first = None
    for side, roles in row.at.items():
        agency_id = getattr(dossier, side)
        for post in actor.posts:
            if allows(post, roles, agency_id, dossier):
                if post.for_user is not None and post.for_user == getattr(dossier, "holder_id", None):
                    return post
                first = first or post
    return first


def allows(post: Post, roles: frozenset[str], agency_id: int | None, dossier: Any) -> bool:
    """Return whether a post is one of the roles at an agency; over agencies below, a head is what a supervisor is.

    At an agency that ended and whose work went to several, only for the dossiers whose work came to the post's own.
    """
    if post.role in roles and (post.reaches(agency_id) or has_part(post.parts, agency_id, dossier)):
        return True
    return SUPERVISOR in roles and (agency_id in post.oversees or has_part(post.parts_below, agency_id, dossier))


def has_part(parts: Iterable[Part], agency_id: int | None, dossier: Any) -> bool:
    """Return whether a dossier's work at an agency came with one of the parts."""
    return any(part.agency_id == agency_id and part.has(dossier) for part in parts)


def is_allowed(act: str, dossier: Any, actor: Actor) -> bool:
    """Return whether the actor may do the act on this dossier, as far as people go: the state is the machine's."""
    if actor.kind != ActorKind.OFFICER:
        return actor.kind in RULES[act].others
    return permit(act, dossier, actor) is not None


def may_see(dossier: Any, actor: Actor) -> bool:
    """Return whether an officer works at an agency that has to do with the dossier, or at one that has its work now."""
    sides = {dossier.received_by_id, dossier.decided_by_id, dossier.holder_agency_id, dossier.helped_by_id}
    if not sides.isdisjoint(actor.agencies):
        return True
    return any(has_part(actor.parts, agency, dossier) for agency in sides - {None})


def may_ever(name: str, actor: Actor) -> bool:
    """Return whether an officer's posts allow an act on any dossier at all."""
    roles = {post.role for post in actor.posts}
    return any(roles & allowed for allowed in RULES[name].at.values())
