"""What exists and is published: places, agencies, procedures, centres."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Connect what follows a publication, register the checks and what falls due by the clock."""
        from catalogue import checks, clock, mirroring, signal_handlers  # noqa: F401
        from catalogue.changesets.applying import apply_due
        from catalogue.changesets.importing import read_waiting
        from catalogue.changesets.parking import park_waiting
        from catalogue.reorganising import registering

        signal_handlers.connect()
        mirroring.connect()
        clock.register("changes", apply_due)
        clock.register("imports", read_waiting)
        clock.register("versions", park_waiting)
        registering.register_all()
