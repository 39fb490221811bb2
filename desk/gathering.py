"""All rows that belong to a dossier, read by one statement: a page that shows them all doesn't ask table by table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, models

from catalogue.models import Agency
from desk.models import (
    ClockStop,
    Dossier,
    DossierFile,
    DossierResult,
    EventValue,
    GroupMember,
    HandedPaper,
    HandOver,
    Notice,
    Party,
    PartyIdentifier,
    PaymentRequest,
    Related,
    SupplementItem,
    SupplementRequest,
)

BY_EVENT, BY_PARTY, BY_REQUEST = (
    f" JOIN {table} o ON o.id = t.{column}"
    for table, column in (
        ("desk_dossierevent", "event_id"),
        ("desk_party", "party_id"),
        ("desk_supplementrequest", "request_id"),
    )
)
TABLES: dict[str, tuple[type[models.Model], str]] = {
    "parties": (Party, ""),
    "identifiers": (PartyIdentifier, BY_PARTY),
    "texts": (EventValue, BY_EVENT),
    "papers": (HandedPaper, ""),
    "files": (DossierFile, ""),
    "requests": (SupplementRequest, ""),
    "items": (SupplementItem, BY_REQUEST),
    "clock_stops": (ClockStop, ""),
    "payments": (PaymentRequest, ""),
    "hand_overs": (HandOver, ""),
    "results": (DossierResult, ""),
    "notices": (Notice, ""),
    "relations": (Related, ""),
    "group": (GroupMember, ""),
}
"""What is read of a dossier, by name: the table, and the way to the dossier of what hangs on another row of it."""
ARRAY = {"postgresql": "json_build_array", "sqlite": "json_array"}


@dataclass
class Rows:
    """The rows of a dossier by name, each list in the order in which it was written; agencies and people by key."""

    by_name: dict[str, list[Any]]
    agencies: dict[int, Agency] = field(default_factory=dict)
    people: dict[int, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> list[Any]:
        return self.by_name[name]

    def name_agencies(self, keys: Iterable[int | None]) -> None:
        """Read the agencies that aren't known yet (one query at most)."""
        wanted = {key for key in keys if key and key not in self.agencies}
        self.agencies |= Agency.objects.in_bulk(wanted) if wanted else {}

    def name_people(self, keys: Iterable[int | None]) -> None:
        """Read the people of the office who aren't known yet (one query at most)."""
        wanted = {key for key in keys if key and key not in self.people}
        self.people |= get_user_model().objects.in_bulk(wanted) if wanted else {}


def gather(dossier: Dossier) -> Rows:
    """Read all rows of a dossier, and let those that belong together know each other (one query)."""
    found: dict[str, list[Any]] = {name: [] for name in TABLES}
    with connection.cursor() as cursor:
        cursor.execute(statement(connection.vendor), [dossier.pk] * len(TABLES))
        for name, values in cursor.fetchall():
            found[name].append(row_of(name, json.loads(values, parse_float=Decimal)))
    for each in found.values():
        each.sort(key=lambda row: row.pk)
    agencies = [dossier.received_by, dossier.decided_by, dossier.holder_agency]
    rows = Rows(found, {agency.pk: agency for agency in agencies})
    if dossier.holder is not None:
        rows.people[dossier.holder.pk] = dossier.holder
    for party in rows["parties"]:
        party.new_identifiers = [each for each in rows["identifiers"] if each.party_id == party.pk]
    for request in rows["requests"]:
        keep(request, "items", [each for each in rows["items"] if each.request_id == request.pk])
    rows["hand_overs"].sort(key=lambda row: (row.given_at, row.pk))
    rows["clock_stops"].sort(key=lambda row: (row.began_at, row.pk))
    for name in ("hand_overs", "clock_stops"):
        keep(dossier, name, rows[name])
    return rows


def keep(owner: models.Model, name: str, rows: list[Any]) -> None:
    """Let `owner.name.all()` be rows that were read already, as a prefetch does."""
    queryset = getattr(owner, name).get_queryset()
    queryset._result_cache, queryset._prefetch_done = rows, True
    vars(owner).setdefault("_prefetched_objects_cache", {})[name] = queryset


@cache
def statement(vendor: str) -> str:
    """Return the statement: a line for every row, its table's name and its columns as a JSON array."""
    quote = connection.ops.quote_name
    parts = []
    for name, (model, join) in TABLES.items():
        columns = ", ".join(f"t.{quote(str(each.column))}" for each in model._meta.concrete_fields)
        owner = "o" if join else "t"
        parts.append(
            f"SELECT '{name}', CAST({ARRAY[vendor]}({columns}) AS text)"  # noqa: S608 (names of the models)
            f" FROM {model._meta.db_table} t{join} WHERE {owner}.dossier_id = %s"
        )
    return " UNION ALL ".join(parts)


def row_of(name: str, values: list[Any]) -> models.Model:
    """Return a row from its columns as JSON has them."""
    model, names, readers = columns_of(name)
    for place, read in readers:
        if values[place] is not None:
            values[place] = read(values[place])
    return model.from_db(connection.alias, names, values)


@cache
def columns_of(name: str) -> tuple[type[models.Model], list[str], list[tuple[int, Callable[[Any], Any]]]]:
    """Return a table's model, its columns, and which of them are read how."""
    model = TABLES[name][0]
    fields = model._meta.concrete_fields
    kinds: dict[type[Any], Callable[[Any], Any]] = {
        models.DateTimeField: moment,
        models.DateField: dt.date.fromisoformat,
        models.BooleanField: bool,
    }
    readers: list[tuple[int, Callable[[Any], Any]]] = []
    for place, each in enumerate(fields):
        if isinstance(each, models.DecimalField):
            readers.append((place, money))
        elif read := next((read for kind, read in kinds.items() if isinstance(each, kind)), None):
            readers.append((place, read))
    return model, [each.attname for each in fields], readers


def moment(text: str) -> dt.datetime:
    """Return a moment as either database writes it: SQLite in UTC and without saying so."""
    read = dt.datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)


def money(number: Any) -> Decimal:
    """Return an amount of dong with two digits."""
    return Decimal(str(number)).quantize(Decimal("0.01"))
