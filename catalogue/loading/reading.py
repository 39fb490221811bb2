"""Read files a line at a time, plain or gzip; what can't be trusted is refused as a whole."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext_noop as _

from catalogue.loading.sentences import Sentence

MAX_LINE = 20_000_000
MAX_FIELD = 5_000_000
"""Bytes: longer lines are skipped without being held in memory, longer fields refuse their row."""


class UntrustedFileError(Exception):
    """The file is damaged, so nothing of it may be loaded."""


@dataclass(frozen=True)
class Line:
    """One row of a file: its number from 1, and its data or the reason why there is none."""

    number: int
    data: dict[str, Any] | None
    reason: str = ""


def read_jsonl(path: Path) -> Iterator[Line]:
    """Yield each line as an object, or with the reason why it can't be one."""
    with open_binary(path) as stream:
        for number, raw in enumerate(_lines(path, stream), start=1):
            if raw is None:
                yield Line(number, None, Sentence(_("the line is longer than %(most)s MB"), most=MAX_LINE // 1_000_000))
                continue
            text = _decode(path, number, raw)
            if text.strip():
                yield _parse(path, number, text)


def read_csv(path: Path, columns: tuple[str, ...]) -> Iterator[Line]:
    """Yield each row of a CSV file with a heading; numbers count the heading as line 1."""
    with open_binary(path) as stream:
        lines = (_decode(path, number, raw or b"") for number, raw in enumerate(_lines(path, stream), start=1))
        reader = csv.DictReader(lines)
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise UntrustedFileError(f"{path.name} has no column {', '.join(sorted(missing))}: give the right file.")
        for row in reader:
            short = any(row.get(column) is None for column in columns)
            yield Line(reader.line_num, None if short else row, "the row has too few columns" if short else "")


def open_binary(path: Path) -> BinaryIO:
    """Open a plain or gzip file by its first bytes, not by its name."""
    if not path.is_file():
        raise UntrustedFileError(f"{path} isn't a file: give the path of the data file.")
    stream = path.open("rb")
    if stream.peek(2)[:2] == b"\x1f\x8b":
        return io.BufferedReader(gzip.GzipFile(fileobj=stream))  # type: ignore[arg-type]
    return stream


def longest_field(value: Any, name: str = "") -> tuple[str, int]:
    """Return the name and length, in characters, of the longest text anywhere in a row."""
    if isinstance(value, str):
        return name, len(value)
    parts: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        parts = [(f"{name}.{key}" if name else str(key), part) for key, part in value.items()]
    if isinstance(value, list):
        parts = [(f"{name}[{index}]", part) for index, part in enumerate(value)]
    return max(
        (longest_field(part, part_name) for part_name, part in parts), key=lambda found: found[1], default=("", 0)
    )


def _lines(path: Path, stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield raw lines; None for one that is too long, whose rest is skipped in pieces."""
    try:
        while raw := stream.readline(MAX_LINE + 1):
            if len(raw) <= MAX_LINE:
                yield raw
                continue
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(MAX_LINE)
            yield None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        text = _("%(file)s is cut off or damaged (%(why)s): fetch it again.")
        raise UntrustedFileError(Sentence(text, file=path.name, why=str(error))) from error


def _decode(path: Path, number: int, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        text = _("%(file)s, row %(row)s: not UTF-8 at byte %(byte)s. Save the file as UTF-8 and load it again.")
        raise UntrustedFileError(Sentence(text, file=path.name, row=number, byte=error.start)) from error


def _is_plain_text(data: dict[str, Any]) -> bool:
    """Tell whether a database can hold the row: JSON can write what no text column takes."""
    try:
        return b"\\u0000" not in json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False


def _parse(path: Path, number: int, text: str) -> Line:
    try:
        data = json.loads(text)
        # What is nested too deep to be read may only show here.
        name, length = longest_field(data) if isinstance(data, dict) else ("", 0)
        is_plain = "\\u" not in text or not isinstance(data, dict) or _is_plain_text(data)
    except (ValueError, RecursionError) as error:  # Python reads no number of more than 4,300 digits.
        if not text.endswith("\n"):
            cut = _("%(file)s ends in the middle of row %(row)s: fetch it again.")
            raise UntrustedFileError(Sentence(cut, file=path.name, row=number)) from error
        return Line(number, None, Sentence(_("not JSON: %(why)s"), why=str(error)))
    if not isinstance(data, dict):
        return Line(number, None, Sentence(_("not a JSON object")))
    if not is_plain:
        return Line(number, None, Sentence(_("it holds a NUL or half a character")))
    if length > MAX_FIELD:
        text = _("the field %(field)s is longer than %(most)s MB")
        return Line(number, None, Sentence(text, field=name, most=MAX_FIELD // 1_000_000))
    return Line(number, data)
