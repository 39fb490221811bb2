"""Notices: what the public must know now, of the whole province or of one centre, and what shuts a centre for a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import PreviewableMixin, Revision, RevisionMixin

from catalogue.editing.four_eyes import FourEyesMixin, NotApprovedError
from catalogue.figures import compare, in_words
from catalogue.models.centres import Centre, Closure, ServicePoint
from catalogue.models.procedures import Procedure, column_suffixes
from catalogue.querysets import LiveQuerySet

TEXTS = ("title", "text", "reason")


class UnequalFiguresError(NotApprovedError):
    """A translation holds other figures than the Vietnamese; the message says which."""


class NoticeQuerySet(LiveQuerySet):
    """Notices, by the clock and by what they shut."""

    def not_over(self, at: dt.datetime) -> NoticeQuerySet:
        """Return the published notices that are in force at an aware time or will be."""
        return self.filter(live=True, ends_at__gt=at)

    def closing(self, centre: Centre, day: dt.date) -> NoticeQuerySet:
        """Return the published notices that shut a centre, or every centre, on a day or later."""
        return self.filter(Q(centre=centre) | Q(centre=None), live=True, closes_on__gte=day)


class Notice(FourEyesMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A notice in force from one moment until another; with `closes_on` it shuts its centre for a day or a part of it.

    Without a centre it is the whole province's, and shuts every centre.
    """

    class Level(models.TextChoices):
        URGENT = "urgent", gettext_lazy("urgent")
        INFORMATION = "information", gettext_lazy("information")

    level = models.CharField(
        gettext_lazy("urgency"),
        max_length=12,
        choices=Level.choices,
        default=Level.INFORMATION,
        help_text=gettext_lazy("Urgent: what changes where people go today, or protects them. It stands out."),
    )
    title = models.CharField(
        gettext_lazy("headline"), max_length=300, help_text=gettext_lazy("One sentence that says it all")
    )
    text = models.TextField(
        gettext_lazy("text"), max_length=1000, blank=True, help_text=gettext_lazy("What to do, where to go instead")
    )
    link = models.URLField(gettext_lazy("link"), blank=True, help_text=gettext_lazy("Where more is written, if it is"))
    centre = models.ForeignKey(
        Centre,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=gettext_lazy("centre"),
        help_text=gettext_lazy("Empty: the whole province, on every page"),
    )
    point = models.ForeignKey(
        ServicePoint,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=gettext_lazy("service point"),
        help_text=gettext_lazy("If only this point of the centre is closed"),
    )
    starts_at = models.DateTimeField(
        gettext_lazy("from"), default=timezone.now, help_text=gettext_lazy("Never before its approval")
    )
    ends_at = models.DateTimeField(gettext_lazy("until"), help_text=gettext_lazy("It goes by itself then"))
    closes_on = models.DateField(
        gettext_lazy("closed on"), null=True, blank=True, help_text=gettext_lazy("Empty: the notice closes nothing")
    )
    closes_from = models.TimeField(
        gettext_lazy("closed from"), null=True, blank=True, help_text=gettext_lazy("Both times empty: the whole day")
    )
    closes_until = models.TimeField(gettext_lazy("closed until"), null=True, blank=True)
    reason = models.CharField(
        gettext_lazy("reason"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("Stands after «Closed» beside the opening hours"),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("notice")
        verbose_name_plural = gettext_lazy("notices")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["live", "ends_at"], name="notice_live_until")]
        constraints = [
            models.CheckConstraint(
                name="notice_ends_after_start",
                condition=Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=gettext_lazy("It must end after it begins."),
            ),
            models.CheckConstraint(
                name="notice_closing_hours",
                condition=Q(closes_from__isnull=True, closes_until__isnull=True)
                | Q(
                    closes_on__isnull=False,
                    closes_from__isnull=False,
                    closes_until__isnull=False,
                    closes_until__gt=models.F("closes_from"),
                ),
                violation_error_message=gettext_lazy(
                    "Give the day and both times, the earlier one first, or no times for the whole day."
                ),
            ),
            models.CheckConstraint(
                name="notice_point_of_centre",
                condition=Q(point__isnull=True) | Q(centre__isnull=False),
                violation_error_message=gettext_lazy("Say of which centre the point is."),
            ),
            models.CheckConstraint(
                name="notice_live_has_title",
                condition=Q(live=False) | (Q(title_vi__isnull=False) & ~Q(title_vi="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title or "?"

    preview_modes = Procedure.preview_modes
    serve_preview = Procedure.serve_preview

    @property
    def is_urgent(self) -> bool:
        """Return whether it stands out."""
        return self.level == self.Level.URGENT

    def is_in_force(self, at: dt.datetime) -> bool:
        """Return whether it holds at an aware time."""
        return self.starts_at <= at < self.ends_at

    def closure(self) -> Closure:
        """Return what it shuts as a closure that no row holds; `reason` is the Vietnamese one."""
        assert self.closes_on is not None
        shut = Closure(
            point_id=self.point_id,
            starts_on=self.closes_on,
            ends_on=self.closes_on,
            from_time=self.closes_from,
            until_time=self.closes_until,
            reason=getattr(self, "reason_vi", "") or "",
        )
        shut.notice = self
        return shut

    def clean(self) -> None:
        """Refuse a point of another centre, and translations whose figures aren't the Vietnamese ones."""
        super().clean()
        if self.point is not None and self.centre_id is not None and self.point.centre_id != self.centre_id:
            raise ValidationError({"point": _("This point belongs to another centre.")})
        if found := unequal_figures(self):
            raise ValidationError(found)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Publish as every row with four eyes does; raises UnequalFiguresError where a translation changes a figure."""
        if found := unequal_figures(revision.as_object()):
            names = {field.name: field.verbose_name for field in self._meta.fields}
            raise UnequalFiguresError(" ".join(f"{names[column]}: {text}" for column, text in found.items()))
        super().publish(revision, user=user, **kwargs)


def unequal_figures(notice: Notice) -> dict[str, str]:
    """Return, by column, what is wrong with the figures of its translations; empty where all are equal."""
    found = {}
    source, *others = column_suffixes()
    for name in TEXTS:
        mine = getattr(notice, f"{name}_{source}") or ""
        for suffix in others:
            theirs = getattr(notice, f"{name}_{suffix}") or ""
            if theirs and (difference := compare(mine, theirs)):
                text = _("Its figures must be those of the Vietnamese: %(what)s. Or leave it empty.")
                found[f"{name}_{suffix}"] = text % {"what": in_words(difference)}
    return found
