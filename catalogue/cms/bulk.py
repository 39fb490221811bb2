"""Many rows at once: proposed to be removed, drafts submitted, one column set. Nothing goes round the four eyes."""

from __future__ import annotations

import copy
from abc import abstractmethod
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property, classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import get_snippet_models

from catalogue.asked_keys import keys_in
from catalogue.cms.setting import SETTABLE, SetForm, set_columns
from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.editing.owners import OWNERS
from catalogue.editing.proposals import Act, StaleProposalError, propose
from catalogue.editing.reach import today
from catalogue.publishing import missing_ground

MOST = 500
"""More rows in one request would keep an editor waiting for a minute."""


def kinds() -> list[Any]:
    """Return the catalogue's kinds of row that have a screen."""
    return [model for model in get_snippet_models() if model.__name__ in OWNERS]


class RowsAct(SnippetBulkAction):
    """An act on the chosen rows, as far as the person may edit them; of others nothing is said."""

    template_name = "catalogue/bulk.html"
    permission = "change"
    question = gettext_lazy("Go on with these rows?")
    button = gettext_lazy("Go on")

    @classproperty
    def models(cls) -> list[Any]:  # noqa: N805
        """Return the kinds of row that it is offered for."""
        return kinds()

    @cached_property
    def rows(self) -> list[Any]:
        """Return the chosen rows; «all» are those of the list as it was filtered."""
        if not self.permission_policy.user_has_permission(self.request.user, self.permission):
            return []
        keys = self.request.GET.getlist("id")
        mine = self.model._default_manager.editable_by(self.request.user, today())
        if "all" in keys:
            mine = mine.filter(pk__in=listed(self.request, self.model, self.next_url).order_by().values("pk"))
        else:
            mine = mine.filter(pk__in=keys_in(keys))
        return list(mine[: MOST + 1])

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """Return the rows."""
        return self.rows, {"items_with_no_access": []}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what is asked, and of which rows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = {"title": self.display_name, "question": self.question, "button": self.button}
        return context | asked | {"is_too_many": len(self.rows) > MOST, "most": MOST, "shown": context["items"][:50]}

    def prepare_action(self, objects: list[Any], objects_without_access: Any) -> HttpResponse | None:
        """Refuse more rows than one request can carry."""
        if len(objects) <= MOST:
            return None
        text = _("These are more than %(most)d rows: narrow the list down with the filters, and do it in parts.")
        messages.error(self.request, text % {"most": MOST})
        return redirect(self.next_url)

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        """Do it to each row, leaving out those for which it can't be."""
        act = kwargs["self"]
        return sum(act.do(row) for row in objects), 0

    @abstractmethod
    def do(self, row: Any) -> bool:
        """Do it to one row; False where it is left out."""

    @abstractmethod
    def told(self, done: int) -> str:
        """Say what was done."""

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say how many, and how many were left out."""
        left = len(self.actionable_objects) - num_parent_objects
        text = self.told(num_parent_objects)
        return f"{text} {self.why_left(left)}" if left else text

    def why_left(self, left: int) -> str:
        """Say why some were left out."""
        return _("%(count)d were left out: others need them, or another change waits.") % {"count": left}


class ProposeDeletions(RowsAct):
    """Proposes to remove the chosen rows; Wagtail's own would name and remove those of other agencies."""

    display_name = gettext_lazy("Propose to remove")
    action_type = "delete"
    aria_label = gettext_lazy("Propose to remove the chosen rows")
    action_priority = 30
    classes = {"serious"}
    permission = "delete"
    question = gettext_lazy("Propose that these rows are removed? They stay until somebody else approves.")
    button = display_name

    def do(self, row: Any) -> bool:
        """Propose it, unless others need the row or something else waits for it."""
        try:
            Collector("default").collect([row])
            with transaction.atomic():
                propose(Act.DELETE, row, by=self.request.user, at=timezone.now())
        except (ProtectedError, StaleProposalError):
            return False
        return True

    def told(self, done: int) -> str:
        """Say how many wait, and that nothing was removed yet."""
        return ngettext(
            "%(count)d row is proposed to be removed: somebody else approves.",
            "%(count)d rows are proposed to be removed: somebody else approves.",
            done,
        ) % {"count": done}


class SubmitDrafts(RowsAct):
    """Asks approval for the open drafts of the chosen rows."""

    display_name = gettext_lazy("Submit the drafts for approval")
    action_type = "submit_drafts"
    aria_label = gettext_lazy("Submit the open drafts of the chosen rows for approval")
    action_priority = 10
    question = gettext_lazy("Ask approval for the open drafts of these rows?")
    button = gettext_lazy("Submit for approval")

    @classproperty
    def models(cls) -> list[Any]:  # noqa: N805
        """Return the kinds with drafts."""
        return [model for model in kinds() if issubclass(model, FourEyesMixin)]

    def do(self, row: Any) -> bool:
        """Start the workflow of a draft that doesn't wait yet and names what it stands on."""
        workflow = row.get_workflow()
        if workflow is None or not row.has_unpublished_changes or row.workflow_in_progress:
            return False
        if missing_ground(row.get_latest_revision_as_object(), today()):
            return False
        workflow.start(row, self.request.user)
        return True

    def told(self, done: int) -> str:
        """Say how many wait."""
        text = ngettext("%(count)d draft waits for approval.", "%(count)d drafts wait for approval.", done)
        return text % {"count": done}

    def why_left(self, left: int) -> str:
        """Say why some were left out."""
        text = _("%(count)d were left out: they have no open draft, it waits already, or it lacks its decision.")
        return text % {"count": left}


class SetColumns(RowsAct):
    """Sets a few plain columns of the chosen rows, as drafts or proposals."""

    display_name = gettext_lazy("Set for many")
    action_type = "set_columns"
    aria_label = gettext_lazy("Set a column of the chosen rows to one value")
    action_priority = 20
    question = gettext_lazy("Tick what you set. It becomes a draft or a proposal of each row; readers see nothing yet.")
    button = gettext_lazy("Set")

    @classproperty
    def models(cls) -> list[Any]:  # noqa: N805
        """Return the kinds that have such columns."""
        return [model for model in kinds() if model.__name__ in SETTABLE]

    def get_form(self, form_class: Any = None) -> forms.Form:
        """Offer the kind's columns, and of agencies those where the person is posted."""
        return SetForm(self.model, self.request.user, today(), **self.get_form_kwargs())

    def do(self, row: Any) -> bool:
        """Write a draft or a proposal, unless something of the row waits already."""
        assert isinstance(self.cleaned_form, SetForm)
        return set_columns(row, self.cleaned_form.values(), by=self.request.user, at=timezone.now())

    def told(self, done: int) -> str:
        """Say how many drafts or proposals there are now."""
        if issubclass(self.model, FourEyesMixin):
            text = ngettext(
                "%(count)d draft was written: submit it for approval.",
                "%(count)d drafts were written: submit them for approval.",
                done,
            )
        else:
            text = ngettext(
                "%(count)d change is proposed: somebody else approves.",
                "%(count)d changes are proposed: somebody else approves.",
                done,
            )
        return text % {"count": done}

    def why_left(self, left: int) -> str:
        """Say why some were left out."""
        return _("%(count)d were left out: they have it already, or another change waits.") % {"count": left}


def listed(request: HttpRequest, model: Any, address: str) -> models.QuerySet[Any]:
    """Return the rows of a kind's list as an address filters it."""
    asked = copy.copy(request)
    asked.GET = QueryDict(urlsplit(address).query)  # type: ignore[misc, assignment]
    made = model.snippet_viewset.index_view
    view = made.view_class(**made.view_initkwargs)
    view.setup(asked)
    return view.get_queryset()  # type: ignore[no-any-return]
