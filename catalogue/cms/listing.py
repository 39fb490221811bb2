"""What the editors' screens of all kinds of row have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import DeleteView, IndexView, SnippetViewSet

from catalogue.cms import columns
from catalogue.cms.exporting import ExportMixin, exported, joined
from catalogue.cms.filters import RowFilters
from catalogue.cms.searching import search_rows
from catalogue.models.procedures import column_suffixes

RIGHTS = ("add", "change", "delete", "view")


class RowIndexView(ExportMixin, IndexView):
    """A list with plain search, filters and export."""

    is_searchable = True

    @cached_property
    def filterset_class(self) -> type[Any]:
        """Return the filters of the kind, with the plain ones that its view set names."""
        meta = type("Meta", (), {"model": self.model, "fields": self.list_filter or []})
        return type(f"{self.model.__name__}Filters", (self.base_filterset_class,), {"Meta": meta})

    def _get_custom_column(self, field_name: str, column_class: type[Column] = Column, **kwargs: Any) -> Column:
        """Show days and yes or no as such."""
        if column_class is Column:
            column_class = columns.column_class(self.model, field_name)
        return super()._get_custom_column(field_name, column_class, **kwargs)

    def get_base_queryset(self) -> models.QuerySet:  # type: ignore[type-arg]
        """Join what a file names."""
        rows = super().get_base_queryset()
        return rows.select_related(*joined(self.model)) if self.is_export else rows

    def search_queryset(self, queryset: models.QuerySet) -> models.QuerySet:  # type: ignore[type-arg]
        """Keep the rows that hold every word."""
        return search_rows(queryset, self.search_query) if self.is_searching else queryset


class RowDeleteView(DeleteView):
    """Deletes a row that nothing needs."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say which rows need it, instead of failing, where it can't be deleted."""
        try:
            return super().post(request, *args, **kwargs)
        except ProtectedError as error:
            users = sorted(error.protected_objects, key=str)
            shown = "; ".join(str(row) for row in users[:5])
            text = _("It can't be deleted: %(count)d other rows need it (%(rows)s).")
            messages.error(request, text % {"count": len(users), "rows": shown})
            return redirect(reverse(self.index_url_name))


class RowFilterForm(BaseFilterForm):
    """The search field of a chooser."""

    q = forms.CharField(label=gettext_lazy("Search term"), required=False, max_length=200)

    def filter(self, objects: models.QuerySet) -> models.QuerySet:  # type: ignore[type-arg]
        """Keep the rows that hold every word."""
        rows = super().filter(objects)
        self.search_query = self.cleaned_data.get("q")
        self.is_searching = bool(self.search_query)
        return search_rows(rows, self.search_query) if self.is_searching else rows


class RowChooseView(ChooseView):
    filter_form_class = RowFilterForm


class RowChooseResultsView(ChooseResultsView):
    filter_form_class = RowFilterForm


class RowChooserViewSet(SnippetChooserViewSet):
    choose_view_class = RowChooseView
    choose_results_view_class = RowChooseResultsView


class PrivateChooserViewSet(RowChooserViewSet):
    """A chooser for those alone who have a right on the kind: Wagtail 8.0.1's own asks for none."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Ask for a right before each view."""
        patterns: list[URLPattern] = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = self.with_a_right(pattern.callback)
        return patterns

    def with_a_right(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Raise PermissionDenied for whoever has no right on the kind."""

        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            policy = policy_registry.get_by_type(self.model)
            if not policy.user_has_any_permission(request.user, RIGHTS):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return asked


class RowViewSet(SnippetViewSet):
    """The screens of one kind of row; `joins` are the relations that its list shows."""

    index_view_class = RowIndexView
    delete_view_class = RowDeleteView
    chooser_viewset_class = PrivateChooserViewSet
    # A copy would carry the keys and the national code of another row.
    copy_view_enabled = False
    list_per_page = 50
    joins: tuple[str, ...] = ()

    base_filters: type[WagtailFilterSet] = RowFilters

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Give the list its filters and what it exports."""
        given = {"base_filterset_class": self.base_filters, "list_export": exported(self.model)}
        return super().get_index_view_kwargs(**given, **kwargs)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:  # type: ignore[type-arg]
        """Return all rows with what the list shows."""
        return self.model._default_manager.select_related(*self.joins)


def foreign(*names: str) -> list[FieldPanel]:
    """Return a panel for each column and each language but the Vietnamese."""
    return [FieldPanel(f"{name}_{suffix}") for name in names for suffix in column_suffixes()[1:]]


def translations(*names: str) -> MultiFieldPanel:
    """Return a closed group with the other languages of a row's columns."""
    return MultiFieldPanel(foreign(*names), heading=gettext_lazy("Translations"), classname="collapsed")
