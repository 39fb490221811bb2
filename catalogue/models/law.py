"""Fields of administration, legal documents and publication decisions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from catalogue.querysets import EditedQuerySet


class Field(models.Model):
    """A field of administration (lĩnh vực), as Thông tư 03/2025/TT-VPCP numbers them."""

    code = models.CharField(_("code"), max_length=20, null=True, blank=True, unique=True)
    slug = models.SlugField(_("slug"), max_length=160, unique=True)
    name = models.CharField(_("name"), max_length=300)

    objects = EditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ["slug"]
        constraints = [models.CheckConstraint(name="field_code_not_empty", condition=~Q(code=""))]

    def __str__(self) -> str:
        return self.name or self.slug


class LegalDocument(models.Model):
    """A law, decree or circular that a procedure stands on."""

    number = models.CharField(_("number"), max_length=80)
    name = models.TextField(_("name"))

    objects = EditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal document")
        verbose_name_plural = _("legal documents")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["number", "name"], name="legal_document_once")]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.number, self.name]))[:200]


class Decision(ClusterableModel):
    """A publication decision (quyết định công bố; Nghị định 63/2010 Điều 15). Unknown dates are empty."""

    number = models.CharField(_("number"), max_length=80)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    takes_effect_on = models.DateField(_("takes effect on"), null=True, blank=True)
    sent_on = models.DateField(
        _("in the national base since"),
        null=True,
        blank=True,
        help_text=_("The day on which it was loaded into the national database of procedures"),
    )
    is_fast_track = models.BooleanField(
        _("fast track"), default=False, help_text=_("Of texts made by the shortened procedure: 2 working days to send")
    )

    objects = EditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication decision")
        verbose_name_plural = _("publication decisions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number", "issuer"], name="decision_number_issuer"),
            models.CheckConstraint(name="decision_has_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="decision_sent_not_before_signed",
                condition=Q(sent_on__isnull=True) | Q(signed_on__isnull=True) | Q(sent_on__gte=models.F("signed_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DecisionItem(models.Model):
    """What a decision does to one procedure."""

    class Effect(models.TextChoices):
        NEW = "new", _("new")
        AMENDED = "amended", _("amended")
        REPLACED = "replaced", _("replaced")
        ABOLISHED = "abolished", _("abolished")

    decision = ParentalKey(Decision, on_delete=models.CASCADE, related_name="items")
    procedure = models.ForeignKey(
        "catalogue.Procedure", models.CASCADE, related_name="decision_items", verbose_name=_("procedure")
    )
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices)

    class Meta:
        verbose_name = _("item of a decision")
        verbose_name_plural = _("items of decisions")
        constraints = [models.UniqueConstraint(fields=["decision", "procedure"], name="decision_item_once")]

    def __str__(self) -> str:
        return f"{self.decision}: {self.procedure} ({self.get_effect_display()})"
