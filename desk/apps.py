"""The dossier desk: states, acts, deadlines, events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = _("Dossier desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow the rows that the working calendar is made from, protect the event log, register the checks."""
        from desk import checks, signal_handlers

        signal_handlers.connect()
        del checks
