"""Wagtail's permission policy of the catalogue's rows: the model's right and a posting, and nobody publishes."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.permission_policies import ModelPermissionPolicy

from catalogue.editing.owners import OWNERS
from catalogue.editing.reach import editing_reach, may_edit, today


class RowPolicy(ModelPermissionPolicy):
    """Asks Django for the right on the model and the postings for the row; a superuser publishes nothing either."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether there may be rows on which the person can do it."""
        if action == "publish" or not super().user_has_permission(user, action):
            return False
        reach = editing_reach(user, today())
        return reach.is_whole or (bool(reach) and bool(OWNERS[self.model.__name__].lookups))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: models.Model) -> bool:
        """Return whether the person can do it to this row."""
        return self.user_has_permission(user, action) and may_edit(user, instance, today())

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> models.QuerySet[Any]:
        """Return the rows that the person can do one of it to."""
        rows = self.model._default_manager
        return rows.editable_by(user, today()) if self.user_has_any_permission(user, actions) else rows.none()


class ReadOnlyPolicy(RowPolicy):
    """Lets those who may view look, and nobody change."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow viewing only."""
        return action == "view" and super().user_has_permission(user, action)

    def users_with_any_permission(self, actions: Any) -> models.QuerySet[Any]:
        """Return who may view, nobody where viewing isn't asked for."""
        return super().users_with_any_permission([action for action in actions if action == "view"])
