"""The door before every screen of the editors: it asks the table which of them it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern

from catalogue.editing.reach import today
from catalogue.editing.screens import SCREENS, Screen

View = Callable[..., HttpResponseBase]


def behind_doors(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Put the door before each screen."""
    kept = list(patterns)
    for pattern in kept:
        pattern.callback = through_door(pattern.callback)
    return kept


def through_door(view: View) -> View:
    """Let in whom the row of the address names."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_screen(request, SCREENS, today())
        return view(request, *args, **kwargs)

    return door


def require_screen(request: HttpRequest, screens: Mapping[str, Screen], day: dt.date) -> None:
    """Raise PermissionDenied or Http404, as its row says, unless the person's postings open the screen.

    Without a row it is shut to everybody.
    """
    assert request.resolver_match is not None
    screen = screens.get(request.resolver_match.view_name)
    if screen is not None and screen.opens(request.user, day):
        return
    raise PermissionDenied if screen is not None and screen.is_told else Http404
