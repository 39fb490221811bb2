"""Draw the states of a dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from desk.diagram import BEGIN, END, diagram, replaced

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "dossier.md"


class Command(BaseCommand):
    """Print the diagram, write it into the document, or say whether that is old."""

    help = "Print the state machine of a dossier as Mermaid text."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do with the document."""
        parser.add_argument("--write", action="store_true", help="draw it anew in docs/dossier.md")
        parser.add_argument("--check", action="store_true", help="fail if docs/dossier.md shows another one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if not options["write"] and not options["check"]:
            self.stdout.write(diagram())
            return
        text = DOCUMENT.read_text()
        if BEGIN not in text or END not in text:
            raise CommandError("docs/dossier.md has no place for the diagram.")
        fresh = replaced(text)
        if options["write"]:
            DOCUMENT.write_text(fresh)
        elif fresh != text:
            raise CommandError("docs/dossier.md shows other states: run manage.py print_state_diagram --write.")
