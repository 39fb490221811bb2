"""Addresses of the desk: the lines of its own table, which its doors read."""

from __future__ import annotations

from desk.public import SCREENS, Screen
from portal.access.rules import Rule, Who


def line(name: str, screen: Screen) -> Rule:
    """Return what a screen's row of `desk/permissions.py` says of its address."""
    who = Who.OFFICERS if screen.roles else Who.LOGGED_IN
    return Rule(f"desk:{name}", who, screen.scope.value, tuple(sorted(screen.roles)))


RULES = tuple(line(name, screen) for name, screen in SCREENS.items())
