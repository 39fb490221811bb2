"""Entries of the menu by whose work they are for."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

from catalogue.editing.reach import editing_reach, today


class EditorsItem(MenuItem):
    """An entry that only editors see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person edits anything."""
        return bool(editing_reach(request.user, today()))


class ProvinceItem(MenuItem):
    """An entry about what is the province's own."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person edits the province's own rows."""
        return editing_reach(request.user, today()).is_whole
