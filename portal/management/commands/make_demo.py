"""Make what only the demo has."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.site import demo


class Command(BaseCommand):
    help = "Make what only the demo has: two log-ins, a service point, a hotline, urgent notices."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, and report in one line; refuse anywhere but in a demo."""
        if not settings.DEMO:
            raise CommandError("This makes log-ins and invented facts: only with DEMO=1, on your own machine.")
        with transaction.atomic():
            people, points = demo.make_people(), demo.make_point()
            hotlines, notices = demo.make_hotline(), demo.make_notices()
        self.stdout.write(
            f"{people} log-ins, {points} service points, {hotlines} hotlines and {notices} notices created; "
            f"the passwords are in {settings.VAR_DIR}/demo-accounts.txt"
        )
