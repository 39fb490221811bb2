"""People filled in from an earlier dossier, or offered so: a reading of it. They came, so nobody is asked why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from desk.actors import Actor
from desk.forms.filling import Filled
from desk.models import Dossier, What, Why
from desk.tracing import leave_traces


def trace_known(found: Iterable[Filled], of: Dossier | None, by: Actor, at: dt.datetime) -> None:
    """Note of which dossiers people are shown on the intake page (a query; none without any). Raises NotTracedError."""
    keys = {each.dossier.pk for each in found if each.dossier is not None} | ({of.pk} if of is not None else set())
    if keys:
        leave_traces(sorted(keys), by, at, What.INTAKE, Why.ASKED)
