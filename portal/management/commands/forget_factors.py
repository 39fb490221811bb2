"""Let somebody in again who has lost every second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.accounts.audit import note
from portal.models import User


class Command(BaseCommand):
    """Take all factors off an account and end its sessions: the next log-in sets up new ones."""

    help = "Forget the second factors of an account, after the person was recognised face to face; end its sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the name."""
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        """Do it and say how much there was."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        factors, _by_kind = Authenticator.objects.filter(user=user).delete()
        sessions = list(UserSession.objects.filter(user=user))
        for session in sessions:
            session.end()
        note("factors_forgotten", user=user, number=factors, sessions=len(sessions))
        self.stdout.write(f"{user.get_username()}: {factors} factors forgotten, {len(sessions)} sessions ended.")
