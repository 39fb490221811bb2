"""Give one person their data."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from desk.actors import officer
from desk.models import Dossier, PartyIdentifier
from desk.person_archive import archive
from desk.persons import dossiers_of
from desk.refusals import Invalid


class Command(BaseCommand):
    """Write an archive of every dossier in which a number's bearer is a party."""

    help = "Write one person's data to a zip file. --number - reads the number from the standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose data, who gives them, and where to."""
        parser.add_argument("--kind", required=True, choices=PartyIdentifier.Kind.values)
        parser.add_argument("--number", required=True, help="- reads it from the standard input: no history keeps it")
        parser.add_argument("--by", required=True, help="the account of the officer who gives them: the trace names it")
        parser.add_argument("--dossier", help="only this dossier")
        parser.add_argument("out", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, readable by its owner alone."""
        at = timezone.now()
        user = get_user_model().objects.filter(username=options["by"]).first()
        by = officer(user, at) if user else None
        if by is None or not by.posts:
            raise CommandError(f"«{options['by']}» has no post at the desk today.")
        number = sys.stdin.readline().strip() if options["number"] == "-" else options["number"]
        rows = Dossier.objects.filter(code=options["dossier"]) if options["dossier"] else Dossier.objects.all()
        try:
            found = dossiers_of(rows, options["kind"], number)
        except Invalid as error:
            raise CommandError(str(error)) from error
        if not found:
            raise CommandError("Nobody with this number is a party of a dossier here.")
        file, data = archive(found, options["kind"], number, by=by, at=at)
        out: Path = options["out"]
        out.touch(mode=0o600, exist_ok=False)
        with out.open("wb") as target:
            shutil.copyfileobj(file, target)
        self.stdout.write(f"{len(data.dossiers)} dossiers, {len(data.files)} files: {out}")
