"""What people asked, without a trace of who, and which answers were judged right."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Procedure
from search.models.words import language_field

SHOWN_FROM_DAYS = 3
"""A query that fewer days have seen could name somebody; it isn't shown to anybody."""


class AskedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What was asked; only what many days have seen may be shown."""

    def shown(self) -> AskedQuerySet:
        """Return what was asked on at least three different days."""
        return self.annotate(day_count=Count("days", distinct=True)).filter(day_count__gte=SHOWN_FROM_DAYS)


class AskedQuery(models.Model):
    """A query as it was typed: lower case, digits masked. No address, no cookie, no time but the day."""

    text = models.CharField(_("query"), max_length=200)
    language = language_field()
    found = models.PositiveIntegerField(_("results"), default=0, help_text=_("When it was last counted"))

    objects = AskedQuerySet.as_manager()

    class Meta:
        verbose_name = _("query")
        verbose_name_plural = _("queries")
        ordering = ["text"]
        constraints = [models.UniqueConstraint(fields=["text", "language"], name="asked_query_once")]

    def __str__(self) -> str:
        return self.text


class AskedDay(models.Model):
    """How often a query was asked on one day."""

    query = models.ForeignKey(AskedQuery, models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    times = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        verbose_name = _("day of a query")
        verbose_name_plural = _("days of queries")
        constraints = [models.UniqueConstraint(fields=["query", "day"], name="asked_day_once")]

    def __str__(self) -> str:
        return f"{self.query} {self.day}: {self.times}"


class Retyped(models.Model):
    """A query that people typed right after another one: the first didn't help them."""

    first = models.ForeignKey(AskedQuery, models.CASCADE, related_name="retyped_as")
    second = models.ForeignKey(AskedQuery, models.CASCADE, related_name="retyped_from")
    times = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        verbose_name = _("query typed again")
        verbose_name_plural = _("queries typed again")
        ordering = ["-times"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="retyped_once")]

    def __str__(self) -> str:
        return f"{self.first} → {self.second}"


class TakenFile(models.Model):
    """A file of queries that was counted, in the transaction that counted it: a crash can't count it twice."""

    name = models.CharField(max_length=100, unique=True)
    taken_on = models.DateField(auto_now_add=True)

    class Meta:
        verbose_name = _("counted file")
        verbose_name_plural = _("counted files")

    def __str__(self) -> str:
        return self.name


class JudgedQuery(models.Model):
    """A query and the procedures that answer it; the quality of search is measured on these."""

    EDITOR = "editor"
    """The origin of what editors judged themselves."""

    text = models.CharField(_("query"), max_length=300)
    language = language_field()
    procedures = models.ManyToManyField(
        Procedure, blank=True, related_name="judged_queries", verbose_name=_("procedures that answer it")
    )
    origin = models.CharField(_("origin"), max_length=60, default=EDITOR)

    class Meta:
        verbose_name = _("judged query")
        verbose_name_plural = _("judged queries")
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(fields=["text", "language"], name="judged_query_once"),
            models.CheckConstraint(name="judged_query_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text
