"""How people, offices and numbers are named on a slip."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from desk.models import DossierEvent, Party, PartyIdentifier
from desk.slips.parts import Officer, Person

ERASED = "—"
"""Stands where personal data were erased."""


def person(row: Party) -> Person:
    """Return a party as a slip shows it."""
    if row.erased_at is not None:
        return Person(ERASED)
    numbers = "; ".join(number(each) for each in row.identifiers.all())
    return Person(row.name, row.address, row.phone, row.email, numbers)


def number(each: PartyIdentifier) -> str:
    """Return «C1234567 (hộ chiếu, KR)»."""
    with translation.override("vi"):
        kind = str(PartyIdentifier.Kind(each.kind).label)
    return f"{each.value} ({kind}, {each.country})" if each.country != "VN" else f"{each.value} ({kind})"


def officer_of(event: DossierEvent) -> Officer:
    """Return an event's officer: name, title and unit of that moment."""
    if event.by_agency_id is None:
        return Officer("")
    return Officer(event.by_name, capitalised(event.by_title), event.by_unit)


def capitalised(text: str) -> str:
    """Return a text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def vi(row: Any) -> str:
    """Return a catalogue row's Vietnamese name."""
    return str(getattr(row, "name_vi", "") or getattr(row, "name", "") or "")
