"""Addresses of centres, as a file gives them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalogue.loading.reading import UntrustedFileError, read_jsonl
from catalogue.loading.report import Refusal
from catalogue.loading.rows import TEXT, TEXT_OR_NONE, BadRowError, check_fields
from catalogue.text import fold, nfc

SHAPE = {
    "name": TEXT,
    "level": TEXT,
    "province": TEXT,
    "commune": TEXT_OR_NONE,
    "address": TEXT_OR_NONE,
    "phone": TEXT_OR_NONE,
    "note": TEXT_OR_NONE,
    "source_repo": TEXT_OR_NONE,
    "source_path": TEXT_OR_NONE,
    "source_date": TEXT_OR_NONE,
}
_POSITION = re.compile(r"\blat (-?[\d.]+), lng (-?[\d.]+)")
_PHONE = re.compile(r"\+?[\d .()\-]{3,20}")


@dataclass(frozen=True)
class ParsedCentre:
    """What a file says of a centre; `commune` is empty for the provincial one."""

    row: int
    name: str
    province: str
    commune: str
    address: str
    phone: str
    latitude: Decimal | None
    longitude: Decimal | None
    source: str
    checked_on: dt.date | None

    @property
    def is_provincial(self) -> bool:
        """Tell whether it is the province's own centre."""
        return not self.commune


def read_centres(path: Path) -> tuple[list[ParsedCentre], list[Refusal]]:
    """Return the file's centres and the rows that can't be read; raises UntrustedFileError for a repeated one."""
    centres: list[ParsedCentre] = []
    refused: list[Refusal] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line in read_jsonl(path):
        if line.data is None:
            refused.append(Refusal(line.number, line.reason))
            continue
        try:
            centre = parse_centre(line.number, line.data)
        except BadRowError as error:
            refused.append(Refusal(line.number, str(error)))
            continue
        key = (fold(centre.province), fold(centre.commune), fold(centre.name) if centre.is_provincial else "")
        if key in seen:
            raise UntrustedFileError(
                f"{path.name} has «{centre.name}» twice, in rows {seen[key]} and {line.number}: take one of them out."
            )
        seen[key] = line.number
        centres.append(centre)
    return centres, refused


def parse_centre(number: int, data: dict[str, Any]) -> ParsedCentre:
    """Return one row, checked; coordinates stand in its note as «lat 16.06, lng 108.22»."""
    check_fields(data, SHAPE, "")
    is_commune = fold(data["level"]) == "xa"
    commune = nfc(data["commune"] or "")
    if not nfc(data["name"]) or not nfc(data["province"]) or is_commune != bool(commune):
        raise BadRowError("name, province or commune is empty")
    latitude, longitude = _position(data["note"] or "")
    return ParsedCentre(
        number,
        nfc(data["name"]),
        nfc(data["province"]),
        commune,
        nfc(data["address"] or "")[:400],
        _phone(nfc(data["phone"] or "")),
        latitude,
        longitude,
        ":".join(filter(None, [data["source_repo"], data["source_path"]]))[:300],
        _day(data["source_date"]),
    )


def _position(note: str) -> tuple[Decimal | None, Decimal | None]:
    match = _POSITION.search(note)
    if match is None:
        return None, None
    latitude, longitude = (round(Decimal(value), 6) for value in match.groups())
    if not (8 <= latitude <= 24 and 102 <= longitude <= 118):
        raise BadRowError(f"{latitude}, {longitude} isn't in Việt Nam")
    return latitude, longitude


def _phone(text: str) -> str:
    if text and not _PHONE.fullmatch(text):
        raise BadRowError(f"phone «{text[:40]}» isn't a telephone number")
    return text


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadRowError(f"source_date «{str(text)[:20]}» isn't a day like 2026-07-18") from error
