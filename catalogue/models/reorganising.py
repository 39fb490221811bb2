"""Reorganisations: what a decision changes in agencies and places on a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Reorganisation(models.Model):
    """One file of changes for one day (Nghị quyết 202/2025/QH15 was one): planned, then applied or withdrawn.

    What is dated (places, agencies, successions, postings) is written when it is planned and counts from its day by
    itself; what has no dates follows on the day (`catalogue/reorganising/`). Until then it can be withdrawn whole.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        APPLIED = "applied", _("applied")
        WITHDRAWN = "withdrawn", _("withdrawn")

    name = models.CharField(_("name"), max_length=300)
    decided_by = models.CharField(_("decided by"), max_length=300, blank=True)
    effective_on = models.DateField(_("effective on"))
    digest = models.CharField(max_length=64, editable=False)
    """SHA-256 of the file's content: the same file for the same day is the same reorganisation."""
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    written = models.JSONField(default=dict, blank=True, editable=False)
    """What planning it wrote and closed: {"made": {model: [pk]}, "closed": {model: {pk: earlier end}}}."""
    report = models.JSONField(default=dict, blank=True, editable=False)
    """What followed on the day, and what couldn't, by follower."""

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "effective_on"],
                name="reorganisation_once",
                condition=~Q(state="withdrawn"),
            ),
            models.CheckConstraint(
                name="reorganisation_applied_at", condition=~Q(state="applied") | Q(applied_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name
