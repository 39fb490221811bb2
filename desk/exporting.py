"""The list as a workbook: the same filter, order and columns as on the screen, page by page, into a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from desk import queues
from desk.columns import Column
from desk.filters import Filter, with_reach_known
from desk.listing import Line, lines_of
from desk.sheets import cell, head

MOST = 50_000
"""Rows of one workbook: what a table on a screen can still be worked with, and a server writes in bounded time."""
IN_MEMORY = 2_000_000
"""Bytes of a finished workbook from which on it lies in a file."""


def export(chosen: Filter, columns: Sequence[Column]) -> tuple[IO[bytes], list[int]]:
    """Return a workbook of what a filter chooses, at most MOST rows, ready to be read, and which dossiers it has."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Dossiers"))
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.append([head(sheet, str(column.label)) for column in columns])
    keys = []
    for line in lines(chosen):
        keys.append(line.row.pk)
        sheet.append([cell(sheet, column.value(line.row, line.pressing), is_wrapped=False) for column in columns])
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (whoever sends it closes it)
    book.save(file)
    file.seek(0)
    return file, keys


def lines(chosen: Filter) -> Iterator[Line]:
    """Yield the rows of a list, at most MOST (three queries each 200)."""
    chosen, after, left = with_reach_known(chosen), "", MOST
    while left:
        page = queues.page(chosen, after, min(left, queues.MOST))
        yield from lines_of(page.rows, chosen.at)
        left -= len(page.rows)
        after = page.next_cursor
        if not after:
            return
