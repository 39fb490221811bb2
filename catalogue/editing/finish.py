"""What an approved workflow ends in (WAGTAIL_FINISH_WORKFLOW_ACTION)."""

from __future__ import annotations

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish the draft that was approved; raises NotApprovedError for whoever asked for the approval.

    A page goes the stock way. Wagtail imports this while its own models load, so nothing is imported above.
    """
    from wagtail.workflows import publish_workflow_state

    from catalogue.editing.four_eyes import FourEyesMixin, NotApprovedError

    row = workflow_state.content_object
    if not isinstance(row, FourEyesMixin):
        publish_workflow_state(workflow_state, user=user)
        return
    revision = workflow_state.current_task_state.revision
    # The state is no longer active here, so publish() can't see any more who asked.
    if user is None or user.pk == workflow_state.requested_by_id or not revision.is_latest_revision():
        raise NotApprovedError
    revision.publish(user=user)
