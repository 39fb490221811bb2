"""Merge, split, rename, abolish and found agencies and places on a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalogue.loading import output
from catalogue.reorganising.planning import Source
from catalogue.reorganising.reorganise import reorganise, take_back


class Command(BaseCommand):
    """Plan it before the day, or let it come into force at once where the day has come."""

    help = "Reorganise agencies and places by a file (docs/reorganisation.md). A rerun changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, the tables of places, the day, and what is to be done."""
        parser.add_argument("file", nargs="?", help="CSV in UTF-8, or xlsx: what changes, a line each")
        parser.add_argument(
            "--places", metavar="FOLDER", help="the statistics office's tables, as load_places reads them"
        )
        parser.add_argument("--province", default="", help="with --places: only what became this present province")
        parser.add_argument("--effective", required=True, metavar="DATE", help="first day of the new order: 2027-01-01")
        parser.add_argument("--withdraw", action="store_true", help="take the plan back, before its day")
        parser.add_argument("--name", default="", help="what people call it; without it, the file's name")
        parser.add_argument("--decided-by", default="", help="the resolution: «Nghị quyết 202/2025/QH15»")
        output.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and report."""
        if not (options["file"] or options["places"]):
            raise CommandError("Give the file of changes, or --places with the folder of tables, or both.")
        try:
            day = dt.date.fromisoformat(options["effective"])
        except ValueError as error:
            raise CommandError(f"«{options['effective']}» is no day: write it as 2027-01-01.") from error
        file, places = (Path(options[name]) if options[name] else None for name in ("file", "places"))
        source, at = Source(file, places, options["province"]), timezone.now()

        def load() -> Any:
            if options["withdraw"]:
                return take_back(source, day, at=at, dry_run=options["dry_run"])
            return reorganise(
                source,
                day,
                at=at,
                dry_run=options["dry_run"],
                name=options["name"],
                decided_by=options["decided_by"],
            )

        output.run(self, load, options)
