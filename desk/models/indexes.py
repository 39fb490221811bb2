"""The indexes of the officers' lists (`desk/queues.py`): open work by due date, everything by what came last."""

from __future__ import annotations

from django.db.models import Index, Q

from desk.states import OPEN, State, StopKind

IS_OPEN = Q(state__in=sorted(map(int, OPEN)))
IS_READY = Q(state=State.FINISHED.value, system="") | Q(
    state=State.STOPPED.value, stop_kind=StopKind.END.value, handed_back_at__isnull=True, system=""
)
"""A result, or the papers of what was ended, wait at the counter. Lists say it in these words, so the index is used."""
SIDES = {"held": "holder_agency", "received": "received_by", "decided": "decided_by", "helped": "helped_by"}
NARROWED = ("state", "procedure", "holder", "channel", "submitted_at", "system")
OVERSEEN = (*NARROWED, "step")
"""What figures of the work are grouped by as well, at the agency that holds it and in the province."""
IS_SUSPENDED = Q(state=State.STOPPED.value, stop_kind=StopKind.SUSPENSION.value)
IS_SETTLED = Q(settled_at__isnull=False, received_at__isnull=False)
"""What lists of open work are narrowed by: read from the index, which is small, instead of the rows."""


def open_indexes() -> list[Index]:
    """Return one index a side, and one for the whole province, of the dossiers that are open: one in twenty or less."""
    whole = Index(
        fields=["due_at", "id"], include=[*OVERSEEN, *SIDES.values()], condition=IS_OPEN, name="dossier_open_due"
    )
    held = (*OVERSEEN, "received_by", "decided_by")
    return [
        whole,
        *(side_index(name, IS_OPEN, "due_at", "open", held if name == "held" else NARROWED) for name in SIDES),
    ]


def newest_indexes() -> list[Index]:
    """Return one index a side, state and procedure; they take the place of the foreign keys' own."""
    return [
        *(side_index(name, Q(), "submitted_at", "newest", ("state", "procedure", "channel")) for name in SIDES),
        Index(fields=["state", "submitted_at", "id"], include=["procedure", "channel"], name="dossier_state_newest"),
        Index(fields=["procedure", "submitted_at", "id"], name="dossier_procedure_newest"),
    ]


def clock_indexes() -> list[Index]:
    """Return one index a moment at which the clock looks each minute, of the few dossiers that have it."""
    return [
        Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"dossier_{name}")
        for name in ("step_due_at", "answer_by")
    ]


def ready_indexes() -> list[Index]:
    """Return the index of what waits at a counter to be handed over: few at any time."""
    return [Index(fields=["received_by", "submitted_at", "id"], condition=IS_READY, name="dossier_ready")]


def overseen_indexes() -> list[Index]:
    """Return the index of what agencies have settled, by when, and that of what they have suspended: few."""
    return [
        Index(
            fields=["decided_by", "settled_at", "id"],
            include=["settlement", "state", "procedure"],
            condition=IS_SETTLED,
            name="dossier_settled",
        ),
        Index(fields=["holder_agency", "submitted_at", "id"], condition=IS_SUSPENDED, name="dossier_suspended"),
    ]


def side_index(name: str, only: Q, moment: str, kind: str, include: tuple[str, ...]) -> Index:
    """Return the index of a side; few dossiers have an agency that helped, so the others aren't in its index."""
    column = SIDES[name]
    if name == "helped":
        only &= Q(helped_by__isnull=False)
    return Index(
        fields=[column, moment, "id"], include=list(include), condition=only or None, name=f"dossier_{kind}_{name}"
    )
