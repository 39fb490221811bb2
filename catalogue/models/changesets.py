"""What one decision or one file changes: lines, a procedure each, approved line by line and in force on one day."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.editing.reach import editing_reach
from catalogue.models.agencies import Agency
from catalogue.models.law import Decision, DecisionItem
from catalogue.models.procedures import Procedure
from catalogue.models.versions import ProcedureVersion

LEAN = (
    *("change_set", "procedure__maintained_by", "code", "label", "effect", "successor", "status", "after"),
    *("written_at", "decided_by", "decided_at", "version"),
)
"""What of a line is read where thousands are read at once: neither its contents nor its procedure's."""


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    """Sets of changes, and whose they are."""

    def visible_to(self, user: Any, day: dt.date) -> Self:
        """Return those of the agencies where a person may edit."""
        reach = editing_reach(user, day)
        return self if reach.is_whole else self.filter(agency__in=reach.agencies)

    def due(self, day: dt.date) -> Self:
        """Return those with an approved line whose day has come."""
        approved = ChangeLine.objects.filter(change_set=models.OuterRef("pk"), status=ChangeLine.Status.APPROVED)
        return self.filter(models.Exists(approved)).filter(Q(effective_on=None) | Q(effective_on__lte=day))


class ChangeSet(models.Model):
    """A publication decision (Nghị định 63/2010 Điều 15) or a national file, with what it changes."""

    class Source(models.TextChoices):
        DECISION = "decision", _("decision")
        FILE = "file", _("file")

    class Status(models.TextChoices):
        DRAFT = "draft", _("being written")
        SUBMITTED = "submitted", _("waits for approval")
        APPROVED = "approved", _("approved, waits for its day")
        APPLIED = "applied", _("in force")
        WITHDRAWN = "withdrawn", _("withdrawn")

    WRITABLE = frozenset({Status.DRAFT, Status.SUBMITTED})

    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.DECISION)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    number = models.CharField(
        _("number"), max_length=80, blank=True, help_text=_("As it stands on the decision: 1234/QĐ-UBND")
    )
    issuer = models.CharField(_("issuer"), max_length=200, blank=True, help_text=_("Who signed it: Bộ Tư pháp"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    effective_on = models.DateField(
        _("takes effect on"), null=True, blank=True, help_text=_("Empty: on the day of the approval")
    )
    title = models.CharField(
        _("subject"), max_length=300, blank=True, help_text=_("A few words by which your colleagues know it")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="change_sets", verbose_name=_("decision")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="change_sets",
        verbose_name=_("agency"),
        help_text=_("Whose work it is; empty: the province's"),
    )
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("in force at"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("set of changes")
        verbose_name_plural = _("sets of changes")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="changeset_decision_numbered", condition=Q(source="file") | ~Q(number="")),
        ]
        indexes = [models.Index(fields=["status", "effective_on"], name="changeset_due")]

    def __str__(self) -> str:
        return " – ".join(filter(None, [self.number, self.title])) or str(self.pk)


class ChangeLine(models.Model):
    """What a set does to one procedure: the row as it was when the line was written, and as it will be."""

    class Status(models.TextChoices):
        OPEN = "open", _("not decided")
        APPROVED = "approved", _("approved")
        LEFT_OUT = "left_out", _("left out")
        APPLIED = "applied", _("in force")

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="lines")
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, related_name="change_lines", verbose_name=_("procedure")
    )
    code = models.CharField(_("code"), max_length=40)
    label = models.CharField(_("name"), max_length=300, blank=True)
    effect = models.CharField(_("effect"), max_length=10, choices=DecisionItem.Effect.choices)
    successor = models.CharField(
        _("replaced by"), max_length=40, blank=True, help_text=_("The code of the procedure that comes in its place")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    before = models.JSONField(_("as it was"), default=dict, blank=True)
    after = models.JSONField(_("as it will be"), default=dict, blank=True)
    parts = models.JSONField(_("as the file gives it"), default=dict, blank=True)
    counts = models.JSONField(_("what it touches"), default=dict, blank=True)
    clashes = models.JSONField(_("where two changes meet"), default=list, blank=True)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("in force at"), null=True, blank=True)
    version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version")
    )

    class Meta:
        verbose_name = _("line of a set of changes")
        verbose_name_plural = _("lines of sets of changes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change_set", "code"], name="changeline_code_once"),
            models.CheckConstraint(
                name="changeline_decided_by_somebody",
                condition=Q(status="open", decided_by__isnull=True) | (~Q(status="open") & Q(decided_by__isnull=False)),
            ),
            models.CheckConstraint(name="changeline_names_row", condition=Q(effect="new") | Q(procedure__isnull=False)),
            models.CheckConstraint(
                name="changeline_names_successor", condition=~Q(effect="replaced") | ~Q(successor="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}".strip()
