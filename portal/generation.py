"""The generation of the public pages: every process reads it, and each change that shows moves it on."""

from __future__ import annotations

import functools
import os
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

KEY = "public-pages-generation"


def current() -> str:
    """Return the generation: a file's time in nanoseconds, or a key in Redis where there is one."""
    if settings.CACHE_URL:
        return str(cache.get_or_set(KEY, _token, timeout=None))
    path = _file(settings.VAR_DIR)
    try:
        return str(path.stat().st_mtime_ns)
    except FileNotFoundError:
        move_on()
        return str(path.stat().st_mtime_ns)


def move_on() -> None:
    """Make every stored page old, in all processes at once."""
    if settings.CACHE_URL:
        cache.set(KEY, _token(), timeout=None)
        return
    path = _file(settings.VAR_DIR)
    path.touch()
    # A file system's own clock ticks in milliseconds: two changes in one tick would look like one.
    now = time.time_ns()
    os.utime(path, ns=(now, now))


def _token() -> str:
    return uuid.uuid4().hex


@functools.cache
def _file(var_dir: Path) -> Path:
    return var_dir / "generation"
