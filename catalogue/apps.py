"""What exists and is published: places, agencies, procedures, centres."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Connect what follows a publication, and register the checks."""
        from catalogue import checks, signal_handlers  # noqa: F401

        signal_handlers.connect()
