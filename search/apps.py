"""Finding: a projection of the live catalogue."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is found, and follow its changes."""
        from search import checks, clock, signal_handlers, sources

        sources.register_all()
        signal_handlers.connect()
        clock.register()
        del checks
