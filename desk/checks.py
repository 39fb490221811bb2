"""What the desk needs of its database, said at the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import connections

from desk import triggers

HINT = (
    "Run `manage.py migrate`, which makes them anew, then `manage.py verify_desk`: meanwhile events could be changed."
)


@register(Tags.database)
def events_are_protected(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where the event log can be changed. No error: `migrate` checks first, and is what mends it."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        names = ", ".join(triggers.missing(connections[alias]))
        if names:
            said = f"The event log of the desk isn't protected: triggers of {alias!r} are missing or altered ({names})."
            found.append(checks.Warning(said, hint=HINT, id="desk.W001"))
    return found
