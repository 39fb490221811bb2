"""Where a pile is written: COPY on PostgreSQL, with keys and indexes made afterwards; executemany on SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from django.db import connection, models

from desk.simulation.ledger import NAMES, Row

SPECIAL = re.compile(r"[\\\t\n\r]")
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
SHORTEST_FREE = 64
"""Letters up to which a column holds codes and digests, which have no signs to escape."""
INDEX_MEMORY = "512MB"
KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('f', 'u') AND (conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[]))
ORDER BY contype = 'f', conname
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[])
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY 1
"""


def packed(model: type[models.Model], rows: list[Row], vendor: str) -> Any:
    """Return rows as the database takes them: lines of COPY's text, or tuples."""
    fields = model._meta.concrete_fields
    values_of = itemgetter(*NAMES[model])
    if vendor != "postgresql":
        moments = [isinstance(field, models.DateTimeField) for field in fields]
        return [
            tuple([plain(value) if is_moment else value for value, is_moment in zip(values, moments, strict=True)])
            for values in map(values_of, rows)
        ]
    free = [place for place, field in enumerate(fields) if is_free_text(field)]
    return "".join([line(values_of(row), free) for row in rows]).encode()


def is_free_text(field: Any) -> bool:
    """Return whether a column may hold signs that COPY would take for its own."""
    return isinstance(field, models.CharField | models.TextField) and (field.max_length or 10_000) > SHORTEST_FREE


def line(values: tuple[Any, ...], free: list[int]) -> str:
    """Return a row as a line of COPY's text; only columns of free text are looked at for signs to escape."""
    cells = ["\\N" if value is None else value if value.__class__ is str else str(value) for value in values]
    for place in free:
        if SPECIAL.search(cells[place]) and values[place] is not None:
            cells[place] = cells[place].translate(ESCAPES)
    return "\t".join(cells) + "\n"


def plain(text: str | None) -> str | None:
    """Return a moment as Django writes it to SQLite: in UTC, without zone and empty microseconds."""
    return text[:26].replace("T", " ").removesuffix(".000000") if text else None


def write(model: type[models.Model], data: Any, names: Sequence[str] | None = None) -> None:
    """Write packed rows; `names` are the attributes that they hold, where that isn't all."""
    if not data:
        return
    by_name = {
        field.attname: connection.ops.quote_name(field.column or field.name) for field in model._meta.concrete_fields
    }
    columns = ", ".join(by_name[name] for name in names or NAMES[model])
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(data)
            return
        marks = ", ".join(["%s"] * len(data[0]))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", data)  # noqa: S608


@contextmanager
def without_keys(tables: Iterable[str]) -> Iterator[list[str]]:
    """Drop foreign keys, unique constraints and indexes of tables, and make them again at the end, checked.

    Needs a transaction: a crash in between leaves all of them as they were. Gives the statements that make them again.
    """
    if connection.vendor != "postgresql":
        yield []
        return
    names = list(tables)
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [names, names])
        keys = cursor.fetchall()
        cursor.execute(INDEXES, [names])
        indexes = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # A table with rows still to be checked can't be altered.
        for table, name, _definition in reversed(keys):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for index, _definition in indexes:
            cursor.execute(f"DROP INDEX {index}")
        again = [definition for _index, definition in indexes]
        again += [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in keys]
        yield again
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{INDEX_MEMORY}'")
        for statement in again:
            cursor.execute(statement)


def move_sequences(made: Iterable[type[models.Model]]) -> None:
    """Let the tables' keys go on after those that were written (SQLite does so by itself)."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in made:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1)) FROM {table}"  # noqa: S608
            )


def tidy(made: Iterable[type[models.Model]]) -> None:
    """Let the database learn what the tables hold: what plans are made from, and which pages all may see."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("ANALYZE")
            return
        what = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"  # No vacuum inside a transaction.
        for model in made:
            cursor.execute(f"{what} {model._meta.db_table}")
