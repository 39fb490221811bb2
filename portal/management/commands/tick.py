"""Do what is due by the clock."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalogue import clock
from portal.alone import alone
from portal.clock import run


class Command(BaseCommand):
    """Run each part once, or again and again; only one process at a time on a machine.

    Where Celery's beat and workers run, they do the same; both together do nothing twice.
    """

    help = "Do what is due by the clock, in all rooms."

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
        for part in clock.parts():
            self.stdout.write(f"{part.name}: {run(part, at=timezone.now())}")
            self.stdout.flush()
