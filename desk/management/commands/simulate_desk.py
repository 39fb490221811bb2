"""Let a plausible province work: dossiers by real acts, or a pile of millions for benchmarks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalogue import audit
from catalogue.opening import ZONE
from desk.simulation.bulk import fill
from desk.simulation.living import live
from desk.simulation.plan import NothingToSimulateError
from desk.simulation.routes import make_routes
from desk.simulation.staff import make_officers
from desk.states import State

TWO_YEARS, TWO_MONTHS = 730, 60


class Command(BaseCommand):
    """Simulate, with progress, and sum up."""

    help = "Simulate a province's dossiers, the same for the same seed. Never on a database in real use."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--dossiers", type=int, default=300, help="how many (default: 300)")
        parser.add_argument("--days", type=int, help="over how many days (default: 60, with --bulk 730)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same dossiers")
        parser.add_argument("--until", type=dt.date.fromisoformat, help="last day (default: today, --bulk: yesterday)")
        parser.add_argument("--bulk", action="store_true", help="written into an empty database, for benchmarks")
        parser.add_argument("--processes", type=int, default=0, help="with --bulk: makers of rows (default: a core)")
        parser.add_argument(
            "--make-officers", action="store_true", help="make people, identifiers and routes where none are, as DEMO"
        )

    @audit.silent()
    def handle(self, *args: Any, **options: Any) -> None:
        """Do as asked."""
        if options["dossiers"] < 1 or (options["days"] or 1) < 1:
            raise CommandError("One dossier at least, on one day at least.")
        now = timezone.now().astimezone(ZONE)
        last = options["until"] or (now.date() - dt.timedelta(options["bulk"]))
        first = last - dt.timedelta((options["days"] or (TWO_YEARS if options["bulk"] else TWO_MONTHS)) - 1)
        if options["make_officers"] or settings.DEMO:
            made = make_officers()
            self.stdout.write(f"{made.people} officers and {made.identifiers} identifiers made, marked DEMO")
        try:
            if options["bulk"]:
                self.fill(first, last, options)
                return
            if options["make_officers"] or settings.DEMO:
                self.stdout.write(f"{make_routes(first, last)} routes to a ministry's system made, marked DEMO")
            until = min(now, dt.datetime.combine(last, dt.time.max, ZONE))
            self.live(first, until, options)
        except NothingToSimulateError as error:
            raise CommandError(str(error)) from error

    def live(self, first: dt.date, until: dt.datetime, options: dict[str, Any]) -> None:
        """Let people come and officers work, and sum up."""
        done = live(options["dossiers"], first=first, until=until, seed=options["seed"], say=self.stdout.write)
        self.stdout.write(f"{done.dossiers:,} dossiers and {done.events:,} acts in {done.seconds:.1f} s:")
        for state, number in done.states.items():
            self.stdout.write(f"  {number:>6,}  {State(state).label}")
        self.stdout.write(
            f"{done.late} of {done.settled} settled late ({done.late / max(1, done.settled):.1%}); "
            f"{done.open} open, {done.overdue} of them overdue"
        )
        for reason in sorted(set(done.refused)):
            self.stdout.write(f"  refused {done.refused.count(reason)} times: {reason}")

    def fill(self, first: dt.date, last: dt.date, options: dict[str, Any]) -> None:
        """Write a pile, and sum up."""
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
