"""Anonymise what is due, or say what would be."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalogue.opening import ZONE
from desk.retention.running import run
from desk.retention.terms import look


class Command(BaseCommand):
    """Print counts by rule; nothing can bring back what was anonymised."""

    help = "Erase the data of people in dossiers whose time is over by the province's rules. It can't be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day, and whether only to look."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say what is due and what keeps the rest; write nothing"
        )
        parser.add_argument("--at", type=dt.date.fromisoformat, help="the day by which it is due, 2031-12-31; today")
        parser.add_argument("--most", type=int, help="dossiers at most")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, or do it."""
        now = timezone.now()
        today = now.astimezone(ZONE).date()
        on = options["at"] or today
        if options["dry_run"]:
            found = look(on)
            for name, number in found.by_rule.items():
                self.stdout.write(f"due by {name}: {number}")
            for name, number in found.kept_by.items():
                self.stdout.write(f"kept though its time is over, {name}: {number}")
            return
        if on > today:
            raise CommandError("That day hasn't come: only --dry-run looks ahead.")
        done = run(on, now, options["most"])
        for name, number in done.by_rule.items():
            self.stdout.write(f"anonymised by {name}: {number}")
        self.stdout.write(f"{done.number} anonymised, {done.refused} refused at the last moment")
