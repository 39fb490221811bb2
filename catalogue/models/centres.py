"""Public administrative service centres, their points and hours, and the hotlines."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import PreviewableMixin, RevisionMixin

from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.models.agencies import Agency
from catalogue.models.law import Decision, Field
from catalogue.models.places import AdministrativeUnit
from catalogue.models.procedures import Procedure
from catalogue.querysets import DatedQuerySet, EditedQuerySet, LiveQuerySet, valid_period

phone_like = RegexValidator(r"^\+?[\d .()\-]{3,20}$", _("Write digits, spaces and dots only: 0236 3674 174"))


class Centre(FourEyesMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """A one-stop centre (Trung tâm Phục vụ hành chính công; Nghị định 118/2025/NĐ-CP Điều 10)."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Provincial centre")
        COMMUNE = "commune", _("Commune centre")
        BRANCH = "branch", _("Branch of the provincial centre")

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=300)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    place = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="centres", verbose_name=_("place"))
    province = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="province_centres", verbose_name=_("province")
    )
    agency = models.ForeignKey(
        Agency, models.SET_NULL, null=True, blank=True, related_name="centres", verbose_name=_("agency")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("centre above")
    )
    address = models.CharField(_("address"), max_length=400, blank=True, help_text=_("Empty: shown as not published"))
    phone = models.CharField(_("telephone"), max_length=20, blank=True, validators=[phone_like])
    email = models.EmailField(_("e-mail"), blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(8), MaxValueValidator(24)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(102), MaxValueValidator(118)],
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="centres", verbose_name=_("founding decision")
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)
    imported = models.JSONField(default=dict, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), null=True, blank=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="centre_coordinates_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(8, 24), longitude__range=(102, 118)),
            ),
            models.CheckConstraint(
                name="centre_branch_has_parent", condition=~Q(level="branch") | Q(parent__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["place"], name="centre_one_a_commune", condition=Q(level__in=["commune", "branch"])
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.slug

    preview_modes = Procedure.preview_modes
    serve_preview = Procedure.serve_preview


class ServicePoint(models.Model):
    """A desk of a centre: one that receives, or one that only helps people to file online."""

    class Kind(models.TextChoices):
        RECEPTION = "reception", _("Receives and returns")
        HELP = "help", _("Helps with online services")

    centre = ParentalKey(Centre, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=300)
    address = models.CharField(_("address"), max_length=400, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True, validators=[phone_like])
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    procedures = models.ManyToManyField(
        Procedure, blank=True, related_name="points", help_text=_("Its own list; empty: what its centre receives")
    )

    class Meta:
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        ordering = ["kind", "name_vi"]
        constraints = [models.UniqueConstraint(fields=["centre", "name_vi"], name="point_name_once")]

    def __str__(self) -> str:
        return self.name or "?"


class OpeningHours(models.Model):
    """One span of opening on a day of the week, of a centre or of a point of it. Times are local."""

    class Day(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    centre = ParentalKey(Centre, on_delete=models.CASCADE, related_name="hours")
    point = models.ForeignKey(
        ServicePoint, models.CASCADE, null=True, blank=True, related_name="hours", verbose_name=_("service point")
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Day.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(name="hours_weekday", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(name="hours_close_after_open", condition=Q(closes__gt=models.F("opens"))),
            models.UniqueConstraint(
                fields=["centre", "point", "weekday", "opens"], name="hours_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Closure(models.Model):
    """Days on which a centre or point is shut although it has hours, or open although it's a holiday.

    With times, local ones: shut for that part of each day, or open then instead of the usual hours.
    """

    centre = ParentalKey(Centre, on_delete=models.CASCADE, related_name="closures")
    point = models.ForeignKey(
        ServicePoint, models.CASCADE, null=True, blank=True, related_name="closures", verbose_name=_("service point")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until, that day included"))
    from_time = models.TimeField(_("from (time)"), null=True, blank=True)
    until_time = models.TimeField(_("until (time)"), null=True, blank=True)
    is_open = models.BooleanField(_("open all the same"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    notice: Any = None
    """The notice that shuts it, of a closure that no row holds."""

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(name="closure_period", condition=Q(ends_on__gte=models.F("starts_on"))),
            models.CheckConstraint(
                name="closure_times",
                condition=Q(from_time__isnull=True, until_time__isnull=True)
                | Q(from_time__isnull=False, until_time__isnull=False, until_time__gt=models.F("from_time")),
                violation_error_message=_("Give both times, the earlier one first, or none for whole days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%d/%m/%Y} {self.reason}".strip()


class RevenueAccount(models.Model):
    """A centre's account for fees, dated."""

    centre = ParentalKey(Centre, on_delete=models.CASCADE, related_name="accounts")
    bank = models.CharField(_("bank"), max_length=200)
    number = models.CharField(_("number"), max_length=40)
    holder = models.CharField(_("holder"), max_length=200)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("revenue account")
        verbose_name_plural = _("revenue accounts")
        constraints = [
            models.UniqueConstraint(fields=["number", "bank", "valid_from"], name="account_once", nulls_distinct=False),
            valid_period("account_period"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.bank}"


class CentreException(models.Model):
    """What a centre receives against the rule: a rule and its exceptions, not a row a procedure.

    Rule: every province- and commune-level procedure of the province (Nghị định 118/2025 Điều 14), but those
    of vertical agencies only where a decision lists them.
    """

    centre = models.ForeignKey(
        Centre,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="exceptions",
        verbose_name=_("centre"),
        help_text=_("Empty: every centre"),
    )
    procedure = models.ForeignKey(
        Procedure, models.CASCADE, null=True, blank=True, related_name="exceptions", verbose_name=_("procedure")
    )
    field = models.ForeignKey(
        Field, models.CASCADE, null=True, blank=True, related_name="exceptions", verbose_name=_("field")
    )
    receives = models.BooleanField(_("receives"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="exceptions", verbose_name=_("decision")
    )

    objects = EditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception to what a centre receives")
        verbose_name_plural = _("exceptions to what centres receive")
        constraints = [
            models.CheckConstraint(
                name="exception_names_procedure_or_field",
                condition=Q(procedure__isnull=False, field__isnull=True)
                | Q(procedure__isnull=True, field__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["centre", "procedure", "field"], name="exception_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure or self.field}: {_('receives') if self.receives else _('does not receive')}"


class Hotline(FourEyesMixin, RevisionMixin, models.Model):
    """A telephone that answers for a centre or an agency (Công điện 96/CĐ-TTg: 24/7)."""

    centre = models.ForeignKey(
        Centre, models.CASCADE, null=True, blank=True, related_name="hotlines", verbose_name=_("centre")
    )
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="hotlines", verbose_name=_("agency")
    )
    label = models.CharField(_("what for"), max_length=300)
    phone = models.CharField(_("telephone"), max_length=20, validators=[phone_like])
    is_round_the_clock = models.BooleanField(_("24/7"), default=False)
    hours_text = models.CharField(_("hours"), max_length=200, blank=True)
    languages = models.CharField(
        _("languages spoken"), max_length=60, blank=True, default="vi", help_text=_("Codes with commas: vi,en")
    )
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("hotline")
        verbose_name_plural = _("hotlines")
        ordering = ["-is_round_the_clock", "label_vi"]
        constraints = [
            models.CheckConstraint(
                name="hotline_of_centre_or_agency",
                condition=Q(centre__isnull=False, agency__isnull=True) | Q(centre__isnull=True, agency__isnull=False),
            ),
            models.UniqueConstraint(fields=["phone", "centre", "agency"], name="hotline_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.phone}"
