"""Make the site's pages in every language, or those that are missing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from catalogue.loading.output import LoadError
from catalogue.loading.provinces import present_provinces
from portal.site.building import build_site


class Command(BaseCommand):
    """Make what is missing; what an editor wrote is never changed."""

    help = "Make the pages of the site in every language. What an editor wrote stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and report in one line."""
        try:
            present_provinces(settings.PROVINCE_CODE)
        except LoadError as error:
            raise CommandError(f"{error} Nothing was made.") from error
        with transaction.atomic():
            tally = build_site()
        renewed = f", {tally.renewed} of them with new texts" if tally.renewed else ""
        self.stdout.write(f"{tally.created} pages created, {tally.existing} already there{renewed}")
