"""The clock's work of all rooms, run by `manage.py tick` and by Celery's beat alike."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import AbstractContextManager
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connection

from catalogue import clock
from portal.accounts import sessions
from portal.alone import alone, alone_at_database
from portal.api import building

logger = logging.getLogger(__name__)
BUSY = "another process is at it"


def register() -> None:
    """Have the portal's own parts done by the clock: the files of the open data are the machine's."""
    clock.register("downloads", build_downloads, is_local=True)
    clock.register("sessions", sessions.clear_if_due)


def build_downloads(at: dt.datetime) -> str:
    """Build the files of the open data that are old."""
    return f"{len(building.build_if_old())} files built"


def run(part: clock.Part, *, at: dt.datetime) -> str:
    """Do what is due of a part, unless another process is at it; return what was done. A failure is logged."""
    renew_connections()
    try:
        with lock(part) as is_alone:
            return part.run(at) if is_alone else BUSY
    except Exception:
        logger.exception("The part «%s» of the clock's work failed.", part.name)
        return "failed"
    finally:
        renew_connections()


def lock(part: clock.Part) -> AbstractContextManager[bool]:
    """Return the lock of a part: of the machine for its own files, else of all machines at the database.

    An SQLite database lies on one machine.
    """
    if part.is_local or connection.vendor != "postgresql":
        return alone(Path(settings.VAR_DIR) / f"clock-{part.name}.lock")
    return alone_at_database(f"clock {part.name}")


def renew_connections() -> None:
    """Let go of connections that broke or grew old; never of one in the middle of somebody's transaction."""
    if not connection.in_atomic_block:
        close_old_connections()
