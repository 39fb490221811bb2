"""Dossiers written as plain data, a thousand times faster than by acts: the same fields, rows, events and chains.

What an act of `desk/actions` does to a dossier stands here once more, in the words of JSON; that both agree is
what `verify_desk` and the tests show. For empty databases of benchmarks alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from django.db import models

from desk import chain, counters, digests
from desk.models import (
    ClockStop,
    Dossier,
    DossierEvent,
    DossierExtension,
    DossierResult,
    EventValue,
    HandedPaper,
    HandOver,
    Party,
    PartyIdentifier,
    PaymentRequest,
    SupplementItem,
    SupplementRequest,
)

MODELS: tuple[type[models.Model], ...] = (
    Dossier, Party, PartyIdentifier, HandedPaper, SupplementRequest, SupplementItem, ClockStop, DossierExtension,
    PaymentRequest, HandOver, DossierResult, DossierEvent, EventValue,
)  # fmt: skip
"""The rows of a pile, each after what it points to."""
NAMES: dict[type[models.Model], tuple[str, ...]] = {
    model: tuple(field.attname for field in model._meta.concrete_fields) for model in MODELS
}
MOST_ROWS = 32
"""Keys that are kept free for a dossier's rows of each kind."""
Row = dict[str, Any]
as_sorted_json = json.JSONEncoder(ensure_ascii=False, separators=digests.SEPARATORS, sort_keys=True).encode
"""digests.canonical, without a new encoder for each of millions."""
DIGESTED = {model: sorted({*names} - digests.NOT_IN_ROWS) for model, names in NAMES.items()}


class By(NamedTuple):
    """Who acts, as an event freezes it."""

    kind: str
    user_id: int | None = None
    name: str = ""
    title: str = ""
    unit: str = ""
    agency_id: int | None = None


@lru_cache(maxsize=1_000)
def text_of(second: int) -> str:
    """Return a moment as JSON holds it: in UTC, with microseconds."""
    return dt.datetime.fromtimestamp(second, dt.UTC).isoformat(timespec="microseconds")


class Ledger:
    """The rows of many dossiers, by their model, and what the counters say of them."""

    def __init__(self, first: int) -> None:
        self.rows: dict[type[models.Model], list[Row]] = {model: [] for model in MODELS}
        self.keys = dict.fromkeys(MODELS, first * MOST_ROWS)
        self.keys[Dossier] = first
        self.counts: Counter[counters.Key] = Counter()
        self.key = chain.key()

    def row(self, model: type[models.Model], values: Row) -> Row:
        """Return a new row with the next key of its model; its values in any order, all of them."""
        row = {"id": self.keys[model], **values}
        self.keys[model] += 1
        self.rows[model].append(row)
        return row


class Kept:
    """One dossier as its acts leave it, event by event."""

    def __init__(self, ledger: Ledger, rng: Random, code: str) -> None:
        self.ledger, self.rng, self.code = ledger, rng, code
        self.fields: Row = dict(BLANK)
        self.row = ledger.row(Dossier, {})
        self.pk: int = self.row["id"]
        self.number, self.head, self.last = 0, "", 0

    def act(
        self,
        name: str,
        second: int,
        by: By,
        changes: Row,
        *,
        rows: list[tuple[type[models.Model], Row]] | None = None,
        facts: Row | None = None,
        texts: dict[str, str] | None = None,
        values: Row | None = None,
    ) -> None:
        """Write an act: its changed fields, the digests of its rows, its event at the end of the chain."""
        fields, ledger = self.fields, self.ledger
        state = fields["state"] if self.number else None
        due_before = fields["due_at"]
        changed = {field: value for field, value in changes.items() if fields[field] != value}
        fields.update(changed)
        body: Row = {"changes": changed} if changed else {}
        if facts:
            body["facts"] = facts
        values = values or {}
        said = []
        for key, text in (texts or {}).items():
            salt = salt_of(self.rng)
            values[key] = chain.salted_digest(text, salt)
            said.append({"name": key, "text": text, "salt": salt, "erased_at": None})
        if values:
            body["values"] = values
        if rows:
            body["rows"] = {f"{model.__name__}:{row['id']}": row_digest(model, row) for model, row in rows}
        at = text_of(second)
        self.number += 1
        sealed = (
            self.number, name, at, by.kind, by.user_id, by.name, by.title, by.unit, by.agency_id, state,
            fields["state"], fields["step"], fields["step_due_at"], due_before, fields["due_at"],
            as_sorted_json(body), self.head,
        )  # fmt: skip
        self.head = digests.event_digest(self.code, sealed, ledger.key)
        event = dict(zip(chain.COLUMNS, sealed, strict=True))
        event |= {"dossier_id": self.pk, "digest": self.head}
        event_id = ledger.row(DossierEvent, event)["id"]
        for value in said:
            ledger.row(EventValue, {"event_id": event_id, **value})
        self.last = second

    def close(self) -> None:
        """Write the dossier's row, and count it."""
        fields = self.fields
        self.row.update(
            fields,
            tracking_token=f"{self.rng.getrandbits(172):043x}",
            last_number=self.number,
            last_at=text_of(self.last),
            head=self.head,
        )
        self.ledger.counts.update(counters.counted_in(Counted(fields)))


class Counted:
    """A dossier as the counters read it."""

    def __init__(self, fields: Row) -> None:
        self.__dict__ = {name: fields[name] for name in COUNTED}
        for name in ("submitted_at", "received_at", "settled_at"):
            text = fields[name]
            self.__dict__[name] = dt.datetime.fromisoformat(text) if text else None


COUNTED = (
    "procedure_id", "holder_agency_id", "decided_by_id", "received_by_id", "helped_by_id", "state", "settlement",
)  # fmt: skip
BLANK = chain.blank()


def row_digest(model: type[models.Model], row: Row) -> str:
    """Return the digest of a row as chain.row_digest reads it from the database."""
    return digests.columns_digest({name: row[name] for name in DIGESTED[model]})


def salt_of(rng: Random) -> str:
    """Return a salt."""
    return f"{rng.getrandbits(128):032x}"


class PartyRead:
    """A party's row and its numbers, as the chain reads them."""

    def __init__(self, row: Row, numbers: list[Any] | None = None) -> None:
        self.__dict__.update(row)
        self.numbers = numbers or []

    def known_identifiers(self) -> list[Any]:
        """Return its numbers."""
        return self.numbers
