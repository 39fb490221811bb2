"""Many rows at once: each is proposed to be removed."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.models import get_snippet_models

from catalogue.editing.owners import OWNERS
from catalogue.editing.proposals import Act, StaleProposalError, propose
from catalogue.editing.reach import today


class ProposeDeletions(DeleteBulkAction):
    """Proposes to remove the chosen rows; Wagtail's own would name and remove those of other agencies."""

    display_name = gettext_lazy("Propose to remove")
    aria_label = gettext_lazy("Propose to remove the chosen rows")

    @classproperty
    def models(cls) -> list[Any]:  # noqa: N805
        """Return the catalogue's kinds of row."""
        kinds = [model for model in get_snippet_models() if model._meta.app_label == "catalogue"]
        return [model for model in kinds if model.__name__ in OWNERS]

    def get_all_objects_in_listing_query(self, parent_id: object) -> Any:
        """Return the ids of all rows that the person may edit."""
        return self.model._default_manager.editable_by(self.request.user, today()).values_list("pk", flat=True)

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """Return those of the named rows that the person may edit; of others nothing is said."""
        if "rows" not in self.__dict__:
            keys = self.request.GET.getlist("id")
            mine = self.model._default_manager.editable_by(self.request.user, today())
            if "all" not in keys:
                mine = mine.filter(pk__in=[key for key in keys if key.isdigit()])
            allowed = self.permission_policy.user_has_permission(self.request.user, "delete")
            self.rows = list(mine) if allowed else []
        return self.rows, {"items_with_no_access": []}

    @classmethod
    def execute_action(cls, objects: list[Any], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        """Propose each, leaving out those that others need or for which something else waits."""
        view, proposed = kwargs["self"], 0
        for row in objects:
            try:
                Collector("default").collect([row])
                propose(Act.DELETE, row, by=view.request.user, at=timezone.now())
            except (ProtectedError, StaleProposalError):
                continue
            proposed += 1
        return proposed, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say how many wait, and that nothing was removed yet."""
        left = len(self.actionable_objects) - num_parent_objects
        text = ngettext(
            "%(count)d row is proposed to be removed: somebody else approves.",
            "%(count)d rows are proposed to be removed: somebody else approves.",
            num_parent_objects,
        ) % {"count": num_parent_objects}
        if not left:
            return text
        return text + " " + _("%(count)d were left out: others need them, or another change waits.") % {"count": left}
