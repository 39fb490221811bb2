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
        from portal import celery, checks, clock, guides, signal_handlers
        from portal.accounts import audit, codes, second_factor

        signal_handlers.connect()
        guides.connect()
        clock.register()
        second_factor.check_roles()
        for part in (audit, codes, second_factor):
            part.connect()
        del celery, checks
