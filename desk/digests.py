"""What the digests of the event log are made of: plain data as JSON, the same for equal data.

It needs no Django, so that a process which only checks digests needs none either.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

SEPARATORS = (",", ":")
COLUMNS = (
    "number", "act", "at", "by_kind", "by_user_id", "by_name", "by_title", "by_unit", "by_agency_id", "state_before",
    "state_after", "step", "step_due_at", "due_before", "due_after", "body", "previous",
)  # fmt: skip
"""What an event's digest covers, after the dossier's code."""
NOT_IN_ROWS = frozenset({"reason", "signed_by", "purpose"})
"""Fields of child rows that may hold something personal: of reasons the event has salted digests."""
as_json = json.JSONEncoder(ensure_ascii=False, separators=SEPARATORS).encode
"""Turn plain data into JSON, the members of an object in their own order."""


def canonical(data: Any) -> str:
    """Return plain data as JSON, the same for equal data."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=SEPARATORS)


def event_digest(code: str, values: Iterable[Any], key: bytes) -> str:
    """Return the HMAC-SHA256, in hex, of an event: its dossier's code, then its plain values in COLUMNS' order."""
    return hmac.digest(key, as_json([code, *values]).encode(), "sha256").hex()


def salted_digest(text: str, salt: str) -> str:
    """Return the SHA-256 of a text with its salt, in hex."""
    return sha256(salt.encode() + text.encode()).hexdigest()


def person_digest(values: list[Any], numbers: list[list[str]], salt: str) -> str:
    """Return the salted digest of a party: its plain values, and its numbers as [kind, value, country]."""
    return salted_digest(as_json([values, sorted(numbers)]), salt)


def columns_digest(values: dict[str, Any]) -> str:
    """Return the SHA-256 of a row's plain columns, whose names are in the order of the alphabet, in hex."""
    return sha256(as_json(values).encode()).hexdigest()
