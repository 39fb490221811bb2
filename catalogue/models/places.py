"""Administrative units, old and present, and how the old became the present ones."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.querysets import DatedQuerySet, valid_period
from catalogue.text import fold

TWO_TIER_FROM = dt.date(2025, 7, 1)
"""Two-tier local government: districts end, communes and provinces merge (Nghị quyết 202/2025/QH15)."""


class AdministrativeUnit(models.Model):
    """A province, district or commune. Codes are those of the statistics office, without leading zeros.

    One number may be a province, a district and a commune, and most new communes reuse an old one's
    code: only (level, code, valid_from) is unique.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        DISTRICT = "district", _("District")
        COMMUNE = "commune", _("Commune")

    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("name"), max_length=120, help_text=_("With its kind: «Phường Cẩm Lệ»"))
    kind = models.CharField(_("kind"), max_length=30, help_text=_("phường, xã, đặc khu, tỉnh …"))
    local_name = models.CharField(
        _("name in the language"), max_length=120, blank=True, help_text=_("Where a language has its own: «岘港市»")
    )
    folded_name = models.CharField(max_length=120, editable=False, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    province = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="descendants", verbose_name=_("province")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"], name="unit_level_code_valid_from", nulls_distinct=False
            ),
            valid_period("unit_period"),
            models.CheckConstraint(
                name="unit_province_has_no_parent", condition=~Q(level="province") | Q(parent__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["level", "valid_from"], name="unit_level_from")]

    def __str__(self) -> str:
        return self.name or self.code

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded name beside the name."""
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def bare_name(self) -> str:
        """Return the name without its kind: «Cẩm Lệ»."""
        for kind in ("Thành phố", "Tỉnh", "Phường", "Xã", "Đặc khu", "Quận", "Huyện", "Thị xã", "Thị trấn"):
            if self.name.startswith(kind + " "):
                return self.name[len(kind) + 1 :]
        return self.name


class UnitChange(models.Model):
    """An old unit and a present one that it went to; `new` is empty where the source names none."""

    old = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="became")
    new = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="came_from", null=True, blank=True)
    effective_on = models.DateField(_("effective on"))
    is_split = models.BooleanField(_("split"), default=False, help_text=_("The old unit went to several"))
    is_complete = models.BooleanField(
        _("complete"), default=True, help_text=_("False where the source doesn't name every new unit")
    )

    class Meta:
        verbose_name = _("change of a unit")
        verbose_name_plural = _("changes of units")
        constraints = [
            models.UniqueConstraint(fields=["old", "new", "effective_on"], name="change_once", nulls_distinct=False),
            models.CheckConstraint(name="change_not_to_itself", condition=~Q(old=models.F("new"))),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new or '?'}"
