"""Read a list row by row: its heading first, then each row, refused by its number where it can't be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from catalogue.loading.report import Refusal, Report
from catalogue.loading.table import Cells, read_table
from portal.officers.rows import RowError

Columns = dict[str, int]


def take_rows(
    path: Path,
    report: Report,
    *,
    columns_of: Callable[[Iterable[object]], tuple[Columns, list[str]]],
    take: Callable[[int, Cells, Columns], None],
) -> None:
    """Hand each row to `take`, with its number and where the columns stand; what it refuses stands in the report.

    Raises UntrustedFileError for a file that is no such list.
    """
    columns = None
    for number, cells in read_table(path):
        if columns is None:
            columns, unread = columns_of(cells)
            report.notes += [f"Columns that aren't read: {', '.join(unread)}."] if unread else []
            continue
        try:
            take(number, cells, columns)
        except RowError as error:
            report.refused.append(Refusal(number, str(error)))
    if columns is None:
        columns_of([])  # An empty file: it says which columns it lacks.
