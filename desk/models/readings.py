"""Who opened which dossier: append-only, like the events; nothing of the dossier's people stands in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models import Agency, Posting
from desk.models.dossiers import Dossier
from desk.models.rows import Row


class Why(models.TextChoices):
    """Why somebody opens a dossier that isn't their own."""

    ASKED = "asked", _("the person asks about it")
    CHECK = "check", _("I check how work is done")
    COMPLAINT = "complaint", _("a complaint or feedback is being settled")
    RELATED = "related", _("another dossier of the same matter needs it")
    COLLEAGUE = "colleague", _("a colleague asked me to help")
    OTHER = "other", _("something else")


class What(models.TextChoices):
    """What was opened of it."""

    PAGE = "page", _("the dossier")
    FILE = "file", _("its files")
    SLIP = "slip", _("its slips")
    INTAKE = "intake", _("people filled in from it")
    REGISTER = "register", _("the register")
    EXPORT = "export", _("a workbook")
    PERSON = "person", _("the data given to the person")


class ReadingReason(Row):
    """Why somebody opened a dossier on a day; `text` may speak of people, so it can be erased."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="reading_reasons")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("at"))
    why = models.CharField(_("reason"), max_length=10, choices=Why.choices)
    text = models.CharField(_("in words"), max_length=300, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "reader", "day"], name="reading_reason_once_a_day")]


class DossierReading(Row):
    """One opening: name, role and agency as they were then. Nobody changes one (`desk/triggers.py`).

    `span` is the half hour of the clock: what one person opens of a dossier within it is one row, with the first
    moment. There is no CHECK here, since SQLite's INSERT OR IGNORE would lose a row that fails it without a word.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="readings", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_name = models.CharField(_("name"), max_length=300)
    by_role = models.CharField(_("role"), max_length=12, choices=Posting.Role.choices)
    by_title = models.CharField(_("title"), max_length=150, blank=True)
    by_unit = models.CharField(_("unit"), max_length=300, blank=True)
    by_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("at"))
    span = models.PositiveIntegerField()
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    is_own = models.BooleanField(_("own work"))
    why = models.CharField(_("reason"), max_length=10, choices=Why.choices, blank=True)
    reason = models.ForeignKey(ReadingReason, models.PROTECT, null=True, related_name="readings", db_index=False)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "reader", "what", "is_own", "span"], name="reading_once_a_span")
        ]
        indexes = [
            models.Index(fields=["by_agency", "is_own", "-id"], name="reading_by_agency"),
            models.Index(fields=["is_own", "-id"], name="reading_not_own_first"),
            models.Index(fields=["at"], name="reading_at"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.what} {self.at:%Y-%m-%d %H:%M}"
