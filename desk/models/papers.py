"""The papers of a dossier, what is asked for besides, and the files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from desk.models.dossiers import Dossier
from desk.models.rows import Row


class DossierFile(Row):
    """A file of a dossier: named by its people, placed by us, never served by an address of its own."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("paper handed in")
        RESULT = "result", _("result")
        OTHER = "other", _("other")

    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", _("not scanned for viruses")
        CLEAN = "clean", _("clean")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PAPER)
    name = models.CharField(_("name"), max_length=255)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    place = models.CharField(_("place in the store"), max_length=100, unique=True)
    scan = models.CharField(_("virus scan"), max_length=12, choices=Scan.choices, default=Scan.NOT_SCANNED)
    pages = models.PositiveIntegerField(
        _("pages"), null=True, blank=True, help_text=_("Of a PDF or image: those that can be looked at here")
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name


class HandedPaper(Row):
    """A paper that was handed in: of the version's list, or a proof of representation (Thông tư 01/2023/TT-VPCP)."""

    class Status(models.TextChoices):
        NOT_DIGITISED = "not_digitised", _("not digitised")
        DIGITISED = "digitised", _("digitised")
        REUSED = "reused", _("re-used")
        EARLIER_RESULT = "earlier_result", _("from an earlier result")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers")
    paper_key = models.CharField(_("key in the version"), max_length=40, blank=True)
    name = models.TextField(_("name"))
    originals = models.PositiveSmallIntegerField(_("originals"), default=0)
    copies = models.PositiveSmallIntegerField(_("copies"), default=0)
    status = models.CharField(_("status"), max_length=15, choices=Status.choices, default=Status.NOT_DIGITISED)
    earlier_result = models.ForeignKey("DossierResult", models.PROTECT, null=True, blank=True, related_name="used_as")
    file = models.ForeignKey(DossierFile, models.PROTECT, null=True, blank=True, related_name="papers")
    handed_in_at = models.DateTimeField(_("handed in at"))
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_by = models.CharField(_("signed digitally by"), max_length=200, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta:
        verbose_name = _("paper handed in")
        verbose_name_plural = _("papers handed in")
        constraints = [
            models.CheckConstraint(
                name="handed_paper_earlier_result_named",
                condition=~Q(status="earlier_result") | Q(earlier_result__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name[:100]


class SupplementRequest(Row):
    """What was asked for at one time, whole (Mẫu số 02)."""

    class Stage(models.TextChoices):
        ENTRY = "entry", _("at entry")
        WORK = "work", _("during processing")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="supplement_requests")
    stage = models.CharField(_("stage"), max_length=5, choices=Stage.choices)
    number = models.PositiveSmallIntegerField(_("number in the stage"))
    asked_at = models.DateTimeField(_("asked at"))
    answer_by = models.DateField(_("answer by"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    ground = models.CharField(_("article of the sector law"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("supplement request")
        verbose_name_plural = _("supplement requests")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "stage", "number"], name="supplement_number_once"),
            models.CheckConstraint(
                name="supplement_second_has_ground", condition=Q(number=1) | (Q(stage="work") & ~Q(ground=""))
            ),
        ]


class SupplementItem(Row):
    """One thing asked for, with its reason: a paper of the version, a proof of representation, or a correction."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("a paper of the list")
        REPRESENTATION = "representation", _("proof of representation")
        CORRECTION = "correction", _("correction of a paper handed in")

    request = models.ForeignKey(SupplementRequest, models.PROTECT, related_name="items")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    paper_key = models.CharField(_("key in the version"), max_length=40, blank=True)
    handed_paper = models.ForeignKey(HandedPaper, models.PROTECT, null=True, blank=True, related_name="corrections")
    name = models.TextField(_("name"))
    reason = models.TextField(_("reason"))

    class Meta:
        constraints = [models.CheckConstraint(name="supplement_item_has_reason", condition=~Q(reason=""))]
