"""What exists and is published: places, agencies, procedures, centres."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Connect what follows a publication."""
        from catalogue import signal_handlers

        signal_handlers.connect()
