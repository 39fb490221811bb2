"""Draw the table of rights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access.document import document

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "access.md"


class Command(BaseCommand):
    """Print the document, write it, or say whether it is old."""

    help = "Print who may do what, from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do with the document."""
        parser.add_argument("--write", action="store_true", help="draw docs/access.md anew")
        parser.add_argument("--check", action="store_true", help="fail if docs/access.md says something else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        fresh = document()
        if options["write"]:
            DOCUMENT.write_text(fresh)
        elif not options["check"]:
            self.stdout.write(fresh, ending="")
        elif not DOCUMENT.exists() or DOCUMENT.read_text() != fresh:
            raise CommandError("docs/access.md says something else: run manage.py print_access --write.")
