"""How dossiers are read as plain data, on either database, and what is legal: from the models and their machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, models

from desk import chain
from desk.diagram import moves
from desk.digests import COLUMNS
from desk.models import (
    ClockStop,
    Dossier,
    DossierEvent,
    DossierExtension,
    DossierResult,
    EventValue,
    GroupMember,
    HandedPaper,
    HandOver,
    Party,
    PartyIdentifier,
    PaymentRequest,
    Related,
    SupplementItem,
    SupplementRequest,
)
from desk.permissions import RULES
from desk.states import HANDED_BACK, State
from desk.verifying.heads import Heads
from desk.verifying.plan import Plan, Table

UTC_TEXT = {
    "postgresql": """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
    "sqlite": "replace({0}, ' ', 'T') || CASE WHEN length({0}) = 19 THEN '.000000' ELSE '' END || '+00:00'",
}
DAY_TEXT = {"postgresql": "to_char({0}, 'YYYY-MM-DD')", "sqlite": "{0} || ''"}
MONEY_TEXT = {"postgresql": "CAST({0} AS text)", "sqlite": "CASE WHEN {0} IS NOT NULL THEN printf('%%.2f', {0}) END"}
CHILDREN = (
    HandedPaper, HandOver, DossierResult, ClockStop, SupplementRequest, PaymentRequest, DossierExtension, GroupMember,
    Related,
)  # fmt: skip
"""Rows of a dossier of which the events hold digests; SupplementItem besides, by its request."""


PARTY = (
    "id", "salt", "erased_at", "role", "kind", "name", "born_on", "address", "place_id", "phone", "email",
)  # fmt: skip
"""Key, salt and erasure, then what `chain.party_digest` covers, in its order."""


def make_plan(heads: tuple[Heads, ...] = ()) -> Plan:
    """Return the plan for the database at hand."""
    event = [_field(DossierEvent, name) for name in ("id", "dossier_id", *COLUMNS, "digest")]
    fields = [_field(Dossier, name) for name in ("id", "last_number", "last_at", "head", *chain.BLANK)]
    return Plan(
        vendor=connection.vendor,
        key=chain.key(),
        dossiers=_table(Dossier, fields, within="t.id"),
        events=_table(DossierEvent, event, order="t.dossier_id, t.number"),
        texts=_table(
            EventValue,
            [_field(EventValue, name) for name in ("event_id", "name", "text", "salt", "erased_at")],
            owner="o.dossier_id",
            join="desk_dossierevent o ON o.id = t.event_id",
        ),
        parties=_table(Party, [_field(Party, name) for name in PARTY]),
        identifiers=_table(
            PartyIdentifier,
            [_field(PartyIdentifier, name) for name in ("party_id", "kind", "value", "country")],
            owner="o.dossier_id",
            join="desk_party o ON o.id = t.party_id",
        ),
        children=(
            *(_table(model, _kept(model)) for model in CHILDREN),
            _table(
                SupplementItem,
                _kept(SupplementItem),
                owner="o.dossier_id",
                join="desk_supplementrequest o ON o.id = t.request_id",
            ),
        ),
        blank=chain.blank(),
        legal=frozenset(legal()),
        heads=heads,
    )


def legal() -> Iterator[tuple[str, int | None, int]]:
    """Yield every act with the state before (None: there was no dossier) and after it."""
    yield from {("register", None, 1), ("receive", None, 2), ("reject", None, 3)}
    yield from (("mirror", before, int(after)) for after in State for before in (None, *map(int, State)))
    moving = {"register", "mirror"}
    for before, after, act in moves():
        yield act, before, after
        moving.add(act)
    yield "undo", int(State.PROCESSING), int(State.RECEIVED)
    for act in RULES.keys() - moving:
        states = HANDED_BACK if act == "hand_back" else frozenset(State)
        yield from ((act, int(state), int(state)) for state in states)


def _field(model: type[models.Model], attname: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if field.attname == attname)


def _kept(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return sorted(chain.kept_fields(model), key=lambda field: field.attname)


def _table(
    model: type[models.Model],
    fields: list[models.Field[Any, Any]],
    *,
    owner: str = "t.dossier_id",
    join: str = "",
    within: str = "",
    order: str = "",
) -> Table:
    """Return how a table's fields are read as JSON would hold them, behind the key of the dossier (unless it's it)."""
    columns = [_as_text(field) for field in fields]
    if model is not Dossier and model is not DossierEvent:
        columns.insert(0, owner)
    source = f"{model._meta.db_table} t" + (f" JOIN {join}" if join else "")
    return Table(
        name=model.__name__,
        sql=f"SELECT {', '.join(columns)} FROM {source}",  # noqa: S608 (names of the models)
        within=within or owner,
        order=order or within or owner,
        keys=tuple(field.attname for field in fields),
    )


def _as_text(field: models.Field[Any, Any]) -> str:
    column = f"t.{connection.ops.quote_name(str(field.column))}"
    kinds = {models.DateTimeField: UTC_TEXT, models.DateField: DAY_TEXT, models.DecimalField: MONEY_TEXT}
    form = next((form for kind, form in kinds.items() if isinstance(field, kind)), None)
    return form[connection.vendor].format(column) if form else column
