"""What the province decides over a national row: overlays, routes, bundles."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from catalogue.models.agencies import Agency
from catalogue.models.filing import FilingChannel, Term
from catalogue.models.law import Decision
from catalogue.models.places import AdministrativeUnit
from catalogue.models.procedures import Procedure
from catalogue.querysets import DatedQuerySet, EditedQuerySet, valid_period


class ProvinceProcedure(models.Model):
    """A province's decision over a national procedure: shorter limit, council's fee, agency.

    The national row stays as it was imported; the page shows what is in force and whose decision it is.
    """

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="overlays", verbose_name=_("procedure"))
    province = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="overlays", verbose_name=_("province")
    )
    channel_kind = models.CharField(
        _("channel"), max_length=10, choices=FilingChannel.Kind.choices, blank=True, help_text=_("Empty: all")
    )
    term_number = models.PositiveSmallIntegerField(_("time limit"), null=True, blank=True)
    term_unit = models.CharField(_("unit"), max_length=15, choices=Term.Unit.choices, blank=True)
    fee_amount = models.DecimalField(_("fee"), max_digits=15, decimal_places=2, null=True, blank=True)
    fee_text = models.TextField(_("fee, in words"), blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="overlays", verbose_name=_("agency")
    )
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="overlays", verbose_name=_("ground"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("province's decision on a procedure")
        verbose_name_plural = _("province's decisions on procedures")
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "province", "channel_kind", "valid_from"],
                name="overlay_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="overlay_term_whole",
                condition=Q(term_number__isnull=True, term_unit__in=["", "same_day", "none"])
                | Q(term_number__gt=0, term_unit__in=["hour", "working_hour", "working_day", "day", "month"]),
            ),
            models.CheckConstraint(
                name="overlay_decides_something",
                condition=~Q(term_unit="") | Q(fee_amount__isnull=False) | ~Q(fee_text="") | Q(agency__isnull=False),
            ),
            valid_period("overlay_period"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.code}: {self.decision}"


class ProcedureRoute(models.Model):
    """Where a procedure is submitted and settled, by level and day (Công văn 39/TTg-KSTT, cut-over rule)."""

    class Level(models.TextChoices):
        MINISTRY = "ministry", _("Ministry")
        PROVINCE = "province", _("Province")
        COMMUNE = "commune", _("Commune")
        ANY = "any", _("All levels")

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="routes", verbose_name=_("procedure"))
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.ANY)
    is_provincial = models.BooleanField(_("on the provincial system"), default=True)
    system = models.CharField(
        _("system"), max_length=200, blank=True, help_text=_("The ministry's system, if it is one")
    )
    url = models.URLField(_("link"), max_length=500, blank=True)
    announced_by = models.CharField(_("announced by"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "level", "valid_from"], name="route_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="route_ministry_names_system", condition=Q(is_provincial=True) | ~Q(system="")),
            valid_period("route_period"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.code}: {self.system or _('provincial system')}"


class ProcedureBundle(ClusterableModel):
    """A group of interlinked procedures (liên thông), in order."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=300)
    procedures = models.ManyToManyField(Procedure, through="BundleItem", related_name="bundles")

    objects = EditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of interlinked procedures")
        verbose_name_plural = _("groups of interlinked procedures")

    def __str__(self) -> str:
        return self.name or self.slug


class BundleItem(models.Model):
    """A procedure's place in its group."""

    bundle = ParentalKey(ProcedureBundle, on_delete=models.CASCADE, related_name="items")
    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="bundle_items", verbose_name=_("procedure"))
    order = models.PositiveSmallIntegerField(_("order"))

    sort_order_field = "order"

    class Meta:
        verbose_name = _("procedure of a group")
        verbose_name_plural = _("procedures of a group")
        ordering = ["order"]
        constraints = [
            # The order isn't unique: rows are saved one after the other, and two couldn't change places.
            models.UniqueConstraint(fields=["bundle", "procedure"], name="bundle_procedure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.procedure}"
