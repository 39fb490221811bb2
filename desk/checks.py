"""Settings of the desk that can't work, said at the start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def file_limits_are_possible(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse limits under which no dossier could hold a file."""
    hint = "Write a whole number from 1, or leave it out."
    return [
        Error(f"{name}={getattr(settings, name)} lets no file in.", hint=hint, id="desk.E001")
        for name in ("DESK_FILE_MAX_MB", "DESK_FILES_MAX")
        if getattr(settings, name) < 1
    ]
