"""A row of the officers' lists: what is shown of a dossier, read with its names at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, FilteredRelation, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.text import full_name, shorten
from desk.models import Dossier, Party
from desk.states import Channel, State

COLUMNS = (
    "pk", "code", "state", "channel", "system", "applicant__name", "procedure__code", "procedure__short_name",
    "procedure__name_vi", "submitted_at", "due_at", "holder_id", "holder__last_name", "holder__first_name",
    "holder__username", "holder_agency_id", "holder_agency__name_vi", "holder_agency__name_en", "step", "step_due_at",
    "last_number", "settled_at", "settlement", "limit_unit", "limit_set_on", "received_at",
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
    settled_at: dt.datetime | None
    settlement: str
    limit_unit: str
    limit_set_on: dt.date | None
    received_at: dt.datetime | None


def read_rows(keys: list[int]) -> list[Row]:
    """Return dossiers with the names that lists show, in the order of their keys (one query)."""
    if not keys:
        return []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(named_statement(), [Party.Role.APPLICANT.value, keys])
            rows = cursor.fetchall()
    else:
        rows = list(named().filter(pk__in=keys))
    found = {values[0]: row_of(values) for values in rows}
    return [found[pk] for pk in keys if pk in found]


def named() -> QuerySet[Dossier, Any]:
    """Return dossiers as rows with names."""
    applicant = FilteredRelation("parties", condition=Q(parties__role=Party.Role.APPLICANT))
    return Dossier.objects.annotate(applicant=applicant).values_list(*COLUMNS)


@cache
def named_statement() -> str:
    """Return PostgreSQL's statement of rows by their keys: made once, for the ORM takes longer than the answer."""
    keys: Any = RawSQL(f"{Dossier._meta.db_table}.id = ANY(%s)", [[]], output_field=BooleanField())  # noqa: S611
    statement, params = named().filter(keys).query.sql_with_params()
    assert params == (Party.Role.APPLICANT, []), params
    return statement


def row_of(values: tuple[Any, ...]) -> Row:
    """Return the row of values in the order of COLUMNS."""
    (
        pk, code, state, channel, system, applicant, procedure_code, short_name, name_vi, submitted_at, due_at,
        holder_id, last_name, first_name, username, agency_id, agency_vi, agency_en, step, step_due_at, last_number,
        settled_at, settlement, limit_unit, limit_set_on, received_at,
    ) = values  # fmt: skip
    is_english = (get_language() or "").startswith("en")
    return Row(
        pk=pk,
        code=code,
        state=State(state),
        channel=Channel(channel),
        system=system,
        # Only what was anonymised has an applicant without a name.
        applicant=applicant or (_("(anonymised)") if applicant == "" else ""),
        procedure=short_name or shorten(name_vi or procedure_code),
        procedure_code=procedure_code,
        submitted_at=submitted_at,
        due_at=due_at,
        holder_id=holder_id,
        holder=full_name(last_name, first_name) or username or "",
        holder_agency_id=agency_id,
        holder_agency=(is_english and agency_en) or agency_vi or "",
        step=step,
        step_due_at=step_due_at,
        last_number=last_number,
        settled_at=settled_at,
        settlement=settlement,
        limit_unit=limit_unit,
        limit_set_on=limit_set_on,
        received_at=received_at,
    )
