"""Earlier and later texts of a procedure, for its page."""

from __future__ import annotations

import datetime as dt

from catalogue.models import Procedure, ProcedureVersion


def history(procedure: Procedure) -> list[ProcedureVersion]:
    """Return the versions, the newest first, without their content.

    A row with one version is told by the page's first query, so that no more is asked for it.
    """
    if getattr(procedure, "version_count", 2) == 0 or procedure.pk is None:
        return []
    rows = ProcedureVersion.objects.filter(procedure=procedure).select_related("decision").defer("content")
    return list(rows.order_by("-number"))


def on_day(procedure: Procedure, day: dt.date) -> ProcedureVersion | None:
    """Return the version in force on a day, None where there was none yet."""
    return ProcedureVersion.objects.as_of(day).filter(procedure=procedure).select_related("decision").first()
