"""Who may do what: one row an act, read by the transitions, by acts without one, by buttons and by tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desk.actors import Actor, ActorKind, Post, Role


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
    "reassign": rule(holding={APPROVER, HEAD, SUPERVISOR}),
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

`mirror` keeps the read-only shadow of a dossier that a ministry's system settles. `anonymise` is the clock's alone: no
officer has it.
"""
SECOND_SUPPLEMENT = rule(deciding={APPROVER})
"""A second request during processing needs the deciding agency's approver (Nghị định 63/2010/NĐ-CP Điều 20)."""

READINGS = rule(
    receiving={APPROVER, HEAD, SUPERVISOR}, deciding={APPROVER, HEAD, SUPERVISOR}, holding={APPROVER, HEAD, SUPERVISOR}
)
"""Who sees by whom a dossier was opened: those who answer for the work at one of its agencies."""
SEE_READINGS = frozenset({APPROVER, HEAD, SUPERVISOR})
"""Who looks through what the people of their agencies opened."""


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
            if allows(post, roles, agency_id):
                if post.for_user is not None and post.for_user == getattr(dossier, "holder_id", None):
                    return post
                first = first or post
    return first


def allows(post: Post, roles: frozenset[str], agency_id: int | None) -> bool:
    """Return whether a post is one of the roles at an agency; over agencies below, a head is what a supervisor is."""
    if post.role in roles and post.reaches(agency_id):
        return True
    return SUPERVISOR in roles and agency_id in post.oversees


def is_allowed(act: str, dossier: Any, actor: Actor) -> bool:
    """Return whether the actor may do the act on this dossier, as far as people go: the state is the machine's."""
    if actor.kind != ActorKind.OFFICER:
        return actor.kind in RULES[act].others
    return permit(act, dossier, actor) is not None


def may_see(dossier: Any, actor: Actor) -> bool:
    """Return whether an officer works at an agency that has to do with the dossier."""
    sides = {dossier.received_by_id, dossier.decided_by_id, dossier.holder_agency_id, dossier.helped_by_id}
    return not sides.isdisjoint(actor.agencies)


def may_ever(name: str, actor: Actor) -> bool:
    """Return whether an officer's posts allow an act on any dossier at all."""
    roles = {post.role for post in actor.posts}
    return any(roles & allowed for allowed in RULES[name].at.values())
