"""Load the accounts and postings of officers and editors from a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from catalogue.loading import output
from portal.officers.leavers import USUAL
from portal.officers.loading import load_officers


class Command(BaseCommand):
    """Make who is new, change who is changed, and end who has left where that is asked for."""

    help = "Load officers and editors from CSV or xlsx (docs/operations.md). A rerun changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and what is to happen beside the load."""
        parser.add_argument("file", help="CSV in UTF-8, or xlsx")
        parser.add_argument("--all-or-nothing", action="store_true", help="load nothing where a row is refused")
        parser.add_argument(
            "--leavers",
            type=int,
            nargs="?",
            const=USUAL,
            metavar="MOST",
            help=f"end what the list doesn't name at its agencies with yesterday: MOST postings ({USUAL}) or none",
        )
        parser.add_argument("--send-links", action="store_true", help="mail new people a link for their first password")
        output.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""

        def load() -> Any:
            return load_officers(
                Path(options["file"]),
                at=timezone.now(),
                dry_run=options["dry_run"],
                all_or_nothing=options["all_or_nothing"],
                leavers=options["leavers"],
                send_links=options["send_links"],
            )

        output.run(self, load, options, with_diff=True)
