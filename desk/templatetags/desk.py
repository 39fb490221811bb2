"""How the desk's pages print moments, money and icons."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from catalogue.opening import ZONE
from desk import history
from desk.list_wording import without_bullet

register = template.Library()


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Print a moment: «09:00 02/03/2026»; a dash where there is none."""
    return f"{value.astimezone(ZONE):%H:%M %d/%m/%Y}" if value else "–"


@register.filter
def date(value: dt.datetime | dt.date | None) -> str:
    """Print a day: «02/03/2026»; a dash where there is none."""
    local = value.astimezone(ZONE) if isinstance(value, dt.datetime) else value
    return f"{local:%d/%m/%Y}" if local else "–"


@register.filter
def from_text(value: str) -> dt.datetime:
    """Return a moment that stands as text in data for programs."""
    return dt.datetime.fromisoformat(value)


@register.filter
def dong(value: Any) -> str:
    """Print an amount of money; a dash where it isn't known."""
    return "–" if value is None else history.money(value)


@register.filter
def paper(name: str) -> str:
    """Print a paper's name without the source's bullet."""
    return without_bullet(name)


@register.filter
def at(values: dict[Any, Any], key: Any) -> Any:
    """Return what a table has under a key; None where it has nothing."""
    return values.get(key)


@register.filter
def needed(field: BoundField) -> bool:
    """Return whether a line must be filled in: a choice that begins with something needs no mark."""
    is_choice = isinstance(field.field.widget, Select | CheckboxInput)
    return field.field.required and not is_choice and not field.form.empty_permitted


@register.simple_tag
def copies(originals: int, copies: int) -> str:
    """Print how many of a paper: «1 original, 2 copies»; a dash for none."""
    parts = [
        ngettext("%(n)d original", "%(n)d originals", originals) % {"n": originals} if originals else "",
        ngettext("%(n)d copy", "%(n)d copies", copies) % {"n": copies} if copies else "",
    ]
    return ", ".join(filter(None, parts)) or "–"


@register.simple_tag
def icon(shape: str) -> SafeString:
    """Draw the shape that goes with a word."""
    return format_html('<svg class="s" aria-hidden="true"><use href="#{}"/></svg>', shape)
