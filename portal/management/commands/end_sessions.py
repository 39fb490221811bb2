"""End the sessions of an account, or of everybody."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.accounts.audit import note
from portal.models import User


class Command(BaseCommand):
    """Log somebody out everywhere, or all; nobody's password or factor changes."""

    help = "End all sessions of an account, or with --all of everybody: who it was logs in again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add whose."""
        parser.add_argument("username", nargs="?")
        parser.add_argument("--all", action="store_true", help="of everybody")

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        """Do it and say how many there were."""
        name = options["username"]
        if bool(name) == bool(options["all"]):
            raise CommandError("Name one account, or write --all.")
        if options["all"]:
            ended, _by_kind = Session.objects.all().delete()
            UserSession.objects.all().delete()
            note("all_sessions_ended", number=ended)
            self.stdout.write(f"{ended} sessions ended.")
            return
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        sessions = list(UserSession.objects.filter(user=user))
        for session in sessions:
            session.end()
        note("session_ended", user=user, number=len(sessions), by="administrator")
        self.stdout.write(f"{user.get_username()}: {len(sessions)} sessions ended.")
