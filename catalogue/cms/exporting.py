"""Lists as files: every column that editors may see, in words, and nothing that a spreadsheet would carry out."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalogue.models.procedures import column_suffixes

TECHNICAL = frozenset(
    {
        *("id", "imported", "search_marked", "search_folded", "folded_name", "content"),
        # Wagtail's own; who locked a row is nobody's business outside.
        *("latest_revision", "live_revision", "locked", "locked_at", "locked_by", "go_live_at", "expire_at", "expired"),
        *("first_published_at", "last_published_at"),
    }
)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it Excel reads Vietnamese marks as rubbish."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def exported(model: type[models.Model]) -> list[str]:
    """Return the names of the columns that a list of this kind exports; a translated one stands there by language."""
    names = {field.name for field in model._meta.concrete_fields}
    bare = {name for name in names if f"{name}_{column_suffixes()[0]}" in names}
    return [field.name for field in model._meta.concrete_fields if field.name not in TECHNICAL | bare]


def joined(model: type[models.Model]) -> list[str]:
    """Return the relations whose rows an export names."""
    fields = (model._meta.get_field(name) for name in exported(model))
    return [field.name for field in fields if isinstance(field, models.ForeignKey)]


def harmless(value: Any) -> Any:
    """Return a text that a spreadsheet takes for text, not for a formula, without characters that it refuses."""
    if not isinstance(value, str):
        return value
    text = _CONTROLS.sub(" ", value)
    return f"'{text}" if text.startswith(BEGINS_FORMULA) else text


class ExportMixin:
    """A list that can be taken along as CSV or xlsx."""

    model: Any

    def to_row_dict(self, item: Any) -> OrderedDict[str, Any]:
        """Return a row's cells, choices and yes or no in words."""
        return OrderedDict((name, harmless(cell(item, name))) for name in self.list_export)  # type: ignore[attr-defined]

    def get_heading(self, queryset: models.QuerySet[Any], field: str) -> str:
        """Return the column's label."""
        return capfirst(str(self.model._meta.get_field(field).verbose_name))

    def stream_csv(self, queryset: models.QuerySet[Any]) -> Iterator[bytes]:
        """Say first that the text is UTF-8."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)  # type: ignore[misc]


def cell(row: models.Model, name: str) -> Any:
    """Return what a file shows of a column."""
    field = row._meta.get_field(name)
    value = getattr(row, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if getattr(field, "choices", None):
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(field, models.ForeignKey | models.FileField):
        return str(value)
    return value
