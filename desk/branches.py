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

from desk.models import Dossier, Party
from desk.parts import Part

BRANCH = """
SELECT k.moment, k.id FROM unnest(%s::bigint[]) AS b(value), LATERAL (
    SELECT {moment} AS moment, id FROM {table} WHERE {table}.{column} = b.value AND {where} ORDER BY {order} LIMIT %s
) AS k
"""
WHOLE = "SELECT {moment} AS moment, id FROM {table} WHERE {where} ORDER BY {order} LIMIT %s"
MERGED = "SELECT DISTINCT moment, id FROM ({branches}) AS m ORDER BY {merged} LIMIT %s"
COUNTED_WHOLE = "SELECT COUNT(*) AS n FROM {table} WHERE {where}"
COUNTED = "SELECT COUNT(*) AS n FROM ({branches}) AS m"
COUNTED_NAMED = "{counted} WHERE EXISTS (SELECT 1 FROM {parties} WHERE dossier_id = m.id AND {words})"
COUNTED_BRANCH = "SELECT id FROM {table} WHERE {table}.{column} = ANY(%s) AND {where}"
NUMBERED = "SELECT {number} AS which, n FROM ({counted}) AS c{number}"
SUMMED = "SELECT which, SUM(n) FROM ({each}) AS every GROUP BY which"
LOOKED = """
WITH looked AS MATERIALIZED ({first}), fit AS (
    SELECT moment, id FROM looked WHERE (SELECT bool_or({words}) FROM {parties} WHERE dossier_id = looked.id)
    ORDER BY {order} LIMIT %s
) SELECT FALSE AS is_end, moment, id FROM fit UNION ALL SELECT TRUE, NULL, COUNT(*) FROM looked
ORDER BY is_end, {order}
"""
NAMED = """
WITH named AS MATERIALIZED (SELECT DISTINCT dossier_id FROM {parties} WHERE {words})
SELECT moment, id FROM named, LATERAL (
    SELECT {column} AS moment, id FROM {table} WHERE {table}.id = named.dossier_id AND ({reach}) AND {where} OFFSET 0
) AS d ORDER BY {order} LIMIT %s
"""
TABLE, PARTIES = Dossier._meta.db_table, Party._meta.db_table
LOOKED_THROUGH = 250, 3_000
"""Rows that are looked through for a name before its index is asked: a few, which show one of many, then more."""


Statement = tuple[str, Sequence[Any]]
"""SQL and its parameters."""
Keys = list[tuple[dt.datetime | None, int]]
"""Moments and keys of rows, in their order."""


def first_of(matching: QuerySet[Dossier], columns: Mapping[str, list[int]], part: Part, most: int) -> Keys:
    """Return a part's first rows that match and have one of its values in a column (one query)."""
    return run(*merged(*where_of(matching), columns, part, most))


def first_named(
    matching: QuerySet[Dossier], columns: Mapping[str, list[int]], part: Part, most: int, parties: QuerySet[Party]
) -> Keys:
    """Return those of them that have one of the parties (one query for a name of many, two or three for a rare one).

    Of a name that many bear, a look through the first rows finds enough; of a rare one its own index finds few. Which
    it is nobody knows beforehand, so the first way goes a few rows; more only if they had one.
    """
    words, word = where_of(parties)
    where, own = where_of(matching)
    names = {"words": words, "parties": PARTIES, "order": order_of(part, "moment")}
    for through in LOOKED_THROUGH:
        first, params = merged(where, own, columns, part, through)
        found = run(LOOKED.format(first=first, **names), [*params, *word, most])
        rows, looked = found[:-1], found[-1][2]
        if len(rows) == most or looked < through:
            return [(moment, pk) for _is_end, moment, pk in rows]
        if not rows:
            break
    reach = " OR ".join(f"{TABLE}.{column} = ANY(%s)" for column in columns) or "TRUE"
    few = NAMED.format(column=part.moment, table=TABLE, reach=reach, where=where, **names)
    return run(few, [*word, *columns.values(), *own, most])


def merged(
    where: str, params: Sequence[Any], columns: Mapping[str, list[int]], part: Part, most: int
) -> tuple[str, list[Any]]:
    """Return the statement of a part's first rows, and its parameters."""
    names = {"moment": part.moment, "table": TABLE, "where": where, "order": order_of(part, part.moment)}
    if not columns:
        return WHOLE.format(**names), [*params, most]
    branches = " UNION ALL ".join(f"({BRANCH.format(column=column, **names)})" for column in columns)
    each = [value for values in columns.values() for value in (values, *params, most)]
    return MERGED.format(branches=branches, merged=order_of(part, "moment")), [*each, most]


def order_of(part: Part, moment: str) -> str:
    """Return a part's order as SQL."""
    down = " DESC" if part.is_descending else ""
    return f"{moment}{down}, id{down}"


def counting(
    matching: QuerySet[Dossier], columns: Mapping[str, list[int]], parties: QuerySet[Party] | None = None
) -> Statement:
    """Return the statement that counts the dossiers that match and have one of its values in a column, if there are.

    `parties`: only those that have one of them. With columns alone: they are looked for once, not in each branch.
    """
    where, params = where_of(matching)
    if not columns:
        return COUNTED_WHOLE.format(table=TABLE, where=where), params
    branches = " UNION ".join(COUNTED_BRANCH.format(table=TABLE, column=column, where=where) for column in columns)
    counted, params = COUNTED.format(branches=branches), [each for row in columns.values() for each in (row, *params)]
    if parties is None:
        return counted, params
    words, word = where_of(parties)
    return COUNTED_NAMED.format(counted=counted, parties=PARTIES, words=words), [*params, *word]


def count_of(statement: Statement) -> int:
    """Return what a statement counts (one query)."""
    return int(run(*statement)[0][0])


def counted_together(wanted: Sequence[tuple[int, str, Sequence[Any]]]) -> list[tuple[int, int]]:
    """Return the sums of what statements count, by the number that stands before each (one query)."""
    each = " UNION ALL ".join(NUMBERED.format(number=number, counted=counted) for number, counted, _params in wanted)
    params = [value for _number, _counted, values in wanted for value in values]
    return [(int(number), int(count)) for number, count in run(SUMMED.format(each=each), params)]


def where_of(matching: QuerySet[Any]) -> tuple[str, Sequence[Any]]:
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
