"""Entries of the menu: each for those whom its screen lets in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem

from catalogue.editing.reach import today
from catalogue.editing.screens import SCREENS, Screen


class ScreenItem(MenuItem):
    """Leads to a screen of a table, by its name; `args` stand in its address."""

    def __init__(
        self, label: Any, screen: str, *args: str, screens: Mapping[str, Screen] = SCREENS, **shown: Any
    ) -> None:
        super().__init__(label, reverse(screen, args=args), **shown)
        self.screen = screens[screen]

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person may open it."""
        return self.screen.opens(request.user, today())
