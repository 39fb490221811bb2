"""The chain of a dossier's events: an HMAC of each with the one before it, under a key from the environment."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.conf import settings
from django.db import models

from desk.digests import COLUMNS, NOT_IN_ROWS, canonical, columns_digest, event_digest, person_digest, salted_digest
from desk.models import Dossier, DossierEvent, Party

__all__ = ["COLUMNS", "canonical", "salted_digest"]
BLANK = {
    field.attname: field.get_default() for field in Dossier._meta.concrete_fields if field.name not in Dossier.UNFOLDED
}
"""A dossier before its first event."""


def plain(value: Any) -> Any:
    """Return a field's value as JSON holds it: moments in UTC, money with two digits."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    return f"{value:.2f}"


def snapshot(dossier: Dossier) -> dict[str, Any]:
    """Return the fields that events hold, as JSON holds them."""
    return {name: plain(getattr(dossier, name)) for name in BLANK}


def blank() -> dict[str, Any]:
    """Return the fields of a dossier of which nothing is known yet."""
    return {name: plain(value) for name, value in BLANK.items()}


def digest(code: str, values: tuple[Any, ...], key: bytes) -> str:
    """Return the HMAC-SHA256, in hex, of an event: its dossier's code, then its values in the order of COLUMNS."""
    return event_digest(code, map(plain, values), key)


def seal(event: DossierEvent, dossier: Dossier) -> None:
    """Hang an event on its dossier's chain, and make it the head."""
    event.number, event.previous = dossier.last_number + 1, dossier.head
    event.digest = digest(dossier.code, tuple(getattr(event, name) for name in COLUMNS), key())
    dossier.last_number, dossier.last_at, dossier.head = event.number, event.at, event.digest


def key() -> bytes:
    """Return the key of the chain."""
    return settings.DESK_CHAIN_KEY.encode()


def salted(text: str) -> tuple[str, str]:
    """Return a new salt, and the digest of a text with it."""
    salt = secrets.token_hex(16)
    return salt, salted_digest(text, salt)


def party_digest(party: Party) -> str:
    """Return the digest of a party's data with its salt, in hex: erased data can't be guessed from it."""
    values = [
        party.role, party.kind, party.name, plain(party.born_on), party.address, party.place_id, party.phone,
        party.email,
    ]  # fmt: skip
    numbers = [[each.kind, each.value, each.country] for each in party.known_identifiers()]
    return person_digest(values, numbers, party.salt)


PERSONAL = frozenset({"Party", "PartyIdentifier", "EventValue", "DossierFile", "ReadingReason", "LegalHold"})
"""Rows that can be erased: events hold salted digests of them, or of what isn't personal."""
FLEETING = frozenset({"Notice", "Slip"})
"""Rows that change without an act."""


def is_kept_for_good(row: models.Model) -> bool:
    """Return whether an event holds the digest of a row as it was written."""
    return type(row).__name__ not in PERSONAL | FLEETING


def row_name(row: models.Model) -> str:
    """Return by which name an event holds a row."""
    return f"{type(row).__name__}:{row.pk}"


def row_digest(row: models.Model) -> str:
    """Return the SHA-256 of a child row's columns, in hex; of reasons the event has salted digests."""
    fields = sorted(kept_fields(type(row)), key=lambda field: field.attname)
    return columns_digest({field.attname: plain(getattr(row, field.attname)) for field in fields})


def kept_fields(model: type[models.Model]) -> list[Any]:
    """Return the fields of a child row that its digest covers."""
    return [field for field in model._meta.concrete_fields if field.name not in NOT_IN_ROWS]
