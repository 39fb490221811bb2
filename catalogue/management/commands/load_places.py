"""Load provinces, districts and communes, old and present."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalogue.loading import output
from catalogue.loading.places import load_places


class Command(BaseCommand):
    """Load the units of a folder that holds provinces.csv, wards.csv and ward_changes_2025.csv."""

    help = "Load provinces, districts and communes, old and present. A rerun changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder and the shared options."""
        parser.add_argument("folder", nargs="?", help="folder of the unit files (default: the committed one)")
        output.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""
        folder = Path(options["folder"]) if options["folder"] else output.committed("units")
        output.run(self, lambda: load_places(folder, dry_run=options["dry_run"]), options)
