"""What stands around every answer of tracking: read once a generation of the public pages, since none is cached."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from portal import generation, notices
from portal.addresses import load
from portal.frame import province, province_hotline

_kept: tuple[tuple[str, str], dict[str, Any]] | None = None


def around() -> dict[str, Any]:
    """Return addresses, province, hotline and notices for `frame` (four queries after a change of pages, else none)."""
    global _kept
    # Read before the rows: what is read across a change is never taken for new.
    state = (str(settings.VAR_DIR), generation.current())
    kept = _kept
    if kept is None or kept[0] != state:
        # Those that are over by now are left out of each page by its own clock.
        known = notices.read(timezone.now())
        rows = {"addresses": load(), "own": province(), "line": province_hotline(), "known": known}
        kept = _kept = (state, rows)
    return kept[1]
