"""Agencies, and the roles by which the law names them."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.places import AdministrativeUnit
from catalogue.querysets import DatedQuerySet, EditedQuerySet, valid_period

# Quyết định 20/2020/QĐ-TTg and the older Thông tư 10/2016: opaque, so the check is tolerant.
identifier_like = RegexValidator(
    r"^[A-Z0-9]+(\.[A-Z0-9]+)*$", _("Write groups of capital letters and digits with dots between: H17.12")
)


class AgencyRole(models.Model):
    """A competent authority as the law names it («Sở Tư pháp»), resolved to an Agency by place."""

    class Level(models.TextChoices):
        MINISTRY = "ministry", _("Ministry")
        PROVINCE = "province", _("Province")
        COMMUNE = "commune", _("Commune")
        OTHER = "other", _("Other body")

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=300)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    is_vertical = models.BooleanField(
        _("vertical agency"), default=False, help_text=_("Customs, State Bank, police, tax: not under the province")
    )
    is_listed = models.BooleanField(
        _("known role"), default=True, help_text=_("False where a source's wording was taken as it stands")
    )

    objects = EditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role of an agency")
        verbose_name_plural = _("roles of agencies")
        ordering = ["name_vi"]

    def __str__(self) -> str:
        return self.name or self.code


class Agency(models.Model):
    """A body of the state with a place and a time in which it exists."""

    class Kind(models.TextChoices):
        PEOPLES_COMMITTEE = "peoples_committee", _("People's Committee")
        DEPARTMENT = "department", _("Department")
        VERTICAL = "vertical", _("Vertical agency")
        MINISTRY = "ministry", _("Ministry")
        OTHER = "other", _("Other body")

    identifier = models.CharField(
        _("identifier"), max_length=35, null=True, blank=True, unique=True, validators=[identifier_like]
    )
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    role = models.ForeignKey(
        AgencyRole,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies",
        verbose_name=_("role of an agency"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("agency above")
    )
    place = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="agencies", verbose_name=_("place"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name_vi"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "place", "valid_from"],
                name="agency_one_a_role_and_place",
                condition=Q(role__isnull=False),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="agency_identifier_not_empty", condition=~Q(identifier="")),
            valid_period("agency_period"),
        ]

    def __str__(self) -> str:
        return self.name or self.identifier or "?"


class AgencySuccession(models.Model):
    """Who took over an agency's work, by field and area: one district office's work went to different heirs."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Agency, models.CASCADE, related_name="predecessions")
    field = models.ForeignKey("catalogue.Field", models.PROTECT, null=True, blank=True, verbose_name=_("field"))
    area = models.ForeignKey(AdministrativeUnit, models.PROTECT, null=True, blank=True, verbose_name=_("area"))
    effective_on = models.DateField(_("effective on"))

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "successor", "field", "area"], name="succession_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="succession_not_to_itself", condition=~Q(agency=models.F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.agency} → {self.successor}"
