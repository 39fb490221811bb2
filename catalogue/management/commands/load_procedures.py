"""Load the procedures that a province publishes."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from catalogue.loading import output
from catalogue.loading.procedures import load_procedures


class Command(BaseCommand):
    """Load a file of the national catalogue, one JSON object a line, plain or gzip."""

    help = "Load the procedures that a province publishes. A rerun changes nothing; editors' work is never overwritten."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files, the province and the shared options."""
        parser.add_argument("file", nargs="?", help="detail rows (default: the committed file)")
        parser.add_argument("--province", default=settings.PROVINCE_CODE, help="statistics code, such as 48")
        parser.add_argument("--index", help="the portal's list (default: procedures_index.jsonl.gz beside the file)")
        output.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""
        file = Path(options["file"]) if options["file"] else output.committed("procedures.jsonl.gz")
        index = Path(options["index"]) if options["index"] else index_beside(file)
        code, dry_run = options["province"], options["dry_run"]
        output.run(
            self,
            lambda: load_procedures(file, index, province_code=code, dry_run=dry_run, progress=self.stdout.write),
            options,
        )


def index_beside(file: Path) -> Path | None:
    """Return the portal's list that lies in the same folder, if there is one."""
    found = (file.parent / name for name in ("procedures_index.jsonl.gz", "procedures_index.jsonl"))
    return next((path for path in found if path.is_file()), None)
