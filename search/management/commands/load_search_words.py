"""Load the words that search knows."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalogue.loading import output
from search.loading import DATA, load_words


class Command(BaseCommand):
    """Load word groups, everyday phrases, situations, question words and judged queries."""

    help = "Load what search knows of words. A rerun changes nothing; what an editor changed stays."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder and the shared options."""
        parser.add_argument("folder", nargs="?", help="folder with «words» and «judged» (default: the committed one)")
        output.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""
        folder = Path(options["folder"]) if options["folder"] else DATA
        output.run(self, lambda: load_words(folder, dry_run=options["dry_run"]), options)
