"""Run the measures named on the command line, or all."""

import importlib
import sys

NAMES = (
    "importing",
    "queries",
    "weight",
    "accessibility",
    "throughput",
    "search",
    "slips",
    "desk_life",
    "desk_races",
    "reorganising_desk",
    "desk_acts",
    "desk_queues",
    "desk_screens",
    "desk_intake",
    "working_day",
    "tracking",
    "editing",
    "reorganising",
)


def main() -> None:
    """Run each measure; end with an error if one misses what is asked."""
    wanted = sys.argv[1:] or list(NAMES)
    if unknown := set(wanted) - set(NAMES):
        sys.exit(f"No such measure: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    missed = [name for name in wanted if not importlib.import_module(f"bench.{name}").measure()]
    if missed:
        sys.exit(f"Missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
