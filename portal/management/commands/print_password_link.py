"""Let somebody without an e-mail set a password."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.audit import note
from portal.accounts.mail import HOUR, link_for
from portal.models import User


class Command(BaseCommand):
    """Print a link, once good, to hand over face to face."""

    help = "Print a link at which a person sets a password: hand it over face to face, keep it nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the name."""
        parser.add_argument("username")

    def handle(self, *args: object, **options: object) -> None:
        """Print it, and note that it was."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None or not user.is_active:
            raise CommandError(f"There is no open account {options['username']}.")
        note("link_printed", user=user)
        hours = settings.PASSWORD_RESET_TIMEOUT // HOUR
        self.stdout.write(f"{link_for(user)}\nGood once, for {hours} hours, until the next log-in or new password.")
