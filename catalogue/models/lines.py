"""Texts of many lines, as a browser sends them and as we keep them."""

from django.db import models


class PlainLines(models.Model):
    """Keep one kind of line end: browsers send two characters, and a text would seem changed by that alone."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Turn every line end of a form's text into one character."""
        super().clean()
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(field, models.TextField) and isinstance(value, str):
                setattr(self, field.attname, value.replace("\r\n", "\n").replace("\r", "\n"))
