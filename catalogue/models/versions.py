"""The legal content of a procedure at a time: written once, never changed."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from catalogue.models.law import Decision
from catalogue.models.procedures import Procedure
from catalogue.querysets import EditedQuerySet


class VersionQuerySet(EditedQuerySet):
    """Versions, and which of them holds on a day."""

    def as_of(self, day: dt.date, *, known_at: dt.datetime | None = None) -> VersionQuerySet:
        """Return the one version a procedure that is in force on `day`, as far as was recorded at `known_at`.

        A version ends where the next begins. No `effective_from` means in force since before the
        records begin. Of two with one effect day the later recorded holds: it corrects the earlier.
        """
        candidates = ProcedureVersion.objects.filter(procedure=OuterRef("procedure")).filter(
            Q(effective_from=None) | Q(effective_from__lte=day)
        )
        if known_at is not None:
            candidates = candidates.filter(recorded_at__lte=known_at)
        newest = candidates.order_by(F("effective_from").desc(nulls_last=True), "-recorded_at", "-number")
        return self.filter(pk=Subquery(newest.values("pk")[:1]))

    def future(self, day: dt.date) -> VersionQuerySet:
        """Return the versions that take effect after `day`."""
        return self.filter(effective_from__gt=day)

    def update(self, **kwargs: object) -> int:
        """Refuse: a version is never changed."""
        raise ValidationError(_("A version of a procedure is never changed: record a new one."))

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: a version is never removed."""
        raise ValidationError(_("A version of a procedure is never removed."))


class ProcedureVersion(models.Model):
    """The eight legal parts in Vietnamese, with stable keys for cases, channels, terms and papers."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions", verbose_name=_("procedure"))
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("legal content"))
    digest = models.CharField(_("SHA-256 of the content"), max_length=64)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="versions", verbose_name=_("decision")
    )
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a procedure")
        verbose_name_plural = _("versions of procedures")
        ordering = ["procedure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="version_number_once"),
            models.CheckConstraint(name="version_number_positive", condition=Q(number__gt=0)),
        ]
        indexes = [models.Index(fields=["procedure", "effective_from", "recorded_at"], name="version_as_of")]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Write once."""
        if self.pk is not None:
            raise ValidationError(_("A version of a procedure is never changed: record a new one."))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Refuse: a version is never removed."""
        raise ValidationError(_("A version of a procedure is never removed."))
