"""What is known of each translated text: from which Vietnamese it was made, and whether somebody reviewed it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationMark(models.Model):
    """A translated column's source and state. Outdated: the row's Vietnamese no longer has this digest."""

    model = models.CharField(_("kind of row"), max_length=60)
    row = models.PositiveBigIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=60)
    language = models.CharField(_("language"), max_length=10)
    source_digest = models.CharField(_("digest of the Vietnamese"), max_length=64)
    text_digest = models.CharField(_("digest of the translation"), max_length=64)
    is_reviewed = models.BooleanField(_("reviewed"), default=False)

    class Meta:
        verbose_name = _("state of a translation")
        verbose_name_plural = _("states of translations")
        constraints = [
            models.UniqueConstraint(fields=["model", "row", "column", "language"], name="translation_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row} {self.column} {self.language}"
