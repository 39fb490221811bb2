"""Earlier and later texts of a procedure, for its page."""

from __future__ import annotations

import datetime as dt

from catalogue.models import Procedure, ProcedureVersion


def history(procedure: Procedure) -> list[ProcedureVersion]:
    """Return the versions, the newest first, without their content.

    The page's first query tells of a row with one version, so that no more is asked for it.
    """
    count = getattr(procedure, "version_count", None)
    if count == 0 or procedure.pk is None:
        return []
    if count == 1:
        since = getattr(procedure, "version_effective_from", None)
        return [ProcedureVersion(number=1, effective_from=since, decision=procedure.decision)]
    rows = ProcedureVersion.objects.filter(procedure=procedure).select_related("decision").defer("content")
    return list(rows.order_by("-number"))


def on_day(procedure: Procedure, day: dt.date) -> ProcedureVersion | None:
    """Return the version in force on a day, None where there was none yet."""
    return ProcedureVersion.objects.as_of(day).filter(procedure=procedure).select_related("decision").first()


def coming(procedure: Procedure, day: dt.date) -> ProcedureVersion | None:
    """Return the next version that says something else than the present one, None where none waits.

    Of versions with one day the one recorded last holds. No query for a row with one version, else one or two.
    """
    if getattr(procedure, "version_count", None) in (0, 1):
        return None
    rows = ProcedureVersion.objects.future(day).filter(procedure=procedure)
    later = list(rows.select_related("decision").defer("content"))
    if not later:
        return None
    present = on_day(procedure, day)
    for starts in sorted({version.effective_from for version in later if version.effective_from}):
        version = max(
            (version for version in later if version.effective_from == starts),
            key=lambda version: (version.recorded_at, version.number),
        )
        if present is None or version.digest != present.digest:
            return version
    return None
