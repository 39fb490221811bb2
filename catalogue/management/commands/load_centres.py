"""Load a province's public administrative service centres."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from catalogue.loading import output
from catalogue.loading.centres import load_centres


class Command(BaseCommand):
    """Load a file of addresses; a commune without one still has its centre."""

    help = "Load a province's centres. A rerun changes nothing; editors' work is never overwritten."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, the province and the shared options."""
        parser.add_argument("file", nargs="?", help="addresses, one JSON object a line (default: the committed file)")
        parser.add_argument("--province", default=settings.PROVINCE_CODE, help="statistics code, such as 48")
        output.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""
        file = Path(options["file"]) if options["file"] else output.committed("centres.jsonl")
        code, dry_run = options["province"], options["dry_run"]
        output.run(self, lambda: load_centres(file, province_code=code, dry_run=dry_run), options)
