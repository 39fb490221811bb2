"""What is known of each translated text, and the drafts of translators until a second person lets them out."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.editing.reach import approving_reach, editing_reach


class TranslationMark(models.Model):
    """A translated column's source and state. Outdated: the row's Vietnamese no longer has this digest."""

    model = models.CharField(_("kind of row"), max_length=60)
    row = models.PositiveBigIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=60)
    language = models.CharField(_("language"), max_length=10)
    source_digest = models.CharField(_("digest of the Vietnamese"), max_length=64)
    text_digest = models.CharField(_("digest of the translation"), max_length=64)
    is_reviewed = models.BooleanField(_("reviewed"), default=False)
    is_approved = models.BooleanField(
        _("approved by a second person"), default=False, help_text=_("No load of lines writes over it")
    )

    class Meta:
        verbose_name = _("state of a translation")
        verbose_name_plural = _("states of translations")
        constraints = [
            models.UniqueConstraint(fields=["model", "row", "column", "language"], name="translation_mark_once")
        ]
        indexes = [models.Index(fields=["language", "source_digest"], name="translation_mark_source")]

    def __str__(self) -> str:
        return f"{self.model} {self.row} {self.column} {self.language}"


class TranslationDraftQuerySet(models.QuerySet["TranslationDraft"]):
    """Drafts of translations, and whose they are: the rights on the row are the rights on its translations."""

    def current(self) -> Self:
        """Return those that wait or were sent back: at most one a text."""
        return self.filter(status__in=TranslationDraft.CURRENT)

    def waiting(self) -> Self:
        """Return those that wait for approval."""
        return self.filter(status=TranslationDraft.Status.OPEN)

    def of_row(self, row: models.Model) -> Self:
        """Return those of a row that has a screen, its children's included."""
        return self.filter(root_kind=row._meta.model_name, root=row.pk)

    def visible_to(self, user: Any, day: dt.date) -> Self:
        """Return those of rows that a person may edit (a subquery a kind of row)."""
        return self._within(editing_reach(user, day))

    def approvable_by(self, user: Any, day: dt.date) -> Self:
        """Return those of rows that a person's postings let them approve, whoever wrote them."""
        return self._within(approving_reach(user, day))

    def _within(self, reach: Any) -> Self:
        if reach.is_whole:
            return self
        condition = Q(pk__in=[])
        for kind in self.order_by().values_list("root_kind", flat=True).distinct():
            rows = reach.within(apps.get_model("catalogue", kind)._default_manager.order_by())
            condition |= Q(root_kind=kind, root__in=rows.values("pk"))
        return self.filter(condition)


class TranslationDraft(models.Model):
    """A translator's words for one column of one row: no part of the Vietnamese draft, and no reader sees them."""

    class Status(models.TextChoices):
        OPEN = "open", _("waits for approval")
        RETURNED = "returned", _("sent back")
        REPLACED = "replaced", _("written over")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    CURRENT = (Status.OPEN, Status.RETURNED)
    """At most one a text; what somebody wrote over stays as it was."""

    kind = models.CharField(_("kind of row"), max_length=60)
    row = models.PositiveBigIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=60)
    language = models.CharField(_("language"), max_length=10)
    root_kind = models.CharField(_("kind of the row that has a screen"), max_length=60)
    root = models.PositiveBigIntegerField(_("row that has a screen"))
    source = models.TextField(_("the Vietnamese that it was made from"))
    source_digest = models.CharField(_("digest of the Vietnamese"), max_length=64)
    text = models.TextField(_("translation"))
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = TranslationDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a translation")
        verbose_name_plural = _("drafts of translations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "row", "column", "language"],
                name="translation_draft_one_current",
                condition=Q(status__in=["open", "returned"]),
            ),
            models.CheckConstraint(
                name="translation_draft_decided_by_somebody",
                condition=Q(status__in=["open", "replaced", "withdrawn"]) | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(name="translation_draft_has_text", condition=~Q(text="")),
        ]
        indexes = [
            models.Index(fields=["root_kind", "root", "language"], name="translation_draft_root"),
            models.Index(fields=["status", "language"], name="translation_draft_status"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row} {self.column} {self.language}"

    @property
    def key(self) -> tuple[str, int, str]:
        """Return what tells the text within its language: kind, row and column."""
        return self.kind, self.row, self.column
