"""Addresses and values on the board's screens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.formats import date_format

from portal.publication.kinds import edit_url

register = template.Library()


@register.simple_tag
def rows_url(kind: str, check: str, side: str, query: str = "") -> str:
    """Return the address of the rows behind one side of a share."""
    named = urlencode({"check": check, "side": side})
    return f"{reverse('publication:rows', args=[kind])}?{named}{'&' if query else ''}{query}"


@register.simple_tag
def side_url(request: HttpRequest, side: str) -> str:
    """Return the address of the other side of a list."""
    asked = request.GET.copy()
    asked.pop("p", None)
    asked["side"] = side
    return f"?{asked.urlencode()}"


@register.simple_tag
def kept(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return the parameters that a filter's form must keep."""
    return {name: request.GET[name] for name in names if name in request.GET}


@register.simple_tag
def group_query(column: str, key: object, rest: str) -> str:
    """Return the filters of a group of procedures."""
    return f"{urlencode({column: str(key)})}{'&' if rest else ''}{rest}"


@register.simple_tag
def issuer_query(asked: str, key: str) -> str:
    """Return the filters of a ministry's procedures, and no other words."""
    query = QueryDict(asked, mutable=True)
    query["issuer"] = key
    return query.urlencode()


@register.simple_tag
def row_url(row: Any) -> str:
    """Return the address of a row's form."""
    return edit_url(row)


@register.filter
def item(values: Sequence[Any], index: int) -> Any:
    """Return one of several values."""
    return values[index]


@register.filter
def day_of(text: str | None) -> str:
    """Return a day of plain data as people write it."""
    return date_format(dt.date.fromisoformat(text), "d/m/Y") if text else "–"
