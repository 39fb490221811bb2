"""What a cell of a list shows: days, states and choices in words, in the editor's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column


class DayColumn(Column):
    """A day or a moment, as people write it: 28/11/2026."""

    def get_value(self, instance: Any) -> str:
        """Return the day, nothing where there is none."""
        value = super().get_value(instance)
        if value is None:
            return ""
        if isinstance(value, dt.datetime):
            return date_format(localtime(value), "H:i d/m/Y")
        return date_format(value, "d/m/Y")


class YesNoColumn(Column):
    """Yes or no in words; Wagtail's own says «True» to whoever hears the page."""

    def get_value(self, instance: Any) -> str:
        """Return the word."""
        return _("yes") if super().get_value(instance) else _("no")


class PublicationColumn(Column):
    """Whether readers see the row, and whether an editor has begun something."""

    def __init__(self) -> None:
        super().__init__("publication", label=gettext_lazy("Published"), sort_key="live")

    def get_value(self, instance: Any) -> str:
        """Return the state in words."""
        if not instance.live:
            return _("draft")
        return _("published, with an open draft") if instance.has_unpublished_changes else _("published")


def column_class(model: type[models.Model], name: str) -> type[Column]:
    """Return the kind of column that a field needs."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return Column
    if isinstance(field, models.BooleanField):
        return YesNoColumn
    return DayColumn if isinstance(field, models.DateField) else Column
