"""The step of approval, and proposals: changes of rows that have no drafts, and taking rows down."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from catalogue.editing import four_eyes
from catalogue.editing.reach import approving_reach, editing_reach, may_approve, today
from catalogue.models.agencies import Agency


class ApprovalTask(Task):
    """Approval by somebody posted as an approver at the row's agency or above, who wrote none of the change."""

    class Meta:
        verbose_name = _("approval by the agency")
        verbose_name_plural = _("approvals by agencies")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Offer approval and refusal to approvers; a writer among them is told who else can when trying."""
        if not may_approve(user, type(obj)._default_manager.get(pk=obj.pk), today()):
            return []
        return [
            ("approve", _("Approve"), False),
            ("approve", _("Approve with comment"), True),
            ("reject", _("Request changes"), True),
        ]

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """Approve or send back; raises NotApprovedError for whoever may not."""
        row = task_state.workflow_state.content_object
        if action_name == "approve":
            four_eyes.require_second_person(row, task_state.revision, user, today())
            row.require_ground(task_state.revision, today())
        elif not may_approve(user, row, today()):
            raise four_eyes.NotApprovedError
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[Any]:
        """Return the open steps that wait for this person (two queries, and one a kind of row)."""
        steps = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        by_kind: dict[int, dict[int, int]] = {}
        for pk, kind, row in steps.values_list("pk", "revision__base_content_type", "revision__object_id"):
            by_kind.setdefault(kind, {})[int(row)] = pk
        mine: list[int] = []
        for kind, rows in by_kind.items():
            model = ContentType.objects.get_for_id(kind).model_class()
            assert model is not None
            mine_of_kind = approving_reach(user, today()).within(model._default_manager.filter(pk__in=rows))
            for row in mine_of_kind:
                if user.pk not in four_eyes.writers_since_live(row):
                    mine.append(rows[row.pk])
        return TaskState.objects.filter(pk__in=mine)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals, and whose they are."""

    def open(self) -> Self:
        """Return those that wait."""
        return self.filter(status=Proposal.Status.OPEN)

    def visible_to(self, user: Any, day: dt.date) -> Self:
        """Return those about rows that a person may edit."""
        reach = editing_reach(user, day)
        return self if reach.is_whole else self.filter(agency__in=reach.agencies)

    def approvable_by(self, user: Any, day: dt.date) -> Self:
        """Return those that a person's postings let them approve, and that they didn't write."""
        reach = approving_reach(user, day)
        rows = self if reach.is_whole else self.filter(agency__in=reach.agencies)
        return rows.exclude(writers=user.pk)

    def about(self, row: models.Model) -> Self:
        """Return those about a row."""
        return self.filter(kind=ContentType.objects.get_for_model(row), row=row.pk)


class BatchQuerySet(models.QuerySet["ProposalBatch"]):
    """Batches, and whose they are."""

    def visible_to(self, user: Any, day: dt.date) -> Self:
        """Return those all of whose proposals are about rows that a person may edit."""
        hidden = Proposal.objects.exclude(pk__in=Proposal.objects.visible_to(user, day).order_by().values("pk"))
        return self.exclude(proposals__in=hidden) if editing_reach(user, day) else self.none()


class ProposalBatch(models.Model):
    """Proposals that were written in one act, and are approved or sent back in one."""

    label = models.CharField(_("name"), max_length=300)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"))

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of proposals")
        verbose_name_plural = _("batches of proposals")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.label


class Proposal(models.Model):
    """A change that waits for a second person: the row stays as it is until then."""

    class Act(models.TextChoices):
        ADD = "add", _("add")
        CHANGE = "change", _("change")
        DELETE = "delete", _("delete")
        UNPUBLISH = "unpublish", _("take down")

    class Status(models.TextChoices):
        OPEN = "open", _("waits for approval")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("sent back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of row"))
    row = models.PositiveBigIntegerField(_("row"), null=True, blank=True)
    act = models.CharField(_("change"), max_length=10, choices=Act.choices)
    label = models.CharField(_("name"), max_length=300)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("agency"),
        help_text=_("Whose row it is; empty: the province's"),
    )
    before = models.JSONField(_("as it was"), default=dict)
    after = models.JSONField(_("as it will be"), default=dict)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    batch = models.ForeignKey(
        ProposalBatch, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("batch")
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "row"], name="proposal_one_open_a_row", condition=Q(status="open")),
            models.CheckConstraint(name="proposal_names_row", condition=Q(act="add") | Q(row__isnull=False)),
            models.CheckConstraint(
                name="proposal_decided_by_somebody",
                condition=Q(status="open", decided_by__isnull=True) | (~Q(status="open") & Q(decided_by__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["status", "agency"], name="proposal_status_agency")]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.label}"
