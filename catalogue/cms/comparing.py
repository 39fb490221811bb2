"""How two versions of a row are compared: an empty text and none are the same, as forms turn one into the other."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.admin.compare import TextFieldComparison, register_comparison_class


class PlainTextComparison(TextFieldComparison):
    """Compares texts; a translation that is empty in both isn't listed as changed."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a: str = field.value_from_object(obj_a) or ""
        self.val_b: str = field.value_from_object(obj_b) or ""


def register() -> None:
    """Put it in the place of Wagtail's own for plain texts."""
    for field in (models.CharField, models.TextField):
        register_comparison_class(field, comparison_class=PlainTextComparison)
