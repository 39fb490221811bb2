"""Settings of the desk that can't work, and what its database lacks, said at the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from desk import triggers


@register()
def file_limits_are_possible(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse limits under which no dossier could hold a file."""
    hint = "Write a whole number from 1, or leave it out."
    return [
        Error(f"{name}={getattr(settings, name)} lets no file in.", hint=hint, id="desk.E001")
        for name in ("DESK_FILE_MAX_MB", "DESK_FILES_MAX")
        if getattr(settings, name) < 1
    ]


@register(Tags.database)
def events_are_protected(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where the event log can be changed. No error: `migrate` checks first, and is what mends it."""
    hint = "Run `manage.py migrate`, which makes them anew, then `verify_desk`: meanwhile events could be changed."
    found: list[CheckMessage] = []
    for alias in databases or ():
        names = ", ".join(triggers.missing(connections[alias]))
        if names:
            said = f"The event log of the desk isn't protected: triggers of {alias!r} are missing or altered ({names})."
            found.append(checks.Warning(said, hint=hint, id="desk.W001"))
    return found
