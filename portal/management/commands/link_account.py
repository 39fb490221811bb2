"""Tie an account to the single sign-on by the administrator's word."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.audit import note
from portal.accounts.oidc import PROVIDER
from portal.models import User


class Command(BaseCommand):
    """Tie, untie, or list."""

    help = "Tie an account to a subject («sub») of the single sign-on, untie it, or list who is tied."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the name, the subject and what to do instead of tying."""
        parser.add_argument("username", nargs="?")
        parser.add_argument("subject", nargs="?", help="the claim «sub» of the person at the provider")
        parser.add_argument("--remove", action="store_true", help="untie the account")

    def handle(self, *args: object, **options: object) -> None:
        """Do it and say so; a rerun changes nothing."""
        name, subject = options["username"], options["subject"]
        if not name:
            for row in (
                SocialAccount.objects.filter(provider=PROVIDER).select_related("user").order_by("user__username")
            ):
                self.stdout.write(f"{row.user.get_username()}\t{row.uid}")
            return
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        tied = SocialAccount.objects.filter(user=user, provider=PROVIDER)
        if options["remove"]:
            if tied.delete()[0]:
                note("untied", user=user, by="administrator")
            self.stdout.write(f"{name} isn't tied.")
            return
        if not subject:
            raise CommandError("Which subject? It is the claim «sub» of the person at the provider.")
        other = SocialAccount.objects.filter(provider=PROVIDER, uid=subject).exclude(user=user).select_related("user")
        if taken := other.first():
            raise CommandError(f"This subject is tied to {taken.user.get_username()}: untie that first.")
        if not tied.filter(uid=subject).exists():
            tied.delete()
            SocialAccount.objects.create(user=user, provider=PROVIDER, uid=subject)
            note("tied", user=user, by="administrator")
        self.stdout.write(f"{name} is tied to {subject}.")
