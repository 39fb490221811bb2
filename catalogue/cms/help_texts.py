"""A word of help beside every field: put on the panels of a form, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel

from catalogue.cms import help_procedures, help_rows
from catalogue.models.procedures import column_suffixes

HELP = help_procedures.HELP | help_rows.HELP
TRANSLATION = _("Translation of the Vietnamese; empty: the page shows the Vietnamese and says so.")


def give_help(handler: Panel) -> Panel:
    """Put our help on each field panel that has none of its own; return the same panel."""
    for panel in field_panels(handler):
        column, is_translation = column_of(panel.field_name)
        known = HELP.get(panel.model.__name__, {})
        if is_translation:
            panel.help_text = panel.help_text or TRANSLATION
        elif column in known and not panel.help_text:
            panel.help_text = known[column]
    return handler


def field_panels(panel: Panel) -> Iterator[FieldPanel]:
    """Yield every field's panel below a panel that is bound to its model, those of rows within included."""
    if isinstance(panel, FieldPanel):
        yield panel
    if isinstance(panel, InlinePanel):
        yield from field_panels(panel.child_edit_handler)
    for child in getattr(panel, "children", ()):
        yield from field_panels(child)


def column_of(name: str) -> tuple[str, bool]:
    """Return a column's name without its language, and whether it is a translation: («name», True) of `name_en`."""
    for number, suffix in enumerate(column_suffixes()):
        if name.endswith(f"_{suffix}"):
            return name.removesuffix(f"_{suffix}"), number > 0
    return name, False
