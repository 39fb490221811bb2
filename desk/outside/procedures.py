"""Which of the province's procedures are filed on which ministry's system as of a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from catalogue.models import Procedure, ProcedureRoute
from catalogue.models.people import key_of
from desk.outside.needing import System, moved_on, routes_on


@dataclass(frozen=True)
class Line:
    """A procedure with its ministries' routes of the day."""

    procedure: Procedure
    routes: list[ProcedureRoute]

    @property
    def systems(self) -> str:
        """Return the systems."""
        return joined(route.system for route in self.routes)

    @property
    def levels(self) -> str:
        """Return the levels."""
        return joined(str(route.get_level_display()) for route in self.routes)

    @property
    def begins(self) -> str:
        """Return from which day on."""
        return joined(f"{route.valid_from:%d/%m/%Y}" for route in self.routes if route.valid_from)

    @property
    def announced(self) -> str:
        """Return who announced it."""
        return joined(route.announced_by for route in self.routes)


@dataclass(frozen=True)
class Listed:
    """The systems of a day, and the procedures of one of them, or of all; `system`: None where none is chosen."""

    day: dt.date
    systems: list[System]
    system: System | None
    rows: QuerySet[Procedure]

    def lines(self, rows: Iterable[Procedure]) -> list[Line]:
        """Return some of the procedures with their routes (one query, and one for the rows)."""
        chosen = list(rows)
        routes: dict[int, list[ProcedureRoute]] = defaultdict(list)
        wanted = routes_on(self.day).filter(procedure__in=[row.pk for row in chosen], is_provincial=False)
        for route in wanted.defer(None).order_by("valid_from", "pk"):
            if self.system is None or key_of(route.system) == self.system.key:
                routes[route.procedure_id].append(route)
        return [Line(row, routes[row.pk]) for row in chosen]


def filed(day: dt.date, key: str = "") -> Listed:
    """Return what is filed where on a day (two queries); an unknown system is none."""
    found: dict[str, System] = {}
    moved_on(day, found)
    system = found.get(key)
    chosen = [system] if system else found.values()
    keys = set().union(*(each.procedures for each in chosen))
    rows = Procedure.objects.filter(pk__in=keys).order_by("issuer", "code")
    systems = sorted(found.values(), key=lambda each: (-len(each.procedures), each.key))
    return Listed(day, systems, system, rows)


def joined(values: Iterable[str]) -> str:
    """Return what isn't empty, each once."""
    return "; ".join(dict.fromkeys(value for value in values if value))
