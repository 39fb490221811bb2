"""A dossier: one person's matter under one version of one procedure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMModelMixin

from catalogue.models import Agency, Centre, Procedure, ProcedureVersion
from desk.limits import Limit, SetDate
from desk.models.indexes import clock_indexes, newest_indexes, open_indexes, overseen_indexes, ready_indexes
from desk.models.moves import DossierMoves
from desk.models.rows import Row
from desk.querysets import DossierQuerySet
from desk.states import Channel, Settlement, State


class Origin(models.TextChoices):
    """Through whose door the dossier came."""

    CENTRE = "centre", _("a centre of the province")
    NATIONAL_PORTAL = "national_portal", _("the National Public Service Portal")
    MINISTRY = "ministry", _("a ministry's system")


class ReturnBy(models.TextChoices):
    PICK_UP = "pick_up", _("picked up")
    POST = "post", _("by post")
    ELECTRONIC = "electronic", _("electronically")


class Dossier(FSMModelMixin, DossierMoves):
    """Written by the acts of `desk/actions` alone; each leaves an event that holds every field it changed."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="dossiers", db_index=False)
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="dossiers")
    case_key = models.CharField(_("case"), max_length=40, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.COUNTER)
    origin = models.CharField(_("origin"), max_length=15, choices=Origin.choices, default=Origin.CENTRE)
    system = models.CharField(
        _("settled on"), max_length=200, blank=True, help_text=_("A ministry's system: this is its read-only shadow")
    )
    outside_code = models.CharField(_("code there"), max_length=100, blank=True)

    centre = models.ForeignKey(Centre, models.PROTECT, null=True, blank=True, related_name="dossiers")
    helped_by = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="dossiers_helped", db_index=False
    )
    received_by = models.ForeignKey(Agency, models.PROTECT, related_name="dossiers_received", db_index=False)
    decided_by = models.ForeignKey(Agency, models.PROTECT, related_name="dossiers_decided", db_index=False)
    holder_agency = models.ForeignKey(Agency, models.PROTECT, related_name="dossiers_held", db_index=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="dossiers_held"
    )
    step = models.CharField(_("internal step"), max_length=200, blank=True)
    step_due_at = models.DateTimeField(_("step due at"), null=True, blank=True)

    submitted_at = models.DateTimeField(_("submitted at"))
    limit_number = models.PositiveSmallIntegerField(_("time limit"), null=True, blank=True)
    limit_unit = models.CharField(_("unit"), max_length=15, blank=True)
    limit_text = models.TextField(_("time limit as published"), blank=True)
    limit_set_on = models.DateField(_("date set by the officer"), null=True, blank=True)
    restarts = models.BooleanField(_("a supplement restarts the clock"), default=True)
    original_due_at = models.DateTimeField(_("first due at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True, help_text=_("Empty while the clock stands"))
    answer_by = models.DateField(_("answer expected by"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settlement = models.CharField(_("settlement"), max_length=10, choices=Settlement.choices, blank=True)
    handed_back_at = models.DateTimeField(_("papers handed back at"), null=True, blank=True)

    fee_due = models.DecimalField(_("fee due"), max_digits=15, decimal_places=2, null=True, blank=True)
    fee_paid = models.DecimalField(_("fee paid"), max_digits=15, decimal_places=2, default=Decimal)
    return_by = models.CharField(_("way of return"), max_length=10, choices=ReturnBy.choices, default=ReturnBy.PICK_UP)
    language = models.CharField(_("language"), max_length=10, default="vi")
    sets = models.PositiveSmallIntegerField(_("sets of papers"), default=1)
    entry_supplements = models.PositiveSmallIntegerField(_("supplements asked for at entry"), default=0)
    work_supplements = models.PositiveSmallIntegerField(_("supplements asked for during processing"), default=0)
    tracking_token = models.CharField(_("token of the QR code"), max_length=43, unique=True)

    anonymised_at = models.DateTimeField(
        _("anonymised at"), null=True, blank=True, help_text=_("Nothing of its people is kept any more")
    )

    last_number = models.PositiveIntegerField(_("events"), default=0, editable=False)
    last_at = models.DateTimeField(_("last event at"), null=True, blank=True, editable=False)
    head = models.CharField(_("head of the chain"), max_length=64, blank=True, editable=False)

    objects = DossierQuerySet.as_manager()

    UNFOLDED = frozenset({"id", "tracking_token", "last_number", "last_at", "head"})
    """Fields that events don't hold: a secret, and what says which the events are."""

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "outside_code"], name="dossier_outside_code_once", condition=~Q(system="")
            ),
            models.CheckConstraint(name="dossier_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="dossier_received_has_date_and_limit",
                condition=Q(received_at__isnull=True) | Q(original_due_at__isnull=False) | ~Q(system=""),
            ),
            models.CheckConstraint(
                name="dossier_finished_has_outcome",
                condition=~Q(state=State.FINISHED)
                | ~Q(system="")
                | (Q(finished_at__isnull=False, settled_at__isnull=False) & ~Q(outcome="") & ~Q(settlement="")),
            ),
            models.CheckConstraint(
                name="dossier_request_knows_its_origin",
                condition=~Q(state__in=[State.SUPPLEMENT, State.PAYMENT]) | Q(came_from__isnull=False) | ~Q(system=""),
            ),
            models.CheckConstraint(
                name="dossier_stopped_has_kind", condition=~Q(state=State.STOPPED) | ~Q(stop_kind="") | ~Q(system="")
            ),
            models.CheckConstraint(name="dossier_paid_not_negative", condition=Q(fee_paid__gte=0)),
        ]
        indexes = [*open_indexes(), *newest_indexes(), *clock_indexes(), *ready_indexes(), *overseen_indexes()]

    def __str__(self) -> str:
        return self.code

    @property
    def is_shadow(self) -> bool:
        """Return whether a ministry's system settles it and this row only mirrors that."""
        return bool(self.system)

    @property
    def given_by_id(self) -> int | None:
        """Return the agency that passed it on, while nobody has taken it (one query, none where those were read)."""
        return next((each.from_agency_id for each in self.hand_overs.all() if each.taken_at is None), None)

    @property
    def limit(self) -> Limit | SetDate:
        """Return the time limit that was pinned at the receipt. Raises DeadlineError where there is none."""
        if self.limit_set_on:
            return SetDate(self.limit_set_on, self.limit_text)
        return Limit(self.limit_number, self.limit_unit, self.limit_text)

    def get_absolute_url(self) -> str:
        """Return the address of its page on the desk."""
        return reverse("desk:dossier", args=[self.code])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; an existing row only by named fields, so that nothing is written back that somebody else changed."""
        if self.pk and not kwargs.get("force_insert") and kwargs.get("update_fields") is None:
            raise ValueError("Name the fields: save(update_fields=[…]). Dossiers are written by desk.actions.")
        super().save(*args, **kwargs)


class Related(Row):
    """Two dossiers that have to do with each other: a result used as a paper, a follow-up, one entered again."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Dossier, models.PROTECT, related_name="related_from")
    reason = models.CharField(_("why"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "other"], name="related_once"),
            models.CheckConstraint(name="related_not_to_itself", condition=~Q(dossier=models.F("other"))),
        ]


class Group(Row):
    """Interlinked dossiers of one matter (liên thông): birth, residence, health insurance."""

    name = models.CharField(_("name"), max_length=300)
    bundle = models.ForeignKey("catalogue.ProcedureBundle", models.SET_NULL, null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))


class GroupMember(Row):
    """A dossier's place in its group."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="members")
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="membership")
    order = models.PositiveSmallIntegerField(_("order"))
    is_lead = models.BooleanField(_("lead"), default=False)
    waits_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="holds_up")

    class Meta:
        ordering = ["group", "order"]
        constraints = [
            models.UniqueConstraint(fields=["group", "order"], name="group_order_once"),
            models.UniqueConstraint(fields=["group"], name="group_one_lead", condition=Q(is_lead=True)),
        ]
