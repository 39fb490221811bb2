"""Mark many rows of a list as reviewed at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from search.models import BestBet, EverydayWords, QuestionWords, Situation, WordGroup


class MarkReviewed(SnippetBulkAction):
    """Says that somebody read the rows and found them right."""

    models = [BestBet, EverydayWords, QuestionWords, Situation, WordGroup]
    display_name = _("Mark as reviewed")
    action_type = "mark_reviewed"
    aria_label = _("Mark the chosen rows as reviewed")
    template_name = "search/confirm_reviewed.html"
    action_priority = 10

    def check_perm(self, obj: Model) -> bool:
        """Allow who may change the row."""
        return bool(self.permission_policy.user_has_permission_for_instance(self.request.user, "change", obj))

    @classmethod
    def execute_action(cls, objects: Sequence[Any], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        """Mark the rows that aren't yet; what is found doesn't change, so no index does."""
        rows = [row for row in objects if not row.is_reviewed]
        if rows:
            type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).update(is_reviewed=True)
        for row in rows:
            log(row, "wagtail.edit", user=kwargs["self"].request.user, content_changed=True)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say how many rows are reviewed now."""
        text = ngettext("%(count)d row is reviewed.", "%(count)d rows are reviewed.", num_parent_objects)
        return text % {"count": num_parent_objects}
