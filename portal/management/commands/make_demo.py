"""Make what only the demo has."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.site.accounts import FILE, make_accounts, posts_of
from portal.site.demo import NoSiteError, make_demo_rows


class Command(BaseCommand):
    """Make log-ins, an urgent notice, a help point with hours and a hotline, each marked «DEMO»."""

    help = "Make the demo's log-ins, notice, help point and hotline. Refused unless DEMO is set."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make and report; the log-ins are printed each time."""
        if not settings.DEMO:
            raise CommandError("This isn't a demo: set DEMO=1 on your own machine.")
        try:
            tally = make_demo_rows()
        except NoSiteError as error:
            raise CommandError(str(error)) from error
        folder = Path(settings.VAR_DIR)
        passwords = make_accounts(folder)
        self.stdout.write(f"{tally.created} created, {tally.existing} already there")
        self.stdout.write(f"Log-ins for {settings.BASE_URL}/cms/ (kept in {folder / FILE}):")
        for name, password in passwords.items():
            self.stdout.write(f"  {name}: {password}")
            if about := posts_of(name):
                self.stdout.write(f"      {about}")
