"""Do what is due by the clock."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, connection

from portal.alone import alone
from portal.api import building
from search import asking, life

logger = logging.getLogger(__name__)


def count_queries() -> str:
    """Take in what people asked."""
    tally = asking.ingest()
    refused = f", {tally.refused} refused" if tally.refused else ""
    return f"{tally.lines} taken in{refused}, {tally.counted} counted anew, {tally.forgotten} forgotten"


def repair_search() -> str:
    """Bring the indexes up to date with the rows."""
    done = life.repair()
    return "; ".join(f"{name}: {put} put in, {removed} taken out" for name, (put, removed) in done.items())


def build_downloads() -> str:
    """Build the files of the open data that are old."""
    return f"{len(building.build_if_old())} files built"


PARTS: dict[str, Callable[[], str]] = {
    "queries": count_queries,
    "search": repair_search,
    "downloads": build_downloads,
}
"""Each does what is due, nothing where nothing is, and returns what it did."""


class Command(BaseCommand):
    """Run each part once, or again and again; only one process at a time on a machine."""

    help = "Do what is due by the clock: count what people asked, mend the search index, build the downloads."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how often, and for how long."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="keep running, with a pause of so many seconds"
        )
        parser.add_argument("--parent", type=int, metavar="PID", help="end when this process, which started it, ends")

    def check(self, *args: Any, **options: Any) -> None:
        """Look at the database too: what it lacks is said at each start."""
        super().check(*args, **{"databases": ["default"], **options})

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; a part that fails is logged and doesn't stop the others."""
        every, self.parent = options["every"], options["parent"]
        if every is not None and every < 1:
            raise CommandError("--every needs at least one second.")
        lock = Path(settings.VAR_DIR) / "tick.lock"
        if every:
            self.keep_on(every, lock)
            return
        with alone(lock) as is_alone:
            if is_alone:
                self.tick()
            else:
                self.stdout.write("Another tick runs already.")

    def keep_on(self, every: int, lock: Path) -> None:
        """Tick until a signal comes or the parent is gone; while another process ticks, wait for its end."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            while self.is_wanted:
                with alone(lock) as is_alone:
                    while is_alone and self.is_wanted:
                        self.tick()
                        self.wait(every)
                self.wait(1)
        except KeyboardInterrupt:
            return

    @property
    def is_wanted(self) -> bool:
        """Return whether the process that started it still runs (always where none was named)."""
        return self.parent is None or os.getppid() == self.parent

    def wait(self, seconds: int) -> None:
        """Wait, not longer than it is wanted."""
        until = time.monotonic() + seconds
        while self.is_wanted and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 1))

    def tick(self) -> None:
        """Run each part and print a line of it."""
        for name, run in PARTS.items():
            renew_connections()
            try:
                told = run()
            except Exception:
                logger.exception("The part «%s» of the tick failed.", name)
                told = "failed"
            self.stdout.write(f"{name}: {told}")
            self.stdout.flush()
        renew_connections()


def renew_connections() -> None:
    """Let go of connections that broke or grew old; never of one in the middle of somebody's transaction."""
    if not connection.in_atomic_block:
        close_old_connections()
