"""Let a plausible province work: dossiers by real acts, or a pile of millions for benchmarks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalogue.opening import ZONE
from desk.simulation.bulk import fill
from desk.simulation.plan import NothingToSimulateError
from desk.simulation.staff import make_officers

TWO_YEARS = 730


class Command(BaseCommand):
    """Simulate, with progress, and sum up."""

    help = "Simulate a province's dossiers: deterministic for a seed, never for a database in real use."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--dossiers", type=int, default=300, help="how many (default: 300)")
        parser.add_argument("--days", type=int, help="over how many days (default: 60, with --bulk 730)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same dossiers")
        parser.add_argument("--until", type=dt.date.fromisoformat, help="last day, YYYY-MM-DD (with --bulk: yesterday)")
        parser.add_argument(
            "--bulk", action="store_true", help="written directly into an empty database, for benchmarks"
        )
        parser.add_argument(
            "--processes", type=int, default=0, help="with --bulk: makers of rows (default: one a core)"
        )
        parser.add_argument("--make-officers", action="store_true", help="people for agencies that have none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do as asked."""
        if options["make_officers"] or settings.DEMO:
            made = make_officers()
            self.stdout.write(f"{made.people} officers and {made.identifiers} identifiers made, marked DEMO")
        try:
            self.fill(options)
        except NothingToSimulateError as error:
            raise CommandError(str(error)) from error

    def fill(self, options: dict[str, Any]) -> None:
        """Write a pile, and sum up."""
        last = options["until"] or timezone.now().astimezone(ZONE).date() - dt.timedelta(1)
        first = last - dt.timedelta((options["days"] or TWO_YEARS) - 1)
        done = fill(
            options["dossiers"],
            first=first,
            last=last,
            seed=options["seed"],
            processes=options["processes"],
            say=self.stdout.write,
        )
        self.stdout.write(
            f"{done.dossiers:,} dossiers and {done.events:,} events in {done.seconds:.1f} s: "
            f"{done.dossiers / done.seconds:,.0f} dossiers a second; {done.open / done.dossiers:.1%} open, "
            f"{done.late / max(1, done.settled):.1%} of those settled late"
        )
