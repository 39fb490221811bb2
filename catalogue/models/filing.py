"""How a procedure is filed: channels with their time limits and fees, each by case or stage."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from catalogue.models.lines import PlainLines
from catalogue.models.procedures import Procedure


class FilingChannel(ClusterableModel):
    """One way to hand in: the national catalogue sets time and fee a channel, not a procedure."""

    class Kind(models.TextChoices):
        COUNTER = "counter", _("In person")
        ONLINE = "online", _("Online")
        POST = "post", _("By post")

    procedure = ParentalKey(Procedure, on_delete=models.CASCADE, related_name="channels")
    key = models.CharField(_("key"), max_length=40)
    kind = models.CharField(_("channel"), max_length=10, choices=Kind.choices)
    sort_order = models.PositiveSmallIntegerField(default=0)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("filing channel")
        verbose_name_plural = _("filing channels")
        ordering = ["sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "kind"], name="channel_kind_once"),
            models.UniqueConstraint(fields=["procedure", "key"], name="channel_key_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Term(PlainLines, models.Model):
    """A time limit. Without a number the text is all that is known: «1 (nguồn không ghi đơn vị)» is no day."""

    class Unit(models.TextChoices):
        SAME_DAY = "same_day", _("same day")
        HOUR = "hour", _("hours")
        WORKING_HOUR = "working_hour", _("working hours")
        WORKING_DAY = "working_day", _("working days")
        DAY = "day", _("days")
        MONTH = "month", _("months")
        NONE = "none", _("none prescribed")
        UNKNOWN = "unknown", _("not known")

    COUNTED = (Unit.HOUR, Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.DAY, Unit.MONTH)

    channel = ParentalKey(FilingChannel, on_delete=models.CASCADE, related_name="terms")
    key = models.CharField(_("key"), max_length=40)
    label = models.TextField(_("case or stage"), blank=True)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=15, choices=Unit.choices, default=Unit.UNKNOWN)
    text = models.TextField(_("text"), blank=True, help_text=_("What the source says, where a number doesn't say all"))
    sort_order = models.PositiveSmallIntegerField(default=0)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="term_key_once"),
            models.CheckConstraint(
                name="term_number_goes_with_unit",
                condition=Q(number__isnull=False, unit__in=["hour", "working_hour", "working_day", "day", "month"])
                | Q(number__isnull=True, unit__in=["same_day", "none", "unknown"]),
            ),
            models.CheckConstraint(name="term_number_positive", condition=Q(number__isnull=True) | Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.number or ''} {self.get_unit_display()}".strip()


class FeeItem(PlainLines, models.Model):
    """A fee. An empty amount is unknown or said only in the text: never «free»."""

    class Kind(models.TextChoices):
        FEE = "fee", _("fee (phí)")
        CHARGE = "charge", _("charge (lệ phí)")
        UNKNOWN = "unknown", _("fee or charge")

    class Certainty(models.TextChoices):
        STATED = "stated", _("stated")
        SUSPECT = "suspect", _("suspect: probably cut by a thousand")
        DEPENDS = "depends", _("depends: the text decides")
        UNKNOWN = "unknown", _("unknown")

    channel = ParentalKey(FilingChannel, on_delete=models.CASCADE, related_name="fees")
    key = models.CharField(_("key"), max_length=40)
    label = models.TextField(_("case"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.UNKNOWN)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="VND")
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty.choices, default=Certainty.UNKNOWN)
    text = models.TextField(_("text"), blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        ordering = ["sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="fee_key_once"),
            models.CheckConstraint(
                name="fee_amount_only_if_stated",
                condition=Q(amount__isnull=False, certainty="stated")
                | Q(amount__isnull=True, certainty__in=["suspect", "depends", "unknown"]),
            ),
            models.CheckConstraint(name="fee_amount_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}" if self.amount is not None else str(self.get_certainty_display())
