"""The piles on an officer's desk: what each is, which dossiers lie in it, and the address of the list that has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.actors import Actor
from desk.deadlines import Urgency
from desk.filters import Filter, filter_for
from desk.parts import NEXT, TODAY
from desk.permissions import AT_THE_COUNTER, RULES, SUPERVISOR, Side, opens
from desk.states import OPEN, READY, TO_DO, WAITING

BY_DUE = (
    ("overdue", _("Overdue"), "late", {"due": str(Urgency.OVERDUE)}, Urgency.OVERDUE),
    ("today", _("Today"), "now", {"due": TODAY}, TODAY),
    ("next", _("In 1–3 days"), "soon", {"due": NEXT}, NEXT),
    ("later", _("Later"), "ok", {"due": str(Urgency.ON_TIME)}, Urgency.ON_TIME),
    ("standing", _("No due date"), "hold", {"due": str(Urgency.STANDING)}, Urgency.STANDING),
)
"""All that is open lies in one of these: what has no due date too, a clock that stands or nothing received yet."""


@dataclass(frozen=True)
class Pile:
    """Dossiers of one kind: `asked` is the list's address, `narrowed` the filter that it stands for."""

    name: str
    label: Any
    shape: str
    asked: Mapping[str, str]
    narrowed: Mapping[str, Any]

    def filter(self, by: Actor, at: dt.datetime) -> Filter:
        """Return the filter of what lies in it."""
        return filter_for(by, at, **self.narrowed)


def is_over_others(by: Actor) -> bool:
    """Return whether somebody gives work to others: they see their agency's, the others their own."""
    return opens("workload", by)


def taken_at(by: Actor) -> frozenset[int]:
    """Return the agencies at which somebody may take over what was passed on."""
    return frozenset(post.agency_id for post in by.posts if post.role in RULES["take_over"].at[Side.HOLDING])


def hands_over(by: Actor) -> bool:
    """Return whether somebody's work is what waits at the counter to be handed over, or to see to it."""
    return any(post.role in AT_THE_COUNTER | {SUPERVISOR} for post in by.posts)


def by_due(prefix: str, asked: Mapping[str, str], narrowed: Mapping[str, Any]) -> list[Pile]:
    """Return a whole pile, and its parts by due date, which add up to it."""
    whole = Pile(f"{prefix}all", _("All that is open"), "", asked, {**narrowed, "states": OPEN})
    dated = [
        Pile(f"{prefix}{name}", label, shape, {**asked, **due}, {**narrowed, "states": OPEN, "urgency": urgency})
        for name, label, shape, due, urgency in BY_DUE
    ]
    return [whole, *dated]


def waiting(by: Actor) -> Pile:
    """Return what of it waits for the applicant."""
    prefix, (asked, narrowed) = ("agency_", OF_THE_AGENCY) if is_over_others(by) else ("own_", of(by))
    return Pile(
        f"{prefix}waiting", _("Waiting for the applicant"), "hold", {**asked, "state": "waiting"},
        {**narrowed, "states": WAITING},
    )  # fmt: skip


OF_THE_AGENCY: tuple[Mapping[str, str], Mapping[str, Any]] = (
    {"side": "held", "kind": "own"}, {"side": Side.HOLDING, "is_shadow": False},
)  # fmt: skip
"""What agencies have in hand themselves: a copy of what a ministry settles isn't work that nobody has done."""


def of(by: Actor) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    """Return what somebody has in hand, as the address says it and as the filter has it."""
    return {"whose": "me"}, {"side": Side.HOLDING, "holder": by.user_id}


def own(by: Actor) -> list[Pile]:
    """Return what somebody has in hand."""
    return by_due("own_", *of(by))


def of_the_agency() -> list[Pile]:
    """Return what is in the hands of the agencies that somebody's posts reach."""
    return by_due("agency_", *OF_THE_AGENCY)


def beside(by: Actor) -> list[Pile]:
    """Return what colleagues have for whom somebody stands in, and the copies of what ministries settle."""
    held, found = {"side": Side.HOLDING, "states": OPEN}, []
    if by.stands_in:
        narrowed = {**held, "stands_in": by.stands_in}
        found.append(Pile("absent", _("Of colleagues for whom I stand in"), "go", {"whose": "absent"}, narrowed))
    if is_over_others(by):
        asked = {"side": "held", "kind": "shadow"}
        found.append(Pile("shadows", _("Ministries' copies"), "none", asked, {**held, "is_shadow": True}))
    return found


def shared(by: Actor) -> list[Pile]:
    """Return what anybody of the agency may take up."""
    held = {"side": Side.HOLDING}
    found = [
        waiting(by),
        Pile(
            "nobody", _("Taken by nobody yet"), "none", {"whose": "nobody"},
            {**held, "states": OPEN, "free_for": by.user_id},
        )
    ]  # fmt: skip
    if agencies := taken_at(by):
        narrowed = {**held, "states": OPEN, "taker": by.user_id, "taken_at": agencies}
        found.append(Pile("take", _("Passed on, to be taken over"), "go", {"whose": "take"}, narrowed))
    if hands_over(by):
        narrowed = {"side": Side.RECEIVING, "states": READY, "is_ready": True}
        found.append(Pile("ready", _("Ready to hand over"), "done", {"state": "ready"}, narrowed))
    return [*found, *beside(by)]


def begun_by(by: Actor) -> Any:
    """Return the words over what is most pressing, for who is over others."""
    if len(by.standing) > 1:
        return _("What the agencies that I oversee have to do, most pressing first")
    return _("What the agency has to do, most pressing first")


def to_begin(by: Actor) -> Pile:
    """Return what somebody should begin with: of the agency for who is over others, else their own and nobody's."""
    narrowed: dict[str, Any] = {"side": Side.HOLDING, "states": TO_DO}
    if is_over_others(by):
        asked, narrowed = {**OF_THE_AGENCY[0], "state": "todo"}, {**OF_THE_AGENCY[1], "states": TO_DO}
        return Pile("begin", begun_by(by), "", asked, narrowed)
    narrowed |= {"holder": by.user_id, "free_for": by.user_id}
    asked = {"whose": "ours", "state": "todo"}
    return Pile("begin", _("Mine, and nobody's yet, most pressing first"), "", asked, narrowed)
