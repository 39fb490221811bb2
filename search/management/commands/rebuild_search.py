"""Make the search index anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import life


class Command(BaseCommand):
    """Make every engine's index anew beside the one in use, then move over: readers see no gap."""

    help = "Make the search index anew. --if-missing only where there is none; else what differs is put in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option."""
        parser.add_argument("--if-missing", action="store_true", help="where there is an index, repair it instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build or repair, with progress."""
        started = time.monotonic()
        if options["if_missing"]:
            for name, (put, removed) in life.repair().items():
                self.stdout.write(f"{name}: {put} put in, {removed} taken out")
        else:
            try:
                count = life.rebuild(lambda number: self.stdout.write(f"  {number} documents"))
            except life.EngineError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{count} documents")
        self.stdout.write(f"done in {time.monotonic() - started:.1f} s")
