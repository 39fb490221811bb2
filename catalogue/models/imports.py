"""A national file that an editor uploaded: what was read of it, and how far."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.changesets import ChangeSet

STALE = dt.timedelta(minutes=3)
"""Work that hasn't been heard of for so long has ended with its process: a portion takes seconds."""


class ImportQuerySet(models.QuerySet["CatalogueImport"]):
    """Imports, and which of them nobody is at any more."""

    def stopped(self, at: dt.datetime) -> Self:
        """Return those that broke off: by an error, or with their process."""
        silent = Q(state=CatalogueImport.State.RUNNING, heard_at__lt=at - STALE)
        return self.filter(silent | Q(state=CatalogueImport.State.STOPPED))

    def with_set(self) -> Self:
        """Return them with their sets of changes and who brought them."""
        return self.select_related("change_set", "uploaded_by")

    def without_content(self) -> Self:
        """Return them without the file and the report, which may be megabytes."""
        return self.defer("content", "report")


class CatalogueImport(models.Model):
    """The file of a set of changes: who brought it, how far it is read, and what the reading found."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        RUNNING = "running", _("is being read")
        READY = "ready", _("read and compared")
        STOPPED = "stopped", _("broke off")
        REFUSED = "refused", _("refused as a whole")

    UNREAD = frozenset({State.WAITING, State.RUNNING, State.STOPPED})

    change_set = models.OneToOneField(ChangeSet, models.CASCADE, related_name="file_import", verbose_name=_("set"))
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes, unpacked"))
    digest = models.CharField(_("SHA-256 of the unpacked file"), max_length=64, db_index=True)
    content = models.BinaryField(_("the file, packed, until it is read"), null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    heard_at = models.DateTimeField(_("last heard of"), null=True, blank=True)
    total = models.PositiveIntegerField(_("rows of the file"))
    done = models.PositiveIntegerField(_("rows read"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    departed = models.PositiveIntegerField(_("no longer in the file"), default=0)
    report = models.JSONField(_("report"), default=dict, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of the national file")
        verbose_name_plural = _("imports of the national file")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="catalogueimport_unread_has_content",
                condition=Q(state__in=["ready", "refused"]) | Q(content__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_stopped(self, at: dt.datetime) -> bool:
        """Return whether nobody is at it though it isn't read to its end."""
        is_silent = self.state == self.State.RUNNING and (self.heard_at is None or self.heard_at < at - STALE)
        return is_silent or self.state == self.State.STOPPED
