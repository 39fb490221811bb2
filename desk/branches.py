"""PostgreSQL: the first rows of a reach, each agency and side read from an index that has their order.

«One of four columns names one of these agencies» has no index, and its rows no order; each column by itself has both.
So the first rows of each are read and merged: fifty of every branch are enough for the first fifty of all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import QuerySet

from desk.models import Dossier
from desk.parts import Part

BRANCH = """
SELECT k.moment, k.id FROM unnest(%s::bigint[]) AS b(value), LATERAL (
    SELECT {moment} AS moment, id FROM {table} WHERE {table}.{column} = b.value AND {where} ORDER BY {order} LIMIT %s
) AS k
"""
WHOLE = "SELECT {moment} AS moment, id FROM {table} WHERE {where} ORDER BY {order} LIMIT %s"
MERGED = "SELECT DISTINCT moment, id FROM ({branches}) AS m ORDER BY {merged} LIMIT %s"
COUNTED = "SELECT COUNT(*) FROM ({branches}) AS m"
COUNTED_BRANCH = "SELECT id FROM {table} WHERE {table}.{column} = ANY(%s) AND {where}"
TABLE = Dossier._meta.db_table


def first_of(
    matching: QuerySet[Dossier], columns: Mapping[str, list[int]], part: Part, most: int
) -> list[tuple[dt.datetime | None, int]]:
    """Return moments and keys of a part's first rows that match and have one of its values in a column (one query)."""
    where, params = where_of(matching)
    down = " DESC" if part.is_descending else ""
    names = {"moment": part.moment, "table": TABLE, "where": where, "order": f"{part.moment}{down}, id{down}"}
    if not columns:
        return run(WHOLE.format(**names), [*params, most])
    branches = " UNION ALL ".join(f"({BRANCH.format(column=column, **names)})" for column in columns)
    each = [value for values in columns.values() for value in (values, *params, most)]
    return run(MERGED.format(branches=branches, merged=f"moment{down}, id{down}"), [*each, most])


def count_of(matching: QuerySet[Dossier], columns: Mapping[str, list[int]]) -> int:
    """Return how many dossiers match and have one of its values in a column (one query)."""
    where, params = where_of(matching)
    branches = " UNION ".join(COUNTED_BRANCH.format(table=TABLE, column=column, where=where) for column in columns)
    each = [value for values in columns.values() for value in (values, *params)]
    return int(run(COUNTED.format(branches=branches), each)[0][0])


def where_of(matching: QuerySet[Dossier]) -> tuple[str, Sequence[Any]]:
    """Return the conditions of a queryset without joins as SQL, written once for all branches."""
    query = matching.query
    try:
        where, params = query.get_compiler(connection=connection).compile(query.where)
    except FullResultSet:
        return "TRUE", []
    except EmptyResultSet:
        return "FALSE", []
    return where, params


def run(statement: str, params: Sequence[Any]) -> list[Any]:
    """Return the rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
