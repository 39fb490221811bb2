"""Make the site's pages in every language."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.site.making import AddressTakenError, make_site


class Command(BaseCommand):
    """Make what is missing; nothing that exists is changed."""

    help = "Make the site: locales, a tree of pages a language, the Wagtail site. A rerun changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make and report."""
        try:
            outcome = make_site()
        except AddressTakenError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{outcome.created} created, {outcome.present} already there")
