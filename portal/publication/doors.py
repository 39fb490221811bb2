"""The door of every screen of the board: editors alone, each with their own day and reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from catalogue.cms.doors import require_screen
from catalogue.editing.reach import today
from portal.publication.screens import SCREENS

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, dt.date, P], HttpResponse]
PER_PAGE = 50


def for_editors(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hand a view the local day; answer 404 to whom its row doesn't name: what isn't yours isn't there."""

    @wraps(view)
    def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        day = today()
        require_screen(request, SCREENS, day)
        return view(request, day, *args, **kwargs)

    return door


def now() -> dt.datetime:
    """Return the moment of an act, where it enters."""
    return timezone.now()


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """Return the page of rows that the address names; the first or the last for a number that is none."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))


def draw(request: HttpRequest, name: str, *, title: str, here: str, subtitle: str = "", **shown: Any) -> HttpResponse:
    """Draw a screen in Wagtail's look; `here` is its entry in the board's own navigation."""
    asked = request.GET.copy()
    asked.pop("p", None)
    asked.pop("export", None)
    context = {
        "header_icon": "view",
        "page_title": title,
        "page_subtitle": subtitle,
        "here": here,
        "asked": asked.urlencode(),
        **shown,
    }
    return TemplateResponse(request, f"portal/publication/{name}.html", context)
