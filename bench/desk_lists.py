"""What officers ask of their lists, for `bench/desk_queues.py`."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Kinds = dict[str, Callable[["Officer"], Mapping[str, Any]]]


@dataclass(frozen=True)
class Officer:
    """One user: an agency's, or the province's."""

    scope: frozenset[int]
    agency: int
    holder: int | None
    procedure: int
    rare_procedure: int
    code: str
    name: str
    number: str


def officers(at: dt.datetime, users: int) -> list[Officer]:
    """Return officers of the busiest agencies, of some at random, and what they look for."""
    from django.db.models import Count as Number

    from desk.models import Dossier, PartyIdentifier
    from desk.states import OPEN

    rng = random.Random(1)
    sizes = list(Dossier.objects.values_list("decided_by_id").annotate(n=Number("pk")).order_by("-n", "decided_by_id"))
    agencies = [agency for agency, _n in sizes]
    chosen = agencies[: users // 2] + rng.sample(agencies, min(len(agencies), users - users // 2))
    found = []
    for agency in (chosen * users)[:users]:
        mine = Dossier.objects.filter(decided_by_id=agency)
        by_procedure = list(mine.values_list("procedure_id").annotate(n=Number("pk")).order_by("-n", "procedure_id"))
        held = mine.filter(holder__isnull=False, state__in=OPEN).values_list("holder_id", flat=True).first()
        one = mine.order_by("pk")[mine.count() // 2]
        party = one.parties.get(role="applicant")
        number = PartyIdentifier.objects.filter(party__dossier=one).values_list("value", flat=True).first()
        found.append(
            Officer(
                frozenset({agency}), agency, held, by_procedure[0][0], by_procedure[-1][0], one.code[:-3],
                party.name, number or party.phone or "000000000",
            )
        )  # fmt: skip
    return found


def kinds(at: dt.datetime) -> Kinds:
    """Return what an agency's lists are narrowed by; all of it has an index."""
    from desk.permissions import Side
    from desk.states import OPEN, State

    day = at.date()
    return {
        "open": lambda who: {"states": OPEN},
        "open, held here": lambda who: {"states": OPEN, "side": Side.HOLDING},
        "open, one state": lambda who: {"states": frozenset({State.PROCESSING})},
        "open, one procedure": lambda who: {"states": OPEN, "procedure": who.procedure},
        "open, one holder": lambda who: {"states": OPEN, "holder": who.holder},
        "overdue": lambda who: {"urgency": "overdue"},
        "soon due": lambda who: {"urgency": "soon"},
        "due in a week": lambda who: {"due_before": at + dt.timedelta(7)},
        "everything": lambda who: {},
        "returned": lambda who: {"states": frozenset({State.RETURNED})},
        "stopped": lambda who: {"states": frozenset({State.STOPPED})},
        "one procedure": lambda who: {"procedure": who.procedure},
        "a rare procedure": lambda who: {"procedure": who.rare_procedure},
        "submitted in 100 days": lambda who: {
            "submitted_from": day - dt.timedelta(160), "submitted_to": day - dt.timedelta(60),
        },
        "code": lambda who: {"code": who.code},
        "number": lambda who: {"number": who.number},
    }  # fmt: skip


def others(at: dt.datetime) -> Kinds:
    """Return combinations whose count is a request of its own, without a limit of time."""
    from desk.states import OPEN, State

    return {
        "name": lambda who: {"name": who.name},
        "name, one word": lambda who: {"name": who.name.split()[-1]},
        "name, open": lambda who: {"name": who.name.split()[-1], "states": OPEN},
        "by post": lambda who: {"channel": "post"},
        "by post, stopped, one procedure": lambda who: {
            "channel": "post", "states": frozenset({State.STOPPED}), "procedure": who.procedure,
        },
        "one procedure, due in a week, in person": lambda who: {
            "procedure": who.procedure, "due_before": at + dt.timedelta(7), "channel": "counter",
        },
    }  # fmt: skip


TOTALS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "agency × state": (("agency", "state"), {}),
    "procedure × state": (("procedure", "state"), {}),
    "month × state": (("month", "state"), {}),
    "agency × month, open": (("agency", "month"), {"state__in": (1, 2, 4, 5, 6)}),
    "procedure × state of one month": (("procedure", "state"), {"month": dt.date(2026, 10, 1)}),
    "agency × procedure × state of one month": (("agency", "procedure", "state"), {"month": dt.date(2026, 10, 1)}),
}


def of_the_province(at: dt.datetime) -> Kinds:
    """Return what the province's supervisors ask for."""
    from desk.states import OPEN, State

    return {
        "open": lambda who: {"states": OPEN},
        "open, one procedure": lambda who: {"states": OPEN, "procedure": who.procedure},
        "open, one agency": lambda who: {"states": OPEN, "agency": who.agency},
        "everything": lambda who: {},
        "stopped": lambda who: {"states": frozenset({State.STOPPED})},
        "number": lambda who: {"number": who.number},
    }
