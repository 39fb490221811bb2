"""Routes to a ministry's system that only a demo has, so that shadows can be shown: named and announced as DEMO."""

from __future__ import annotations

import datetime as dt

from catalogue.models import ProcedureRoute
from desk.simulation.matters import candidates
from desk.simulation.world import FEW

SYSTEM = "DEMO · Hệ thống thông tin của Bộ"
COMMUNES, DEPARTMENTS = (12, 17), (9,)
"""Which procedures of each level move, by their rank: known ones, but not those that everybody comes with."""


def make_routes(first: dt.date, last: dt.date) -> int:
    """Let three procedures be settled on a ministry's system, one only from the middle of the days on (idempotent)."""
    if ProcedureRoute.objects.filter(system=SYSTEM).exists():
        return 0
    found = candidates(FEW)
    chosen = []
    for is_communes, ranks in ((True, COMMUNES), (False, DEPARTMENTS)):
        of_level = [each for each in found if each.is_communes is is_communes]
        last_rank = len(of_level) - 1
        chosen += [of_level[rank] for rank in sorted({min(rank, last_rank) for rank in ranks}) if last_rank > 0]
    middle = first + (last - first) / 2
    rows = [
        ProcedureRoute(
            procedure=each.procedure,
            is_provincial=False,
            system=SYSTEM,
            announced_by="DEMO",
            valid_from=middle if place == 0 else first,
        )
        for place, each in enumerate(chosen)
    ]
    return len(ProcedureRoute.objects.bulk_create(rows))
