"""Generations: a mark that every process reads, and that each change moves on, so that all see it at once."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.core.cache import cache


class Generation:
    """A generation of something that processes keep in memory: a file's time, or a key in Redis where there is one."""

    def __init__(self, name: str) -> None:
        self.name = name

    def current(self) -> str:
        """Return the generation."""
        if settings.CACHE_URL:
            return str(cache.get_or_set(self._key, _token, timeout=None))
        try:
            return str(self._file.stat().st_mtime_ns)
        except FileNotFoundError:
            self.move_on()
            return str(self._file.stat().st_mtime_ns)

    def move_on(self) -> None:
        """Make all that was kept old, in all processes at once."""
        if settings.CACHE_URL:
            cache.set(self._key, _token(), timeout=None)
            return
        path = self._file
        path.touch()
        # A file system's own clock ticks in milliseconds: two changes in one tick would look like one.
        now = time.time_ns()
        os.utime(path, ns=(now, now))

    @property
    def _key(self) -> str:
        return f"generation:{self.name}"

    @property
    def _file(self) -> Path:
        return Path(settings.VAR_DIR) / f"generation-{self.name}"


def _token() -> str:
    return uuid.uuid4().hex
