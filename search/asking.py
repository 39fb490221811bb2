"""What people asked goes from the file into rows, and what is old or rare is forgotten."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from search import asked_file, public
from search.models import AskedDay, AskedQuery, Retyped, TakenFile
from search.models.asked import SHOWN_FROM_DAYS

KEPT_DAYS = 400
RARE_DAYS = 90
"""A query that fewer than three days have seen within so many is forgotten."""
AT_ONCE = 500
Row = TypeVar("Row")


@dataclass
class Tally:
    """What a run did."""

    lines: int = 0
    refused: int = 0
    queries: int = 0
    counted: int = 0
    """Queries whose results were counted."""
    forgotten: int = 0


@dataclass
class Asked:
    """What a file holds, summed."""

    times: Counter[tuple[str, str, dt.date]] = field(default_factory=Counter)
    """By text, language and day."""
    retyped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By language, first text and second text."""
    refused: int = 0


def ingest(*, today: dt.date | None = None) -> Tally:
    """Take in what was asked since the last run; forget what is old or rare.

    A crash at any point loses no line and counts none twice: the file's name is kept in the same transaction.
    """
    today = today or timezone.localdate()
    tally = Tally()
    touched: set[int] = set()
    for path in asked_file.take():
        touched |= take_in(path, today, tally)
    tally.queries = len(touched)
    tally.forgotten = forget(today)
    for part in in_parts(touched):
        tally.counted += recount(AskedQuery.objects.shown().filter(pk__in=part))
    return tally


def take_in(path: Path, today: dt.date, tally: Tally) -> set[int]:
    """Count one file and remove it; return the queries that it holds."""
    touched: set[int] = set()
    with transaction.atomic():
        _row, is_new = TakenFile.objects.get_or_create(name=path.name)
        if is_new:
            asked = read(path, today)
            tally.lines += sum(asked.times.values())
            tally.refused += asked.refused
            touched = write(asked)
    path.unlink(missing_ok=True)
    TakenFile.objects.filter(name=path.name).delete()
    return touched


def read(path: Path, today: dt.date) -> Asked:
    """Sum the lines of a file; damaged ones, foreign languages and days out of range are refused and counted."""
    asked = Asked()
    languages = {code for code, _name in settings.LANGUAGES}
    days = (today - dt.timedelta(days=KEPT_DAYS), today + dt.timedelta(days=1))
    with path.open("rb") as file:
        for line in file:
            try:
                row = json.loads(line)
                day = dt.date.fromisoformat(row["day"])
                text, was, language = asked_file.masked(row["text"]), asked_file.masked(row["was"]), row["language"]
            except (ValueError, KeyError, TypeError, AttributeError):
                asked.refused += 1
                continue
            if not text or language not in languages or not days[0] <= day <= days[1]:
                asked.refused += 1
                continue
            asked.times[text, language, day] += 1
            if was and was != text:
                asked.retyped[language, was, text] += 1
    return asked


def write(asked: Asked) -> set[int]:
    """Add the sums to the rows, in bulk; return the queries."""
    texts = {(text, language) for text, language, _day in asked.times}
    AskedQuery.objects.bulk_create(
        (AskedQuery(text=text, language=language) for text, language in sorted(texts)),
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )
    firsts = {(first, language) for language, first, _second in asked.retyped}
    pks = known(texts | firsts)
    add_times({(pks[text, language], day): n for (text, language, day), n in asked.times.items()})
    add_retyped(
        {
            (pks[first, language], pks[second, language]): n
            for (language, first, second), n in asked.retyped.items()
            if (first, language) in pks
        }
    )
    return {pks[key] for key in texts}


def known(texts: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the ids of the queries that have rows."""
    found: dict[tuple[str, str], int] = {}
    for part in in_parts({text for text, _language in texts}):
        for pk, text, language in AskedQuery.objects.filter(text__in=part).values_list("pk", "text", "language"):
            found[text, language] = pk
    return found


def add_times(times: dict[tuple[int, dt.date], int]) -> None:
    """Add to the days of queries."""
    for part in in_parts(times):
        rows = AskedDay.objects.filter(query__in={pk for pk, _day in part}, day__in={day for _pk, day in part})
        present = {(row.query_id, row.day): row for row in rows.select_for_update()}
        for key in part:
            row = present.setdefault(key, AskedDay(query_id=key[0], day=key[1]))
            row.times += times[key]
        save([present[key] for key in part])


def add_retyped(times: dict[tuple[int, int], int]) -> None:
    """Add to the pairs of a query and the one typed after it."""
    for part in in_parts(times):
        rows = Retyped.objects.filter(first__in={first for first, _second in part})
        present = {(row.first_id, row.second_id): row for row in rows.select_for_update()}
        for key in part:
            row = present.setdefault(key, Retyped(first_id=key[0], second_id=key[1]))
            row.times += times[key]
        save([present[key] for key in part])


def save(rows: Sequence[Any]) -> None:
    """Write new rows of one kind and changed ones."""
    model = type(rows[0])
    model.objects.bulk_create([row for row in rows if row.pk is None])
    model.objects.bulk_update([row for row in rows if row.pk is not None], ["times"])


def recount(queries: Iterable[AskedQuery]) -> int:
    """Ask for each query what it finds now, and keep the number; return how many were asked."""
    if not public.is_ready():
        return 0
    rows = list(queries)
    changed = []
    for row in rows:
        found = len(public.find(row.text, language=row.language).hits)
        if found != row.found:
            row.found = found
            changed.append(row)
    AskedQuery.objects.bulk_update(changed, ["found"], batch_size=AT_ONCE)
    return len(rows)


def forget(today: dt.date) -> int:
    """Delete days older than 400 days, and queries that are rare or have no day left; return how many queries."""
    oldest = today - dt.timedelta(days=KEPT_DAYS)
    AskedDay.objects.filter(day__lt=oldest).delete()
    TakenFile.objects.filter(taken_on__lt=oldest).delete()
    rows = AskedQuery.objects.annotate(day_count=Count("days"), since=Min("days__day"))
    rare = rows.filter(day_count__lt=SHOWN_FROM_DAYS, since__lte=today - dt.timedelta(days=RARE_DAYS))
    gone = {*rare.values_list("pk", flat=True), *rows.filter(day_count=0).values_list("pk", flat=True)}
    for part in in_parts(gone):
        AskedQuery.objects.filter(pk__in=part).delete()
    return len(gone)


def in_parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows, at most 500 at once."""
    rest = iter(rows)
    while part := list(islice(rest, AT_ONCE)):
        yield part
