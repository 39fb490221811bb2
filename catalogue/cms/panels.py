"""The panels of the dashboard: rows that the person may edit now, not those of an old posting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel

from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.editing.reach import may_edit, today


class OwnDraftsPanel(UserObjectsInWorkflowModerationPanel):
    """What the person has asked approval for."""

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Leave out rows that the person's postings of today don't reach."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        user = parent_context["request"].user
        context["workflow_states"] = [
            state
            for state in context["workflow_states"]
            if not isinstance(state.content_object, FourEyesMixin) or may_edit(user, state.content_object, today())
        ]
        return context


def show_own_rows(request: HttpRequest, panels: list[Any]) -> None:
    """Put our panel in Wagtail's place."""
    for index, panel in enumerate(panels):
        if type(panel) is UserObjectsInWorkflowModerationPanel:
            panels[index] = OwnDraftsPanel()
