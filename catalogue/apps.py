"""What exists and is published: places, agencies, procedures, centres."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Connect what follows a publication, and register the checks."""
        from catalogue import checks, clock, signal_handlers  # noqa: F401
        from catalogue.changesets.applying import apply_due

        signal_handlers.connect()
        clock.register("changes", apply_due)
