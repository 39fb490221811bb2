"""On which system a procedure is submitted and settled: dated rows, by the day of submission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from catalogue.models import Agency, Procedure, ProcedureRoute
from desk.refusals import RouteMoved

Level = ProcedureRoute.Level


def route_on(procedure: Procedure, day: dt.date, level: str) -> ProcedureRoute | None:
    """Return the route of a submission on a day at a level, the level's own before that for all; None if none is known.

    Source: Công văn 39/TTg-KSTT: what was submitted before the cut-over stays on the provincial system to the end.
    """
    return first_of(ProcedureRoute.objects.on(day).filter(procedure=procedure, level__in=[level, Level.ANY]), level)


def first_of(routes: Iterable[ProcedureRoute], level: str) -> ProcedureRoute | None:
    """Return which of a procedure's routes of a day goes first at a level."""
    fit = (row for row in routes if row.level in (level, Level.ANY))
    return min(fit, key=lambda row: (row.level == Level.ANY, row.is_provincial, -row.pk), default=None)


def require_provincial(procedure: Procedure, day: dt.date, decided_by: Agency) -> None:
    """Raise RouteMoved where a submission of that day belongs on a ministry's system."""
    route = route_on(procedure, day, level_of(decided_by))
    if route is not None and not route.is_provincial:
        raise RouteMoved(route.system, route.url)


def level_of(agency: Agency) -> str:
    """Return the level at which an agency settles."""
    if agency.kind == Agency.Kind.MINISTRY:
        return Level.MINISTRY
    return Level.COMMUNE if agency.place.level == "commune" else Level.PROVINCE
