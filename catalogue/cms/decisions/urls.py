"""The addresses of the decisions' screens, and their entry in the menu."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem

from catalogue.cms.decisions import deciding, lines, meetings, sets
from catalogue.cms.doors import behind_doors
from catalogue.cms.menu import ScreenItem


def menu_item() -> MenuItem:
    """Return the entry of the menu."""
    return ScreenItem(gettext_lazy("Decisions"), "catalogue_sets:decisions", icon_name="clipboard-list", order=130)


def urls() -> list[URLPattern | URLResolver]:
    """Give the screens their addresses."""
    acts = "|".join(deciding.ACTS)
    patterns: list[Any] = [
        path("", sets.decisions, name="decisions"),
        path("new/", sets.new, name="new"),
        path("clashes/", meetings.clashes, name="clashes"),
        path("clashes/<int:pk>/settle/", meetings.settle, name="settle"),
        path("<int:pk>/", sets.page, name="set"),
        path("<int:pk>/head/", sets.head, name="head"),
        path("<int:pk>/lines/add/", lines.add, name="add"),
        path("<int:pk>/lines/new/", lines.add_procedure, name="add_procedure"),
        path("<int:pk>/lines/<int:line_pk>/edit/", lines.edit, name="edit"),
        path("<int:pk>/lines/<int:line_pk>/remove/", lines.remove, name="remove"),
        path("<int:pk>/lines/<int:line_pk>/preview/<str:language>/", lines.preview, name="preview"),
        re_path(rf"^(?P<pk>\d+)/(?P<act>{acts})/$", deciding.act_on, name="act"),
    ]
    return [path("catalogue-decisions/", include((behind_doors(patterns), "catalogue_sets")))]
