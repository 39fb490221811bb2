"""A way to look at the list that somebody has kept, perhaps for the whole agency."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.models import Agency
from desk.models.rows import Row
from desk.querysets import SavedViewQuerySet


class SavedView(Row):
    """Filters, columns and order by name; `query` has what the address of the list would: names with their values."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="saved_views", verbose_name=_("agency"))
    name = models.CharField(_("name"), max_length=60)
    query = models.JSONField(_("what is looked for"), default=dict)
    is_shared = models.BooleanField(_("for the whole agency"), default=False)
    made_at = models.DateTimeField(_("made at"))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(name="saved_view_has_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["agency"], condition=Q(is_shared=True), name="saved_view_shared")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address that opens it."""
        return reverse("desk:saved_view", args=[self.pk])
