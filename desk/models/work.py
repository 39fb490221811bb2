"""What happens to a dossier beside its state: clock, money, hand-overs, results, slips, notices."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Agency, Decision, Procedure
from desk.interruptions import Effect, Ground
from desk.models.dossiers import Dossier
from desk.models.papers import DossierFile
from desk.models.rows import Row
from desk.querysets import NoticeQuerySet
from desk.states import Outcome


class ClockStop(Row):
    """A time in which the clock stood, or after which it began anew."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="clock_stops")
    ground = models.CharField(_("ground"), max_length=10, choices=Ground.choices)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices, default=Effect.PAUSE)
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["began_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier"], name="clock_stop_one_open", condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                name="clock_stop_ends_later", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at"))
            ),
        ]


class DossierExtension(Row):
    """The one later due date (Mẫu số 04)."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="extension")
    agreed_at = models.DateTimeField(_("agreed at"))
    on = models.DateField(_("new due date"))
    reason = models.TextField(_("reason"))
    late_unit = models.CharField(_("unit that is late"), max_length=300)


class PaymentRequest(Row):
    """A fee or tax that is asked for during the work."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="payment_requests")
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    purpose = models.CharField(_("purpose"), max_length=300)
    asked_at = models.DateTimeField(_("asked at"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    dropped_at = models.DateTimeField(
        _("dropped at"), null=True, blank=True, help_text=_("Stopped or withdrawn unpaid")
    )
    receipt = models.CharField(_("number of the receipt"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["dossier"], name="payment_one_open", condition=Q(paid_at__isnull=True, dropped_at__isnull=True)
            ),
        ]


class HandOver(Row):
    """A dossier passed from one hand to the next: never changed but for being taken (Mẫu số 06)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="hand_overs")
    from_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    step = models.CharField(_("step"), max_length=200, blank=True)
    step_due_at = models.DateTimeField(_("step due at"), null=True, blank=True)
    given_at = models.DateTimeField(_("given at"))
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier"], name="hand_over_one_open", condition=Q(taken_at__isnull=True)),
        ]
        indexes = [
            models.Index(fields=["to_agency", "dossier"], condition=Q(taken_at__isnull=True), name="hand_over_waiting"),
        ]


class DossierResult(Row):
    """What was decided, signed: a permit, a certificate, a letter of refusal."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="results")
    kind = models.CharField(_("kind"), max_length=10, choices=Outcome.choices)
    number = models.CharField(_("number"), max_length=100)
    signed_on = models.DateField(_("signed on"))
    signatory = models.CharField(_("signed by"), max_length=200)
    file = models.ForeignKey(DossierFile, models.PROTECT, null=True, blank=True, related_name="results")
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))
    replaced_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], name="result_one_valid", condition=Q(replaced_at__isnull=True)),
        ]
        indexes = [models.Index(fields=["number"], name="result_number")]


class InternalProcess(Row):
    """The steps by which an agency settles a procedure: approved first, configured then (Công điện 96/CĐ-TTg)."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="processes")
    level = models.CharField(
        _("level"), max_length=10, choices=[("province", _("Province")), ("commune", _("Commune"))]
    )
    number = models.PositiveSmallIntegerField(_("version"))
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    configured_on = models.DateField(_("configured on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "level", "number"], name="process_version_once"),
            models.CheckConstraint(
                name="process_configured_after_approval",
                condition=Q(configured_on__isnull=True) | Q(approved_on__lte=models.F("configured_on")),
            ),
        ]


class ProcessStep(Row):
    """One step: what is done, by whose post, in how many working hours."""

    process = models.ForeignKey(InternalProcess, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=12)
    hours = models.PositiveSmallIntegerField(_("working hours"), null=True, blank=True)

    class Meta:
        ordering = ["process", "order"]
        constraints = [models.UniqueConstraint(fields=["process", "order"], name="process_step_once")]


class Notice(Row):
    """Something that people inside should know: a due date near, a second supplement, an answer that never came."""

    class Kind(models.TextChoices):
        SOON = "soon", _("soon due")
        OVERDUE = "overdue", _("overdue")
        STEP_OVERDUE = "step_overdue", _("step overdue")
        APOLOGY_PROPOSED = "apology_proposed", _("apology and extension proposed")
        SUPPLEMENT_LAPSED = "supplement_lapsed", _("supplement not answered")
        SECOND_SUPPLEMENT = "second_supplement", _("second supplement asked for")
        MENTION = "mention", _("a colleague wrote to you")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="notices")
    role = models.CharField(_("for the role"), max_length=12, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", db_index=False,
        help_text=_("Only for this one of them"),
    )  # fmt: skip
    about = models.CharField(_("about"), max_length=40, help_text=_("The due date or request: one notice for each"))
    made_at = models.DateTimeField(_("made at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "kind", "agency", "role", "about"], name="notice_once")
        ]
        indexes = [models.Index(fields=["agency", "role", "read_at"], name="notice_inbox")]


class Slip(Row):
    """A printed form of a dossier: numbered on its own, set from the event that it tells of."""

    class Form(models.TextChoices):
        RECEIPT = "01", _("receipt and appointment")
        SUPPLEMENT = "02", _("request for supplement")
        REJECTION = "03", _("refusal to receive")
        APOLOGY = "04", _("apology and extension")
        STOP = "05", _("notice of stopping")
        CONTROL = "06", _("control slip")
        REGISTER = "07", _("register")
        HAND_OVER = "handover", _("hand-over slip")
        RESULT = "result", _("receipt of the result")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="slips")
    event = models.ForeignKey("DossierEvent", models.PROTECT, related_name="slips")
    form = models.CharField(_("form"), max_length=10, choices=Form.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        constraints = [
            models.UniqueConstraint(fields=["agency", "form", "year", "number"], name="slip_number_once"),
            models.UniqueConstraint(fields=["event", "form"], name="slip_once_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"
