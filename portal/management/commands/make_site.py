"""Make the site's pages in every language, or those that are missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal import frame
from portal.site.building import build_site


class Command(BaseCommand):
    """Make what is missing; nothing that exists is changed."""

    help = "Make the pages of the site in every language. What is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and report in one line."""
        if frame.province() is None:
            raise CommandError("The province isn't loaded: run load_places first, and see PROVINCE_CODE.")
        with transaction.atomic():
            tally = build_site()
        self.stdout.write(f"{tally.created} pages created, {tally.existing} already there")
