"""What the applicant brings: cases, the papers of each, and the forms."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from catalogue.models.lines import PlainLines
from catalogue.models.procedures import Procedure
from catalogue.querysets import EditedQuerySet


class Form(models.Model):
    """A form to fill in. Without its file it shows as missing."""

    name = models.CharField(_("name"), max_length=400)
    file = models.FileField(_("file"), upload_to="forms/", blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = EditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="form_once", nulls_distinct=False),
            models.CheckConstraint(
                name="form_file_has_hash", condition=Q(file="", sha256="") | (~Q(file="") & ~Q(sha256=""))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Case(PlainLines, ClusterableModel):
    """A case (trường hợp) with papers of its own; an empty label is what every applicant brings."""

    procedure = ParentalKey(Procedure, on_delete=models.CASCADE, related_name="cases")
    key = models.CharField(_("key"), max_length=40)
    label = models.TextField(_("case"), blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["sort_order"]
        constraints = [models.UniqueConstraint(fields=["procedure", "key"], name="case_key_once")]

    def __str__(self) -> str:
        return (self.label or str(_("Everyone")))[:100]


class RequiredPaper(PlainLines, models.Model):
    """One row of the dossier's list (thành phần hồ sơ). 0 originals and 0 copies say nothing: unclassified."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("paper")
        NOTE = "note", _("note")
        HEADING = "heading", _("heading")
        UNCLASSIFIED = "unclassified", _("unclassified")

    class Handling(models.TextChoices):
        SUBMIT = "submit", _("hand in")
        PRESENT = "present", _("show")
        UNKNOWN = "unknown", _("not said")

    case = ParentalKey(Case, on_delete=models.CASCADE, related_name="papers")
    key = models.CharField(_("key"), max_length=40)
    name = models.TextField(_("name"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.UNCLASSIFIED)
    handling = models.CharField(_("handling"), max_length=10, choices=Handling.choices, default=Handling.UNKNOWN)
    originals = models.PositiveSmallIntegerField(_("originals"), null=True, blank=True)
    copies = models.PositiveSmallIntegerField(_("copies"), null=True, blank=True)
    form = models.ForeignKey(
        Form, models.SET_NULL, null=True, blank=True, related_name="papers", verbose_name=_("form")
    )
    result_of = models.ForeignKey(
        Procedure,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="results_used",
        verbose_name=_("result of procedure"),
    )
    national_base = models.CharField(_("available in national base"), max_length=200, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("required paper")
        verbose_name_plural = _("required papers")
        ordering = ["sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="paper_key_once"),
            models.CheckConstraint(
                name="paper_kind_paper_has_count",
                condition=~Q(kind="paper") | Q(originals__gt=0) | Q(copies__gt=0) | Q(originals__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return (self.name or self.key)[:100]
