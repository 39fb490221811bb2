"""Load which people have accounts on ministries' systems from a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from catalogue.loading import output
from portal.officers.outside_loading import load_outside_accounts


class Command(BaseCommand):
    """Write down what is new and what has changed; what the list doesn't name stays."""

    help = "Load accounts on ministries' systems from CSV or xlsx (docs/operations.md). A rerun changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and whether a refused row stops all."""
        parser.add_argument("file", help="CSV in UTF-8, or xlsx")
        parser.add_argument("--all-or-nothing", action="store_true", help="load nothing where a row is refused")
        output.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""

        def load() -> Any:
            return load_outside_accounts(
                Path(options["file"]),
                at=timezone.now(),
                dry_run=options["dry_run"],
                all_or_nothing=options["all_or_nothing"],
            )

        output.run(self, load, options, with_diff=True)
