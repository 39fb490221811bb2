"""The public face, and the place where the rooms are put together."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Connect the signals that make the public cache forget, and let search find the pages.

        Celery's app must be there before a room sends a task.
        """
        from portal import celery, checks, clock, guides, in_the_clear, reorganising, signal_handlers
        from portal.access import checks as access_checks
        from portal.accounts import administering, audit, codes, lifetimes, second_factor

        signal_handlers.connect()
        guides.connect()
        clock.register()
        reorganising.register()
        second_factor.check_roles()
        for part in (administering, audit, codes, lifetimes, second_factor):
            part.connect()
        del celery, checks, in_the_clear, access_checks
