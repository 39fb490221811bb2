"""How a table is written: CSV that is safe to open in a spreadsheet, JSON with its licence."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils import timezone
from ninja.renderers import JSONRenderer

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Readable(JSONRenderer):
    """JSON that holds Vietnamese as it is, in UTF-8."""

    json_dumps_params = {"ensure_ascii": False}


class _Line:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> Any:
    """Return a value as it stands in a CSV cell; a text that a spreadsheet would calculate gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date):
        return plain(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def csv_parts(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """Give CSV (RFC 4180) line by line, in UTF-8 with a byte order mark, which spreadsheets need for Vietnamese."""
    writer = csv.writer(_Line())
    yield BOM.encode()
    yield writer.writerow(header).encode()  # type: ignore[attr-defined]
    for row in rows:
        yield writer.writerow([cell(value) for value in row]).encode()  # type: ignore[attr-defined]


JSON_END = b"]}"


def json_start(head: dict[str, Any], name: str) -> bytes:
    """Return the beginning of a JSON object: what `head` holds, and `name`, under which its rows follow."""
    return write_json(head)[:-1] + f',"{name}":['.encode()


def json_parts(head: dict[str, Any], name: str, rows: Iterable[bytes]) -> Iterator[bytes]:
    """Give a JSON object: what `head` holds, then the rows, each JSON already, under `name`."""
    yield json_start(head, name)
    for number, row in enumerate(rows):
        yield b"," + row if number else row
    yield JSON_END


def plain(value: Any) -> Any:
    """Return what JSON has no word for as what it has."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def write_json(value: Any) -> bytes:
    """Return compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain).encode()
