"""Cells of workbooks, written row by row: what people wrote stays text, whatever it begins with, never a formula."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, TYPE_STRING
from openpyxl.styles import Alignment, Font

from catalogue.opening import ZONE

LONGEST_CELL = 32_767
"""Letters that a cell of the format holds."""
TOP, MIDDLE = (
    Alignment(wrap_text=True, vertical="top"),
    Alignment(wrap_text=True, vertical="center", horizontal="center"),
)
BOLD = Font(bold=True)


def cell(sheet: Any, value: Any, *, is_wrapped: bool = True) -> WriteOnlyCell:
    """Return a cell with a text, a local moment, or a number."""
    if isinstance(value, dt.datetime):
        made = WriteOnlyCell(sheet, value.astimezone(ZONE).replace(tzinfo=None))
        made.number_format = "dd/mm/yyyy hh:mm"
        return made
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
    made.data_type = TYPE_STRING
    if is_wrapped:
        made.alignment = TOP
    return made


def head(sheet: Any, text: str) -> WriteOnlyCell:
    """Return a cell of the first line."""
    made = cell(sheet, text)
    made.font, made.alignment = BOLD, MIDDLE
    return made
