"""The dossier desk: states, acts, deadlines, events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = _("Dossier desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow the rows that the working calendar is made from; register checks, what falls due, what follows."""
        from desk import checks, clock, signal_handlers
        from desk.reorganising import registering

        signal_handlers.connect()
        clock.register()
        registering.register()
        del checks
