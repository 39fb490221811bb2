"""The days on which the province's working calendar differs from the usual one, each by a decision."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import RevisionMixin

from desk.public_days import FIRST_YEAR, LAST_YEAR, SATURDAY, is_usual_working_day


class CalendarDay(RevisionMixin, models.Model):
    """One day that is off, worked to make up for another, or of other hours: for the whole province.

    It stands over the public holidays that the `holidays` library reckons (Bộ luật Lao động 2019 Điều 112): Tết, the
    day beside 2/9 and swapped days are decided each year. Due dates that were given stay; a row holds for those
    that are reckoned after it.
    """

    class Kind(models.TextChoices):
        DAY_OFF = "day_off", _("day off")
        MAKE_UP = "make_up", _("make-up working day")
        HOURS = "hours", _("shorter hours")

    day = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name_vi = models.CharField(_("name in Vietnamese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    source = models.CharField(
        _("legal source"), max_length=300, help_text=_("Number, date and issuer of the decision or notice")
    )
    instead_of = models.DateField(
        _("worked instead of"),
        null=True,
        blank=True,
        help_text=_("Make-up day only: the day off; the hours of its weekday hold. Empty: Friday's."),
    )
    opens = models.TimeField(_("opens"), null=True, blank=True, help_text=_("Shorter hours only"))
    closes = models.TimeField(_("closes"), null=True, blank=True, help_text=_("Shorter hours only"))
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"],
                name="calendar_day_once",
                violation_error_message=_("This day is in the calendar already: change that row."),
            ),
            models.CheckConstraint(
                name="calendar_hours_go_with_kind",
                condition=Q(kind="hours", opens__isnull=False, closes__isnull=False, opens__lt=F("closes"))
                | Q(kind__in=["day_off", "make_up"], opens__isnull=True, closes__isnull=True),
                violation_error_message=_("Shorter hours need an opening before their closing; other days have none."),
            ),
            models.CheckConstraint(
                name="calendar_instead_of_goes_with_make_up",
                condition=Q(instead_of__isnull=True) | Q(kind="make_up") & ~Q(instead_of=F("day")),
                violation_error_message=_("Only a make-up day is worked instead of another day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name_vi}" if isinstance(self.day, dt.date) else self.name_vi

    def clean(self) -> None:
        """Refuse a day that is already what the row makes of it, and hours or a date that don't fit the kind."""
        super().clean()
        errors: dict[str, str] = {}
        if self.day and not FIRST_YEAR <= self.day.year <= LAST_YEAR:
            errors["day"] = gettext("Choose a day between %(first)d and %(last)d.") % {
                "first": FIRST_YEAR,
                "last": LAST_YEAR,
            }
        elif self.day:
            errors |= self._wrong_day(self.day)
        errors |= self._wrong_hours()
        if self.instead_of and self.kind != self.Kind.MAKE_UP:
            errors["instead_of"] = gettext("Only a make-up day is worked instead of another day.")
        elif self.instead_of and (self.instead_of.weekday() >= SATURDAY or self.instead_of == self.day):
            errors["instead_of"] = gettext("Choose the day off that is made up for: another day, Monday to Friday.")
        if errors:
            raise ValidationError(errors)

    def _wrong_day(self, day: dt.date) -> dict[str, str]:
        if self.kind == self.Kind.DAY_OFF and day.weekday() >= SATURDAY and not is_usual_working_day(day):
            return {"day": gettext("It is a Saturday or Sunday, which is off already.")}
        if self.kind == self.Kind.MAKE_UP and is_usual_working_day(day):
            return {"day": gettext("It is a working day already: choose a Saturday, Sunday or holiday.")}
        if self.kind == self.Kind.HOURS and not is_usual_working_day(day):
            return {"day": gettext("It is a day off: only a working day can have shorter hours.")}
        return {}

    def _wrong_hours(self) -> dict[str, str]:
        if self.kind != self.Kind.HOURS:
            given = [name for name in ("opens", "closes") if getattr(self, name)]
            return {name: gettext("Leave it empty: only shorter hours have times.") for name in given}
        missing = [name for name in ("opens", "closes") if getattr(self, name) is None]
        if missing:
            return {name: gettext("Say from when to when the office works.") for name in missing}
        assert self.opens is not None and self.closes is not None
        return {} if self.opens < self.closes else {"closes": gettext("It must be later than the opening.")}
