"""What all rows of a dossier have in common."""

from __future__ import annotations

from django.db import models


class Row(models.Model):
    """A row that isn't an editor's content: Wagtail's index of references, written by each save, leaves it out."""

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
