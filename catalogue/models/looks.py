"""What editors found when they looked at flagged rows: proposed kinds of papers, and «I looked, it is right»."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalogue.editing.reach import approving_reach, editing_reach
from catalogue.models.papers import RequiredPaper
from catalogue.models.procedures import Procedure


class MarkingQuerySet(models.QuerySet["PaperMarking"]):
    """Proposed kinds of papers, and whose they are."""

    def open(self) -> Self:
        """Return those that wait."""
        return self.filter(status=PaperMarking.Status.OPEN)

    def visible_to(self, user: Any, day: dt.date) -> Self:
        """Return those in procedures that a person may edit."""
        mine = editing_reach(user, day).within(Procedure.objects.order_by())
        return self.filter(procedure__in=mine.values("pk"))

    def approvable_by(self, user: Any, day: dt.date) -> Self:
        """Return those that a person's postings let them approve, of papers that they marked in no way themselves."""
        mine = approving_reach(user, day).within(Procedure.objects.order_by())
        own = PaperMarking.objects.filter(paper=OuterRef("paper"), by=user.pk, status__in=PaperMarking.UNDECIDED)
        return self.filter(~Exists(own), procedure__in=mine.values("pk"))


class PaperMarking(models.Model):
    """What somebody takes an unclassified row of the dossier's list for; a second person makes it so."""

    class Kind(models.TextChoices):
        PAPER = RequiredPaper.Kind.PAPER.value, _("paper")
        NOTE = RequiredPaper.Kind.NOTE.value, _("note")
        HEADING = RequiredPaper.Kind.HEADING.value, _("heading")

    class Status(models.TextChoices):
        OPEN = "open", _("waits for approval")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("sent back")
        REPLACED = "replaced", _("marked anew")
        WITHDRAWN = "withdrawn", _("withdrawn")

    UNDECIDED = frozenset({Status.OPEN, Status.REPLACED})
    """Who wrote one of these wrote a part of what is decided now."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="paper_markings")
    paper = models.ForeignKey(RequiredPaper, models.SET_NULL, null=True, related_name="markings")
    text = models.TextField(_("text of the row"), help_text=_("As it was read; another text must be read anew"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    at = models.DateTimeField(_("written at"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = MarkingQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed kind of a paper")
        verbose_name_plural = _("proposed kinds of papers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper"], name="marking_one_open_a_paper", condition=Q(status="open")),
            models.CheckConstraint(
                name="marking_approved_by_another",
                condition=~Q(status="approved") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text[:80]}: {self.get_kind_display()}"


class RowCheck(models.Model):
    """«I looked: it is right», about one doubt of one procedure; forgotten once the text is another."""

    class Doubt(models.TextChoices):
        DISTRICT = "district", _("District-level wording")
        FEE = "fee", _("Suspect fee")
        PAPERS = "papers", _("Guessed split of papers")
        FEES = "fees", _("Guessed split of fees and times")
        AUTHORITIES = "authorities", _("Authorities need a look")

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="row_checks")
    doubt = models.CharField(_("doubt"), max_length=12, choices=Doubt.choices)
    digest = models.CharField(_("digest of what was looked at"), max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("looked at by"))
    at = models.DateTimeField(_("looked at"))

    class Meta:
        verbose_name = _("look at a flagged row")
        verbose_name_plural = _("looks at flagged rows")
        constraints = [models.UniqueConstraint(fields=["procedure", "doubt"], name="row_check_once")]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.get_doubt_display()}"
