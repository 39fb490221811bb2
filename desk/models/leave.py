"""Who is away from an agency, from which day until which, and who stands in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Agency
from desk.models.rows import Row
from desk.querysets import LeaveQuerySet


class Leave(Row):
    """While it lasts the substitute may do what the absent person's posts at the agency allow (`desk/actors.py`).

    Never deleted: it says by which right somebody acted. Its reason is nobody's concern and isn't kept.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves", verbose_name=_("who is away")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="standings_in", verbose_name=_("who stands in")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), help_text=_("It ends by itself at 24:00"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, help_text=_("Before its last day"))
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(name="leave_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(name="leave_is_stood_in_by_another", condition=~Q(absent=F("substitute"))),
            models.CheckConstraint(
                name="leave_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["substitute", "last_day"], condition=Q(ended_at__isnull=True), name="leave_stood_in"),
            models.Index(fields=["agency", "last_day"], name="leave_at_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"
