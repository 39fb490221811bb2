"""The view set of every kind of catalogue row: its views see what the editor's postings reach, and no more."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern
from wagtail.snippets.views.chooser import SnippetChosenMultipleView, SnippetChosenView, SnippetCreateView

from catalogue.asked_keys import is_key, keys_in
from catalogue.cms.gates import gated
from catalogue.cms.help_texts import give_help
from catalogue.cms.listing import RowChooseResultsView, RowChooserViewSet, RowChooseView, RowViewSet
from catalogue.cms.views import (
    ApproveView,
    ProposeDeletionView,
    ProposeUnpublishView,
    RowCreateView,
    RowEditView,
)
from catalogue.editing.reach import today


class ChoosableMixin:
    """Offer what the public sees and what the editor may edit: a draft of another agency isn't even named."""

    model_class: Any
    request: HttpRequest

    def get_object_list(self) -> models.QuerySet[Any]:
        """Return the rows that can be named."""
        return self.model_class._default_manager.choosable_by(self.request.user, today())  # type: ignore[no-any-return]

    def get_object(self, pk: object) -> models.Model:
        """Return a row that can be named; raises ObjectDoesNotExist, also for what is no key."""
        if not is_key(str(pk)):
            raise self.model_class.DoesNotExist
        return self.get_object_list().get(pk=pk)

    def get_objects(self, pks: list[str]) -> models.QuerySet[Any]:
        """Return those of the rows that can be named."""
        return self.get_object_list().filter(pk__in=keys_in(pks))


class GuardedChooseView(ChoosableMixin, RowChooseView):
    """Offers rows to choose from."""


class GuardedChooseResultsView(ChoosableMixin, RowChooseResultsView):
    """Offers the rows that a search finds."""


class GuardedChosenView(ChoosableMixin, SnippetChosenView):
    """Names one row."""


class GuardedChosenMultipleView(ChoosableMixin, SnippetChosenMultipleView):
    """Names several rows."""


class NoCreateView(SnippetCreateView):
    """Makes nothing: a row has its own form, and waits for approval."""

    def can_create(self) -> bool:
        """Refuse; Wagtail's own fails with an error where a chooser has no form."""
        return False


class GuardedChooserViewSet(RowChooserViewSet):
    choose_view_class = GuardedChooseView
    choose_results_view_class = GuardedChooseResultsView
    chosen_view_class = GuardedChosenView
    chosen_multiple_view_class = GuardedChosenMultipleView
    create_view_class = NoCreateView


class CatalogueViewSet(RowViewSet):
    """The screens of a kind of row whose editors' rights follow from their postings."""

    add_view_class = RowCreateView
    edit_view_class = RowEditView
    delete_view_class = ProposeDeletionView
    unpublish_view_class = ProposeUnpublishView
    workflow_action_view_class = ApproveView
    chooser_viewset_class = GuardedChooserViewSet

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return the rows that the editor may edit, with what the list shows."""
        rows = self.model._default_manager.editable_by(request.user, today())
        return rows.select_related(*self.joins)  # type: ignore[no-any-return]

    def get_edit_handler(self) -> Any:
        """Put a word of help beside every field."""
        return give_help(super().get_edit_handler())

    def get_urlpatterns(self) -> list[URLPattern]:
        """Put the gate before every view of a row."""
        return gated(super().get_urlpatterns(), self.model)
