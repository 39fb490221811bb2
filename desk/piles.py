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
from desk.permissions import AT_THE_COUNTER, RULES, SUPERVISOR, Side
from desk.states import OPEN, READY, TO_DO, WAITING

BY_DUE = (
    ("overdue", _("Overdue"), "late", {"due": str(Urgency.OVERDUE)}, Urgency.OVERDUE),
    ("today", _("Today"), "now", {"due": TODAY}, TODAY),
    ("next", _("In 1–3 days"), "soon", {"due": NEXT}, NEXT),
    ("later", _("Later"), "ok", {"due": str(Urgency.ON_TIME)}, Urgency.ON_TIME),
)


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
    return any(post.role in RULES["reassign"].at[Side.HOLDING] for post in by.posts)


def taken_at(by: Actor) -> frozenset[int]:
    """Return the agencies at which somebody may take over what was passed on."""
    return frozenset(post.agency_id for post in by.posts if post.role in RULES["take_over"].at[Side.HOLDING])


def hands_over(by: Actor) -> bool:
    """Return whether somebody's work is what waits at the counter to be handed over, or to see to it."""
    return any(post.role in AT_THE_COUNTER | {SUPERVISOR} for post in by.posts)


def by_due(prefix: str, asked: Mapping[str, str], narrowed: Mapping[str, Any]) -> list[Pile]:
    """Return a whole pile, and its parts: what is open by due date, and what waits for the applicant."""
    whole = Pile(f"{prefix}all", _("All that is open"), "", asked, {**narrowed, "states": OPEN})
    dated = [
        Pile(f"{prefix}{name}", label, shape, {**asked, **due}, {**narrowed, "states": OPEN, "urgency": urgency})
        for name, label, shape, due, urgency in BY_DUE
    ]
    waiting = Pile(
        f"{prefix}waiting", _("Waiting for the applicant"), "hold", {**asked, "state": "waiting"},
        {**narrowed, "states": WAITING},
    )  # fmt: skip
    return [whole, *dated, waiting]


def own(by: Actor) -> list[Pile]:
    """Return what somebody has in hand."""
    return by_due("own_", {"whose": "me"}, {"side": Side.HOLDING, "holder": by.user_id})


def of_the_agency() -> list[Pile]:
    """Return what is in the hands of the agencies that somebody's posts reach."""
    return by_due("agency_", {"side": "held"}, {"side": Side.HOLDING})


def shared(by: Actor) -> list[Pile]:
    """Return what anybody of the agency may take up."""
    held = {"side": Side.HOLDING}
    found = [
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
    return found


def to_begin(by: Actor) -> Pile:
    """Return what somebody should begin with: of the agency for who is over others, else their own and nobody's."""
    narrowed: dict[str, Any] = {"side": Side.HOLDING, "states": TO_DO}
    if is_over_others(by):
        return Pile("begin", _("Of the agency, most pressing first"), "", {"side": "held", "state": "todo"}, narrowed)
    narrowed |= {"holder": by.user_id, "free_for": by.user_id}
    asked = {"whose": "ours", "state": "todo"}
    return Pile("begin", _("Mine, and nobody's yet, most pressing first"), "", asked, narrowed)
