"""What the tables of translations print."""

from __future__ import annotations

from typing import Any

from django import template

from catalogue.translating.coverage import Share
from catalogue.translating.texts import State

register = template.Library()


@register.filter
def verbose_name(model: Any) -> str:
    """Return what a kind of row is called."""
    return str(model._meta.verbose_name)


@register.filter
def in_state(share: Share, state: str) -> int:
    """Return how many texts of a share are in a state."""
    return share.of(State(state))
