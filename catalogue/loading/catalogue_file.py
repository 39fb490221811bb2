"""Which rows of the national catalogue and of its index a province publishes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from catalogue.loading.provinces import Home
from catalogue.loading.reading import UntrustedFileError, read_jsonl
from catalogue.loading.report import Refusal
from catalogue.loading.rows import (
    INDEX_SHAPE,
    BadRowError,
    ParsedProcedure,
    check_row,
    parse_index_row,
    parse_row,
)
from catalogue.loading.sentences import Sentence, first
from catalogue.text import fold, nfc


@dataclass
class CatalogueFile:
    """What a province publishes of a file and its index, and every code that stands in them."""

    procedures: list[ParsedProcedure] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    """Codes of the detail file, all provinces' and levels', with their rows."""
    given: set[str] = field(default_factory=set)
    """Codes that the file gives this province."""
    has_index: bool = False


def read_catalogue(path: Path, index: Path | None, *, home: Home) -> CatalogueFile:
    """Return the province's procedures and the rows that can't be read.

    National rows at province or commune level, the province's own, and its own of which only the index knows.
    Raises UntrustedFileError for a damaged file or a code that stands in it twice.
    """
    found = CatalogueFile(has_index=index is not None)
    found.procedures += each_procedure(path, found, home=home)
    if index is not None:
        own = _only_in_index(index, home, found.codes, found.refused)
        found.procedures += own
        found.given.update(row.code for row in own)
    return found


def each_procedure(path: Path, found: CatalogueFile, *, home: Home) -> Iterator[ParsedProcedure]:
    """Yield the province's procedures of a detail file one after the other; codes and refusals are noted in `found`.

    Raises UntrustedFileError as `read_catalogue` does, when it comes to the fault.
    """
    for line in read_jsonl(path):
        if line.data is None:
            found.refused.append(Refusal(line.number, line.reason))
            continue
        try:
            check_row(line.data)
            _note_code(path, found.codes, nfc(line.data["code"]), line.number)
            if belongs(line.data, home):
                is_own = home.is_issuer(line.data["issuer"])
                row = parse_row(line.number, line.data, home=home, is_own=is_own)
                found.given.add(row.code)
                yield row
        except BadRowError as error:
            found.refused.append(Refusal(line.number, first(error), _code_of(line.data)))


def check_whole(path: Path) -> tuple[int, int]:
    """Return how many rows a detail file has and how many of them hold a code, without parsing their content.

    Raises UntrustedFileError for a damaged file or a code that stands in it twice.
    """
    total = good = 0
    seen: dict[str, int] = {}
    for line in read_jsonl(path):
        total = line.number
        code = nfc(_code_of(line.data or {}))
        if code:
            good += 1
            _note_code(path, seen, code, line.number)
    return total, good


def belongs(row: dict[str, Any], home: Home) -> bool:
    """Tell whether a row of the detail file is in the province's catalogue."""
    if fold(row["issuer"] or "").startswith("ubnd"):
        return home.is_issuer(row["issuer"])
    level = fold(row["level"])
    return "cap tinh" in level or "cap xa" in level


def _only_in_index(path: Path, home: Home, seen: dict[str, int], refused: list[Refusal]) -> list[ParsedProcedure]:
    procedures = []
    in_index: dict[str, int] = {}
    for line in read_jsonl(path):
        if line.data is None:
            refused.append(Refusal(line.number, _of_index(line.reason)))
            continue
        try:
            check_row(line.data, INDEX_SHAPE)
            code = nfc(line.data["code"])
            _note_code(path, in_index, code, line.number)
            if home.is_issuer(line.data["issuer"]) and code not in seen:
                procedures.append(parse_index_row(line.number, line.data, home=home))
        except BadRowError as error:
            refused.append(Refusal(line.number, _of_index(first(error)), _code_of(line.data)))
    return procedures


def _note_code(path: Path, seen: dict[str, int], code: str, number: int) -> None:
    if code in seen:
        text = _("%(file)s has the code %(code)s twice, in rows %(one)s and %(two)s: take one of them out.")
        raise UntrustedFileError(Sentence(text, file=path.name, code=code, one=seen[code], two=number))
    seen[code] = number


def _of_index(reason: str) -> Sentence:
    return Sentence(_("index: %(reason)s"), reason=reason)


def _code_of(data: dict[str, Any]) -> str:
    code = data.get("code")
    return code[:40] if isinstance(code, str) else ""
