"""The one way from a person and a code to a dossier."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from catalogue.models import Procedure
from desk.actors import Actor, officer
from desk.models import Dossier
from desk.permissions import is_allowed
from desk.tracing import leave_trace, with_trace

BESIDE = (
    "version", "procedure", "centre", "received_by", "decided_by", "holder_agency", "holder", "extension", "membership",
)  # fmt: skip
"""What every page of a dossier shows or asks besides its own row."""
READ_OF_PROCEDURE = ("id", "code", "short_name", "live")
"""The desk reads the version; of the procedure itself only how it is called."""


def get_dossier_for(user: Any, code: str, at: dt.datetime, *, what: str, act: str = "") -> tuple[Dossier, Actor]:
    """Return the dossier with this code, and the person as an actor (at most three queries, and the trace).

    A stranger gets Http404, as for a code that isn't there; a colleague whose posts don't allow `act` gets
    PermissionDenied (403). `what` of it is opened is written down first (`desk/tracing.py`): raises ReasonNeededError
    where it isn't own and nobody has said why, NotTracedError where it can't be written.
    """
    actor = officer(user, at)
    return get_dossier(actor, code, at, what=what, act=act), actor


def get_dossier(actor: Actor, code: str, at: dt.datetime, *, what: str, act: str = "") -> Dossier:
    """Return the dossier with this code for somebody who is known as an actor already (one query, and the trace)."""
    dossier = found(with_trace(openable(actor), actor, at, what), code)
    if act and not is_allowed(act, dossier, actor):
        raise PermissionDenied
    leave_trace(dossier, actor, at)
    return dossier


def get_shut_dossier(actor: Actor, code: str) -> Dossier:
    """Return a dossier of which nothing but its code and procedure is going to be shown: no trace. Raises Http404."""
    return found(openable(actor), code)


def openable(actor: Actor) -> Any:
    """Return what somebody may open, with what every page shows."""
    return Dossier.objects.open_to(actor).select_related(*BESIDE).defer(*heavy_columns())


def found(rows: Any, code: str) -> Any:
    """Return the dossier with a code. Raises Http404."""
    # PostgreSQL refuses even to look for a NUL.
    dossier = None if "\0" in code else rows.filter(code=code).first()
    if dossier is None:
        raise Http404
    return dossier


@cache
def heavy_columns() -> tuple[str, ...]:
    """Return the joined procedure's columns that no page of a dossier reads: its texts in five languages."""
    names = (field.name for field in Procedure._meta.concrete_fields)
    return tuple(
        f"procedure__{name}" for name in names if name not in READ_OF_PROCEDURE and not name.startswith("name")
    )
