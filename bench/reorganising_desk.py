"""How many dossiers a second follow to the heir of an agency that has ended, and how long the look before it takes."""

from __future__ import annotations

import os

from bench.site import BENCH_DIR, fresh, say

DOSSIERS = int(os.environ.get("REORGANISING_DOSSIERS", "3000"))
LEAST = 100
"""A second, on either database: a province's open dossiers within an hour."""


def measure() -> bool:
    """Move dossiers on a file and on PostgreSQL, and print how fast that went."""
    os.environ["TESTING"] = "1"
    from tests import postgres
    from tests.desk import databases

    folder = fresh("reorganising_desk")
    job = ("tests.desk.movers", "move", DOSSIERS)
    found = {"SQLite": databases.run(*job, url=databases.sqlite(folder, BENCH_DIR), var_dir=folder)}
    with postgres.database(BENCH_DIR) as own:
        found["PostgreSQL"] = databases.run(*job, url=own, var_dir=folder)
    lines = [told(name, each) for name, each in found.items()]
    return all(lines)


def told(name: str, found: dict[str, float]) -> bool:
    """Print one database's figures; return whether they hold."""
    each_second = found["moved"] / found["move_seconds"]
    return say(
        "reorganising_desk",
        f"{name}: {found['moved']:,} of {DOSSIERS:,} dossiers moved in {found['move_seconds']:.1f} s "
        f"({each_second:,.0f} a second), looked through in {found['look_seconds'] * 1000:.0f} ms before",
        holds=each_second >= LEAST and not found["faults"] and found["left"] == 0,
    )
