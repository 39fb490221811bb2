"""A list to take along: as a workbook or as text with commas; nothing in it is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from desk.sheets import cell, head

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 50_000
"""Rows of one file."""
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST, NARROWEST = 60, 12


def sent_as(kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return the rows as a file of a kind (csv, xlsx); raises Http404 for another kind."""
    if kind == "csv":
        content, content_type = as_csv(columns, rows), "text/csv; charset=utf-8"
    elif kind == "xlsx":
        content, content_type = as_xlsx(name, columns, rows), XLSX
    else:
        raise Http404
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    return response


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return text with commas, with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([plain(each) for each in columns])
    writer.writerows([plain(each) for each in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def plain(value: Any) -> str:
    """Return a value as text that no program of tables takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def as_xlsx(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    for index, label in enumerate(columns, start=1):
        width = min(max(len(label) + 4, NARROWEST), WIDEST) if index > 1 else WIDEST
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([head(sheet, label) for label in columns])
    for row in rows:
        sheet.append([cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
