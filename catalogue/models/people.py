"""Who works where, as what, and from when until when."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models.agencies import Agency
from catalogue.querysets import DatedQuerySet, valid_period


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
