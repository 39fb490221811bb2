"""Four eyes: nothing that an editor wrote goes out, or comes down, without somebody else's approval."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import DraftStateMixin, Revision, WorkflowMixin, WorkflowState

from catalogue.editing.owners import owner_of
from catalogue.editing.reach import may_approve, today, who_can_approve

logger = logging.getLogger(__name__)

_rule: ContextVar[str] = ContextVar("rule of a publication from code", default="")
_agreed: ContextVar[object] = ContextVar("the change that two people agreed on", default=None)


class NotApprovedError(PermissionDenied):
    """The change lacks a second person's approval; the message says to the user who can give it."""


class OpenWorkError(NotApprovedError):
    """Code would publish over what an editor has begun."""


@contextmanager
def by_rule(rule: str) -> Iterator[None]:
    """Let code publish within the block, by a rule that is named in the refusal and in the log: the only door for code.

    It stays shut over a row with an open draft or workflow: OpenWorkError.
    """
    if not rule:
        raise ValueError("Name the rule that lets code publish.")
    token = _rule.set(rule)
    try:
        yield
    finally:
        _rule.reset(token)


@contextmanager
def agreed(proposal: models.Model) -> Iterator[None]:
    """Carry out within the block what an approved proposal says: taking a row down or removing it."""
    token = _agreed.set(proposal)
    try:
        yield
    finally:
        _agreed.reset(token)


class FourEyesMixin(WorkflowMixin, DraftStateMixin):
    """A row whose drafts go out by approval alone: publish() itself refuses, whichever way it was reached."""

    class Meta:
        abstract = True

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Publish a revision; raises NotApprovedError unless somebody who may approve and wrote none of it does it.

        Without a user only `by_rule` opens, and not over open work (OpenWorkError). Two to five queries.
        """
        if self.has_go_live(revision):
            raise NotApprovedError(_("A row isn't scheduled by its own date: leave that date empty."))
        if user is None:
            require_rule(self, revision)
            logger.info("%s is published by a rule: %s", self, _rule.get())
            super().publish(revision, user=None, **kwargs)
            return
        require_second_person(self, revision, user, today())
        self.require_ground(revision, today())
        # Wagtail asks for a right to publish, which nobody has: the approval above stands for it.
        super().publish(revision, user=user, **{**kwargs, "skip_permission_checks": True})

    def unpublish(
        self, set_expired: bool = False, commit: bool = True, user: Any = None, log_action: bool | str = True
    ) -> None:
        """Take the row down; raises NotApprovedError unless an approved proposal or a rule lets it."""
        if not self._has_leave():
            raise NotApprovedError(_("To take it down, propose it: somebody else approves."))
        action = UnpublishAction(self, set_expired=set_expired, commit=commit, user=user, log_action=log_action)
        action.execute(skip_permission_checks=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the row; one that readers know needs what taking it down needs."""
        if self.was_published and not self._has_leave():
            raise NotApprovedError(_("To remove it, propose it: somebody else approves."))
        return super().delete(*args, **kwargs)

    def require_ground(self, revision: Revision, day: dt.date) -> None:
        """Raise NotApprovedError where a kind of row asks for more than a second person: a procedure's decision."""

    @property
    def was_published(self) -> bool:
        """Return whether readers have seen the row."""
        return bool(self.live or self.first_published_at)

    @staticmethod
    def has_go_live(revision: Revision) -> bool:
        """Return whether a draft carries a date to go live: it would lock the row, and code would drop it."""
        text = revision.content.get("go_live_at")
        return bool(text) and dt.datetime.fromisoformat(text) > timezone.now()

    def _has_leave(self) -> bool:
        return bool(_rule.get()) or _agreed.get() is not None


def writers_since_live(row: Any) -> set[int]:
    """Return who wrote a revision since the published one, or any if none is published (one query)."""
    revisions = row.revisions.exclude(user=None).order_by()
    if row.live_revision_id:
        revisions = revisions.filter(pk__gt=row.live_revision_id)
    return set(revisions.values_list("user", flat=True))


def require_second_person(row: Any, revision: Revision, user: Any, day: dt.date) -> None:
    """Raise NotApprovedError unless a person may approve a draft on a day and neither wrote nor asked for it."""
    stored = type(row)._default_manager.get(pk=row.pk)
    writers = writers_since_live(stored)
    state = row.current_workflow_state
    if state is not None and state.requested_by_id:
        writers.add(state.requested_by_id)
    if user.pk in writers:
        own = _("You wrote a part of this change, so somebody else must approve it.")
        raise NotApprovedError(f"{own} {who_can_approve(owner_of(stored), day, but=writers)}")
    # Both as it is published and as it will be: a draft can hand a row to another agency.
    if not (may_approve(user, stored, day) and may_approve(user, revision.as_object(), day)):
        missing = _("You aren't posted as an approver of the catalogue at the agency that answers for it.")
        raise NotApprovedError(f"{missing} {who_can_approve(owner_of(stored), day, but=writers)}")


def require_rule(row: Any, revision: Revision) -> None:
    """Raise NotApprovedError without a rule, OpenWorkError over an open draft that isn't this one, or a workflow."""
    rule = _rule.get()
    if not rule:
        raise NotApprovedError("Code publishes a row only by a rule: within by_rule(…), or name who approves.")
    if WorkflowState.objects.active().for_instance(row).exists():
        raise OpenWorkError(f"{row}: a workflow is under way, so «{rule}» can't publish it.")
    drafts = row.revisions.exclude(user=None).filter(pk__gt=row.live_revision_id or 0)
    if drafts.exists() or not revision.is_latest_revision():
        raise OpenWorkError(f"{row}: an editor has an open draft, so «{rule}» can't publish over it.")
