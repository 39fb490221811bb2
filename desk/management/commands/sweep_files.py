"""Delete files of dossiers that nobody keeps."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from desk.files import sweeping


class Command(BaseCommand):
    """Sweep now; the tick does it each hour."""

    help = "Delete what was cut off, has no row or was removed long ago; with --verify, read every file too."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add whether to read every file."""
        parser.add_argument("--verify", action="store_true", help="compare every file with its digest")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was deleted, and each file that is wrong; exit with an error if there is one."""
        swept = sweeping.sweep(timezone.now())
        self.stdout.write(f"{swept.cut_off} cut off, {swept.without_row} without a row, {swept.removed} removed ones")
        if not options["verify"]:
            return
        wrong = 0
        for file, fault in sweeping.wrong_files():
            wrong += 1
            self.stderr.write(f"{file.dossier.code}: file {file.pk} at {file.place} is {fault}")
        if wrong:
            raise CommandError(f"{wrong} files are wrong.")
        self.stdout.write("Every file is as it was uploaded.")
