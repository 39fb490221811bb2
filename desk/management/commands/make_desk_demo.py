"""Make the desk's part of the demo: officers at work on a few hundred dossiers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalogue.demo_passwords import FILE
from catalogue.opening import ZONE
from desk.models import Dossier
from desk.simulation.logins import make_logins
from desk.simulation.outside import make_accounts

DOSSIERS = 450
MONTH = dt.timedelta(30)


class Command(BaseCommand):
    """Simulate two months until now, once, and print the officers' log-ins each time."""

    help = "Make the demo's officers, log-ins and dossiers, marked DEMO. Refused unless DEMO is set."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make and report."""
        if not settings.DEMO:
            raise CommandError("This isn't a demo: set DEMO=1 on your own machine.")
        if not Dossier.objects.exists():
            call_command("simulate_desk", dossiers=DOSSIERS, stdout=self.stdout)
        at = timezone.now().astimezone(ZONE)
        made = make_accounts(at.date() - MONTH, at)
        self.stdout.write(f"{made} accounts on a ministry's system made, marked DEMO")
        folder = Path(settings.VAR_DIR)
        self.stdout.write(f"Log-ins for {settings.BASE_URL}/desk/ (kept in {folder / FILE}):")
        for login in make_logins(folder):
            self.stdout.write(f"  {login.name}: {login.password}  {login.post}")
