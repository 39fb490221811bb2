"""What falls due in search."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from catalogue import clock
from search import asking, life


def register() -> None:
    """Have it done by the clock: what people asked and the embedded index lie in files of the machine."""
    clock.register("queries", count_queries, is_local=True)
    clock.register("search", repair_search, is_local=True)


def count_queries(at: dt.datetime) -> str:
    """Take in what people asked."""
    tally = asking.ingest(today=timezone.localdate(at))
    refused = f", {tally.refused} refused" if tally.refused else ""
    return f"{tally.lines} taken in{refused}, {tally.counted} counted anew, {tally.forgotten} forgotten"


def repair_search(at: dt.datetime) -> str:
    """Bring the indexes up to date with the rows."""
    done = life.repair()
    return "; ".join(f"{name}: {put} put in, {removed} taken out" for name, (put, removed) in done.items())
