"""The register as a workbook, written row by row: no register is too long for the memory."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from desk.sheets import cell, head
from desk.slips.parts import RegisterRow
from desk.slips.setting import labels

COLUMNS = (
    ("row", 6),
    ("code", 24),
    ("procedure", 46),
    ("sets", 8),
    ("applicant", 30),
    ("address", 40),
    ("phone", 16),
    ("agency", 30),
    ("received_on", 17),
    ("due_on", 17),
    ("returned_on", 17),
    ("return_by", 18),
    ("signature", 14),
    ("note", 24),
)


def register_xlsx(rows: Iterable[RegisterRow]) -> bytes:
    """Return the workbook. What people wrote stays text, whatever it begins with: never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sổ theo dõi hồ sơ")
    sheet.freeze_panes = "A2"
    for index, (_key, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([head(sheet, labels("vi")[key]) for key, _width in COLUMNS])
    for row in rows:
        sheet.append([cell(sheet, value) for value in _values(row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _values(row: RegisterRow) -> tuple[Any, ...]:
    way = labels("vi")[f"return_by_{row.return_by}"] if row.return_by else ""
    return (
        row.number,
        row.code,
        row.procedure,
        row.sets,
        row.applicant,
        row.address,
        row.phone,
        row.agency,
        row.received_at,
        row.due_at,
        row.returned_at,
        way,
        "",
        row.note,
    )
