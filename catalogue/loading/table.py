"""Read a table from CSV (comma, semicolon or tab) or the first sheet of an xlsx workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from catalogue.loading.reading import UntrustedFileError

MAX_BYTES = 20_000_000
MAX_UNPACKED = 300_000_000
"""Bytes of a whole workbook once it is unpacked: a small file can hold a very large one."""
MAX_ROWS = 100_000
MAX_COLUMNS = 200
Cells = list[object]


def read_table(path: Path) -> Iterator[tuple[int, Cells]]:
    """Yield each row that isn't empty with its number, the heading's being 1; cells are texts, numbers or dates.

    Raises UntrustedFileError for a file that isn't such a table.
    """
    if not path.is_file():
        raise UntrustedFileError(f"{path} isn't a file: give the path of the list.")
    if path.stat().st_size > MAX_BYTES:
        raise UntrustedFileError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB: part it.")
    raw = path.read_bytes()
    rows = _of_workbook(path, raw) if raw[:2] == b"PK" else _of_csv(path, raw)
    for number, cells in rows:
        if number > MAX_ROWS:
            raise UntrustedFileError(f"{path.name} has more than {MAX_ROWS} rows: part it.")
        if any(cell not in (None, "") for cell in cells):
            yield number, cells


def _of_csv(path: Path, raw: bytes) -> Iterator[tuple[int, Cells]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UntrustedFileError(f"{path.name}, line {line}: not UTF-8. Save it as «CSV UTF-8», or xlsx.") from error
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)  # Excel writes semicolons where the comma is the decimal sign.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, list(cells)
    except csv.Error as error:
        raise UntrustedFileError(f"{path.name}, line {reader.line_num}: {error}. Save it as CSV anew.") from error


def _of_workbook(path: Path, raw: bytes) -> Iterator[tuple[int, Cells]]:
    broken = f"{path.name} can't be read as an xlsx workbook: save it anew, or as «CSV UTF-8»."
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise UntrustedFileError(f"{path.name} is too large once it is unpacked: part it.")
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from (
            (number, [_plain(cell) for cell in cells])
            for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1)
        )
    except UntrustedFileError:
        raise
    except Exception as error:  # A damaged part is a TypeError of openpyxl, an error of zlib, and many others.
        raise UntrustedFileError(broken) from error


def _plain(cell: object) -> object:
    """Return a staff number that Excel took for a number as its digits, and a moment as its day."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.date() if isinstance(cell, dt.datetime) else cell
