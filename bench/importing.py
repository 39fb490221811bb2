"""Import of the province's procedures: seconds on a fresh database, and what a rerun changes."""

from __future__ import annotations

import json
import time

from bench.site import fresh, manage, say

ASKED_SECONDS = 60


def measure() -> bool:
    """Load the committed catalogue twice, each time in a process of its own."""
    var_dir = fresh("import")
    manage("migrate", "--verbosity=0", var_dir=var_dir)
    manage("load_places", var_dir=var_dir)
    start = time.monotonic()
    first = counts(manage("load_procedures", "--json", var_dir=var_dir))
    seconds = time.monotonic() - start
    again = counts(manage("load_procedures", "--json", var_dir=var_dir))
    touched = again["created"] + again["changed"]
    return say(
        "import",
        f"{first['created']} procedures in {seconds:.1f} s (asked: under {ASKED_SECONDS} s); "
        f"rerun creates and changes {touched} (asked: 0)",
        holds=seconds < ASKED_SECONDS and touched == 0 and first["created"] > 0,
    )


def counts(printed: str) -> dict[str, int]:
    """Return the numbers of the report that ends the output; lists are counted."""
    report = json.loads(printed.strip().splitlines()[-1])
    return {key: len(value) if isinstance(value, list) else value for key, value in report.items()}
