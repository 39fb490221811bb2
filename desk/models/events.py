"""What happened: append-only, chained, without personal data of applicants."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Agency, Procedure
from desk.actors import ActorKind
from desk.models.dossiers import Dossier
from desk.models.rows import Row
from desk.states import State


class DossierEvent(Row):
    """One act, as it was: who (name, title and unit frozen), when, states, due dates, and every field that changed.

    `body` is canonical JSON: `changes` (field → new value), `facts` (of the act, nothing personal), `values` (name →
    salted SHA-256 of a personal text in EventValue or Party), `rows` (child rows written, with digests). Nobody
    changes or deletes one: triggers refuse it, and the chain shows it.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(_("number in the dossier"))
    act = models.CharField(_("act"), max_length=30)
    at = models.DateTimeField(_("at"))
    by_kind = models.CharField(_("done by"), max_length=10, choices=ActorKind.choices)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("name"), max_length=300, blank=True)
    by_title = models.CharField(_("title"), max_length=150, blank=True)
    by_unit = models.CharField(_("unit"), max_length=300, blank=True)
    by_agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    state_before = models.PositiveSmallIntegerField(_("state before"), choices=State.choices, null=True)
    state_after = models.PositiveSmallIntegerField(_("state after"), choices=State.choices)
    step = models.CharField(_("internal step"), max_length=200, blank=True)
    step_due_at = models.DateTimeField(_("step due at"), null=True)
    due_before = models.DateTimeField(_("due before"), null=True)
    due_after = models.DateTimeField(_("due after"), null=True)
    body = models.TextField(_("what changed"))
    previous = models.CharField(_("digest of the event before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["dossier", "number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="event_number_once")]
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number} {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write once."""
        if self.pk is not None and not kwargs.get("force_insert"):
            raise ValueError("An event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: an event is never deleted."""
        raise ValueError("An event is never deleted.")


class EventValue(Row):
    """A personal text of an event (a reason, a comment): erased with its salt, it leaves the chain whole."""

    event = models.ForeignKey(DossierEvent, models.PROTECT, related_name="texts")
    name = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="event_value_once")]


class CodeCounter(Row):
    """The last number that was given on a day (codes) or in a year (slips), one row a series."""

    series = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField()


class Measure(models.TextChoices):
    """What a counter counts."""

    HELD = "held", _("held, by holder and state")
    DECIDED = "decided", _("in a state, by deciding agency")
    CONCERNS = "concerns", _("in a state, by each agency that has to do with it")
    RECEIVED = "received", _("received in the month")
    PENDING = "pending", _("received in the month and not settled yet")
    EARLY = "early", _("settled early in the month")
    ON_TIME = "on_time", _("settled on time in the month")
    LATE = "late", _("settled late in the month")


class CountDelta(Row):
    """A change of a counter, written by an act in its own transaction; folded into Count by the clock."""

    measure = models.CharField(max_length=10, choices=Measure.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+", db_index=False)
    state = models.PositiveSmallIntegerField(default=0)
    month = models.DateField()
    change = models.IntegerField()


class Count(Row):
    """How many dossiers; with the deltas that aren't folded yet it is exact."""

    measure = models.CharField(max_length=10, choices=Measure.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+", db_index=False)
    state = models.PositiveSmallIntegerField(default=0)
    month = models.DateField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "agency", "procedure", "state", "month"], name="count_once")
        ]
        indexes = [
            models.Index(fields=["measure", "month"], name="count_by_month"),
            models.Index(fields=["id"], name="count_zero", condition=Q(count=0)),
        ]


class CountSum(Row):
    """Counts added up beforehand over agencies, procedures or months: a wide total is read from few rows.

    `level` tells which of them a row still has; in those it lacks stand ALL and ALL_MONTHS. Folded together with
    Count, and made anew from it by `desk.counters.rebuild_sums`.
    """

    ALL = 0
    ALL_MONTHS = dt.date(1900, 1, 1)

    level = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=10, choices=Measure.choices)
    month = models.DateField()
    agency_id = models.PositiveBigIntegerField()
    procedure_id = models.PositiveBigIntegerField()
    state = models.PositiveSmallIntegerField(default=0)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "measure", "month", "agency_id", "procedure_id", "state"], name="count_sum_once"
            )
        ]
        indexes = [models.Index(fields=["id"], name="count_sum_zero", condition=Q(count=0))]


class ClosedMonth(Row):
    """A month whose figures are frozen, as they were told to the outside."""

    month = models.DateField(unique=True)
    closed_at = models.DateTimeField()
    figures = models.JSONField()


class AnchoredDay(Row):
    """A day whose chain heads stand in a file outside the database (`desk/anchors.py`), and that file's seal."""

    day = models.DateField(unique=True)
    seal = models.CharField(max_length=64)
