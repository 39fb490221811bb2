"""Tasks of the tests, which a real worker reads: they leave lines in a file."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from celery import shared_task


def write(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@shared_task
def note(path: str, line: str) -> None:
    write(path, line)


@shared_task
def linger(path: str, seconds: float) -> None:
    """Begin, and end later."""
    write(path, "began")
    time.sleep(seconds)
    write(path, "ended")


@shared_task
def fall(path: str, times: int) -> None:
    """Take the process along, so many times."""
    write(path, "began")
    if Path(path).read_text().count("began") <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    write(path, "ended")


@shared_task
def stumble(path: str, times: int) -> None:
    """Meet a connection that doesn't answer, so many times."""
    write(path, "began")
    if Path(path).read_text().count("began") <= times:
        raise ConnectionError("nobody answers")
    write(path, "ended")


@shared_task
def err(path: str) -> None:
    """Have a mistake in it, which no second try mends."""
    write(path, "began")
    raise ValueError("a mistake")
