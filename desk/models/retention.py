"""How long the data of people are kept, and what must be kept longer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Field, Procedure
from desk.models.dossiers import Dossier
from desk.models.rows import Row


class RetentionRule(Row):
    """After how many years people's data of a procedure, or of a field's procedures, are anonymised.

    The most particular row counts: procedure, field, then the row that names neither. Without `years` they are kept for
    good. Which term holds is the province's decision: `source` names it.
    """

    procedure = models.OneToOneField(Procedure, models.CASCADE, null=True, blank=True, related_name="retention")
    field = models.OneToOneField(Field, models.CASCADE, null=True, blank=True, related_name="retention")
    years = models.PositiveSmallIntegerField(
        _("years"), null=True, blank=True, help_text=_("After it was handed over or settled. Empty: kept for good")
    )
    source = models.CharField(_("source"), max_length=300, help_text=_("The law or decision that says so"))

    class Meta:
        verbose_name = _("time for which data are kept")
        verbose_name_plural = _("times for which data are kept")
        constraints = [
            models.CheckConstraint(
                name="retention_of_one_thing", condition=Q(procedure__isnull=True) | Q(field__isnull=True)
            ),
            models.UniqueConstraint(fields=["procedure", "field"], name="retention_once", nulls_distinct=False),
            models.CheckConstraint(name="retention_years_possible", condition=Q(years__isnull=True) | Q(years__gte=1)),
            models.CheckConstraint(name="retention_has_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return str(self.procedure or self.field or _("all others"))


class LegalHold(Row):
    """A dossier whose data must stay: a court, an inspection, a complaint. It ends by its last day, or by hand."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("since"))
    until = models.DateField(_("last day"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        indexes = [models.Index(fields=["dossier"], name="hold_in_force", condition=Q(ended_at__isnull=True))]
