"""Who works where, as what, and from when until when."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.agencies import Agency
from catalogue.querysets import DatedQuerySet, valid_period
from catalogue.text import fold


class PostingQuerySet(DatedQuerySet):
    """Postings of people who may still log in."""

    def of(self, user: models.Model, day: dt.date) -> Self:
        """Return what a person is posted to on a day; nothing once the account is closed."""
        return self.on(day).filter(user=user, user__is_active=True)

    def at_the_desk(self) -> Self:
        """Return the postings that have a say over dossiers: editors of the catalogue have none."""
        return self.exclude(role__in=Posting.EDITING)


class Posting(models.Model):
    """A person's post at an agency (Nghị định 118/2025/NĐ-CP Điều 10): it ends at 24:00 before `valid_to`."""

    class Role(models.TextChoices):
        CLERK = "clerk", _("clerk at the counter")
        HANDLER = "handler", _("handler")
        APPROVER = "approver", _("approver")
        HEAD = "head", _("head of the centre")
        SUPERVISOR = "supervisor", _("supervisor of the province")
        CONTRACTOR = "contractor", _("contracted or postal staff")
        EDITOR = "editor", _("editor of the catalogue")
        PUBLISHER = "publisher", _("approver of the catalogue")

    EDITING = frozenset({Role.EDITOR, Role.PUBLISHER})
    """They write the catalogue; a publisher also approves what somebody else wrote."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="postings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="postings", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    title = models.CharField(_("title"), max_length=150, blank=True, help_text=_("As the slips print it"))
    employer = models.CharField(
        _("employer"), max_length=200, blank=True, help_text=_("Of contracted and postal staff only")
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role", "valid_from"], name="posting_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="posting_contractor_has_employer", condition=~models.Q(role="contractor") | ~models.Q(employer="")
            ),
            valid_period("posting_period"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.agency}"


class OutsideAccountQuerySet(models.QuerySet["OutsideAccount"]):
    """Accounts of people on ministries' systems."""

    def on(self, day: dt.date) -> Self:
        """Return what opened those systems on a day."""
        return self.open_or_later(day).filter(granted_on__lte=day)

    def open_or_later(self, day: dt.date) -> Self:
        """Return what wasn't withdrawn by a day."""
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))

    def still_open(self) -> Self:
        """Return what nobody has withdrawn: it opens that system until somebody does, whatever ends here."""
        return self.filter(withdrawn_on=None)


class OutsideAccount(models.Model):
    """That a person has an account on a ministry's system, from one day until another (Công văn 39/TTg-KSTT).

    Departments and communes have their officers' rights given there; what the account is called there, and its
    password, are kept there alone. Closing somebody's account or post here withdraws nothing there.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="outside_accounts", verbose_name=_("person")
    )
    system = models.CharField(_("system"), max_length=200, help_text=_("As the routes of procedures name it"))
    system_key = models.CharField(max_length=200, editable=False)
    """The name as it is compared: capitals, marks, hyphens and spaces don't matter."""
    granted_on = models.DateField(_("granted on"))
    withdrawn_on = models.DateField(
        _("withdrawn on"), null=True, blank=True, help_text=_("The first day without it; empty: it is open")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("Empty: a list that was loaded"),
    )  # fmt: skip
    written_at = models.DateTimeField(_("written down at"))

    objects = OutsideAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account on an outside system")
        verbose_name_plural = _("accounts on outside systems")
        ordering = ["granted_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "system_key"], condition=Q(withdrawn_on=None), name="outside_account_one_open"
            ),
            models.UniqueConstraint(fields=["user", "system_key", "granted_on"], name="outside_account_once_a_day"),
            models.CheckConstraint(name="outside_account_names_system", condition=~Q(system_key="")),
            models.CheckConstraint(
                name="outside_account_ends_after_it_begins",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("granted_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.system}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name as it is compared beside the name."""
        self.system_key = key_of(self.system)
        super().save(*args, **kwargs)


def key_of(system: str) -> str:
    """Return a system's name as it is compared."""
    return fold(system)[:200]
