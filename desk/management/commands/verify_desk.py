"""Prove the desk's event log: every dossier from its events, chains, heads, codes, counters, and what always holds."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.verifying.running import Report, verify

PAUSE = 5.0
"""Seconds between two lines of progress."""


class Command(BaseCommand):
    """Print a line a fault; end with code 1 if there is any."""

    help = "Fold every dossier from its events and print what is wrong, one line a fault. Exit code 1 if anything is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to check, and how."""
        parser.add_argument(
            "--since", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="only dossiers touched since this day"
        )
        parser.add_argument(
            "--jobs", type=int, default=os.cpu_count() or 1, help="processes (PostgreSQL); as many as cores"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object for a monitor instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, with progress on stderr."""
        if options["jobs"] < 1:
            raise CommandError("--jobs needs at least one process.")
        self.started = self.told = time.monotonic()
        report = verify(timezone.now(), since=options["since"], jobs=options["jobs"], progress=self.progress)
        seconds = time.monotonic() - self.started
        if options["json"]:
            self.stdout.write(json.dumps(as_data(report, seconds), ensure_ascii=False))
        else:
            self.tell(report, seconds)
        if report.count:
            raise SystemExit(1)

    def progress(self, done: int, of: int) -> None:
        """Say on stderr how far it is, every few seconds."""
        now = time.monotonic()
        if now - self.told > PAUSE or (done == of and now - self.started > PAUSE):
            self.told = now
            self.stderr.write(
                _("%(percent)d %% of the dossiers, %(seconds)d s")
                % {"percent": 100 * done // of, "seconds": now - self.started}
            )  # fmt: skip

    def tell(self, report: Report, seconds: float) -> None:
        """Print each fault and the sum."""
        for fault in report.faults:
            self.stdout.write(str(fault))
        if report.count > len(report.faults):
            self.stdout.write(_("… and %(count)d more") % {"count": report.count - len(report.faults)})
        if not report.files:
            self.stderr.write(_("No heads are anchored yet outside the database: `manage.py tick` does it each night."))
        wrong = ngettext("%(count)d fault", "%(count)d faults", report.count) % {"count": report.count}
        checked = _("%(dossiers)d dossiers, %(events)d events, %(files)d files of heads checked in %(seconds).1f s") % {
            "dossiers": report.dossiers, "events": report.events, "files": report.files, "seconds": seconds,
        }  # fmt: skip
        self.stdout.write(f"{checked}: {wrong}")


def as_data(report: Report, seconds: float) -> dict[str, Any]:
    """Return a report for a monitor."""
    return {
        "dossiers": report.dossiers,
        "events": report.events,
        "files": report.files,
        "fault_count": report.count,
        "faults": [{**asdict(fault), "text": str(fault)} for fault in report.faults],
        "database": connection.vendor,
        "seconds": round(seconds, 1),
    }
