"""A row of the officers' lists: what is shown of a dossier, read with its names at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from catalogue.text import shorten
from desk.states import Channel, State

COLUMNS = (
    "pk", "code", "state", "channel", "system", "applicant__name", "procedure__code", "procedure__short_name",
    "procedure__name_vi", "submitted_at", "due_at", "holder_id", "holder__last_name", "holder__first_name",
    "holder__username", "holder_agency_id", "holder_agency__name_vi", "holder_agency__name_en", "step", "step_due_at",
    "last_number",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of a list: names in the language of the desk, moments aware; `holder` is empty while nobody has it."""

    pk: int
    code: str
    state: State
    channel: Channel
    system: str
    applicant: str
    procedure: str
    procedure_code: str
    submitted_at: dt.datetime
    due_at: dt.datetime | None
    holder_id: int | None
    holder: str
    holder_agency_id: int
    holder_agency: str
    step: str
    step_due_at: dt.datetime | None
    last_number: int
    """The number of the last event: what an act that was offered here gives as `seen`."""


def row_of(values: tuple[Any, ...]) -> Row:
    """Return the row of values in the order of COLUMNS."""
    (
        pk, code, state, channel, system, applicant, procedure_code, short_name, name_vi, submitted_at, due_at,
        holder_id, last_name, first_name, username, agency_id, agency_vi, agency_en, step, step_due_at, last_number,
    ) = values  # fmt: skip
    is_english = (get_language() or "").startswith("en")
    return Row(
        pk=pk,
        code=code,
        state=State(state),
        channel=Channel(channel),
        system=system,
        applicant=applicant or "",
        procedure=short_name or shorten(name_vi or procedure_code),
        procedure_code=procedure_code,
        submitted_at=submitted_at,
        due_at=due_at,
        holder_id=holder_id,
        holder=f"{first_name or ''} {last_name or ''}".strip() or username or "",
        holder_agency_id=agency_id,
        holder_agency=(is_english and agency_en) or agency_vi or "",
        step=step,
        step_due_at=step_due_at,
        last_number=last_number,
    )
