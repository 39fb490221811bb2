"""Wagtail's reports about rows, each showing what the person's postings reach: stock ones ask for the model's right."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
from wagtail.models import ModelLogEntry

from catalogue import models
from catalogue.cms.exporting import harmless
from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.editing.owners import OWNERS
from catalogue.editing.reach import editing_reach, today


def foreign_rows(user: Any, prefix: str = "", *, drafted_only: bool = False) -> Q:
    """Return the condition that a report's line is about a row which the person may not edit (one query)."""
    if editing_reach(user, today()).is_whole:
        return Q(pk__in=[])
    kinds = [getattr(models, name) for name in OWNERS]
    if drafted_only:
        kinds = [kind for kind in kinds if issubclass(kind, FourEyesMixin)]
    condition = Q(pk__in=[])
    for kind, content_type in ContentType.objects.get_for_models(*kinds).items():
        mine = editing_reach(user, today()).within(kind._default_manager.order_by())
        keys = mine.annotate(key=Cast("pk", CharField())).values("key")
        is_foreign = Q(**{f"{prefix}content_type": content_type}) & ~Q(**{f"{prefix}object_id__in": keys})
        condition |= is_foreign
    return condition


class HarmlessMixin:
    """Export texts that no spreadsheet takes for formulas: readers' reports of mistakes stand among the labels."""

    def to_row_dict(self, item: Any) -> OrderedDict[str, Any]:
        """Return a row's cells."""
        cells = super().to_row_dict(item)  # type: ignore[misc]
        return OrderedDict((name, harmless(value)) for name, value in cells.items())


class RowWorkflowView(HarmlessMixin, WorkflowView):
    """Workflows of rows that the person may edit."""

    def get_queryset(self) -> QuerySet[Any]:
        """Leave out the others."""
        return super().get_queryset().exclude(foreign_rows(self.request.user, drafted_only=True))  # type: ignore[no-any-return]


class RowWorkflowTasksView(HarmlessMixin, WorkflowTasksView):
    """Steps of workflows of rows that the person may edit."""

    def get_queryset(self) -> QuerySet[Any]:
        """Leave out the others."""
        foreign = foreign_rows(self.request.user, "workflow_state__", drafted_only=True)
        return super().get_queryset().exclude(foreign)  # type: ignore[no-any-return]


class RowLogEntriesView(HarmlessMixin, LogEntriesView):
    """What was done to rows that the person may edit."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave out the others."""
        found: QuerySet[Any] = super().filter_queryset(queryset)
        if found.model is ModelLogEntry:
            found = found.exclude(foreign_rows(self.request.user))
        return found


def report_urls() -> list[URLPattern]:
    """Return the addresses of Wagtail's own reports, to be put before Wagtail's."""
    views: dict[str, Any] = {
        "workflow": RowWorkflowView,
        "workflow_tasks": RowWorkflowTasksView,
        "site-history": RowLogEntriesView,
    }
    return [
        path(address, never_cache(require_admin_access(view.as_view(results_only=bool(results)))))
        for name, view in views.items()
        for address, results in ((f"reports/{name}/", False), (f"reports/{name}/results/", True))
    ]
