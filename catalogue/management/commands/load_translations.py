"""Load translations of the catalogue's texts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalogue.loading import output
from catalogue.loading.translations import load_translations


class Command(BaseCommand):
    """Load a folder with a folder a language, of JSON lines with source, text and reviewed."""

    help = "Load translations by line of Vietnamese. One changed figure refuses all; people's own words stay."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder and the shared options."""
        parser.add_argument("folder", nargs="?", help="folder with a folder a language (default: the committed one)")
        output.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""
        folder = Path(options["folder"]) if options["folder"] else output.committed("translations")
        output.run(self, lambda: load_translations(folder, dry_run=options["dry_run"]), options)
