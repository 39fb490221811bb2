"""Show everything of a dossier."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from desk.history import who_of
from desk.models import Dossier
from desk.whole_dossier import whole_dossier


class Command(BaseCommand):
    """Print a dossier: for people, or as JSON for whoever checks."""

    help = "Show everything of a dossier: parties, papers, clock, hand-overs, results, slips, events, due date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the code."""
        parser.add_argument("code")
        parser.add_argument("--json", action="store_true", help="everything, as JSON")
        parser.add_argument("--language", default="vi", choices=["vi", "en"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        dossier = Dossier.objects.select_related("version", "centre").filter(code=options["code"]).first()
        if dossier is None:
            raise CommandError(f"There is no dossier {options['code']}.")
        with translation.override(options["language"]):
            found = whole_dossier(dossier)
            if options["json"]:
                self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
                return
            for line in [*summary(dossier, found), *events_told(dossier)]:
                self.stdout.write(line)


def summary(dossier: Dossier, found: dict[str, Any]) -> list[str]:
    """Return what the dossier is, a line a fact."""
    lines = [f"{dossier.code}  {dossier.state} {dossier.get_state_display()}", found["names"]["procedure"]]
    lines += [f"  {name}: {value}" for name, value in found["names"].items() if value and name != "procedure"]
    lines += [f"  {party['role']}: {party['name']}" for party in found["parties"]]
    lines += [f"  paper: {paper['name']} ({paper['originals']}+{paper['copies']})" for paper in found["papers"]]
    due = found["due"] or {}
    for name in ("original", "current"):
        if due.get(name):
            lines += [f"  due ({name}):", *(f"    {line}" for line in due[name]["days"])]
    return lines


def events_told(dossier: Dossier) -> list[str]:
    """Return a line an event."""
    return [
        f"  {event.number:>3} {event.at:%Y-%m-%dT%H:%MZ} {event.act}: {who_of(event)} {event.digest[:12]}"
        for event in dossier.events.order_by("number")
    ]
