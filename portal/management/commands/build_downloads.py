"""Build the files of the open data ahead of their readers."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.api.building import build_if_old, build_missing


class Command(BaseCommand):
    """Build what a change, a new release or a new day has made old; nothing where another process builds."""

    help = "Build the files of the open data that are missing or old. A rerun builds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how little may be built."""
        parser.add_argument("--if-missing", action="store_true", help="leave old files to the tick")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and report in one line."""
        started = time.monotonic()
        names = build_missing() if options["if_missing"] else build_if_old()
        self.stdout.write(f"{len(names)} files built in {time.monotonic() - started:.1f} s")
