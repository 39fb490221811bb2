"""Figures on the board: before and after, in the editor's way of writing numbers."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.formats import number_format
from django.utils.html import format_html

register = template.Library()


@register.filter
def language_name(code: str) -> str:
    """Return the language's own name."""
    return dict(settings.LANGUAGES).get(code, code)


@register.filter
def change(pair: tuple[float, float], places: int) -> str:
    """Return «before → after», marked as better, worse or the same at so many decimal places."""
    before, after = (str(number_format(round(value, places), places)) for value in pair)
    return _told(before, after, pair, 10**places)


@register.filter
def change_percent(pair: tuple[float, float]) -> str:
    """Return «before → after» in percent with one decimal place."""
    before, after = (f"{number_format(round(value * 100, 1), 1)} %" for value in pair)
    return _told(before, after, pair, 1000)


@register.filter
def places(pair: tuple[int | None, int | None]) -> str:
    """Return «before → after»; what isn't among the first ten has no place."""
    return " → ".join("–" if place is None else str(place) for place in pair)


def _told(before: str, after: str, pair: tuple[float, float], scale: int) -> str:
    difference = round(pair[1] * scale) - round(pair[0] * scale)
    name = "better" if difference > 0 else "worse" if difference < 0 else "same"
    return format_html('<span class="sb-{}">{} → {}</span>', name, before, after)
