"""Open and draw strangers' PDFs and images in a process of its own, with bounded memory and time."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from desk.files.kinds import JPEG, PDF, PNG, Kind
from desk.files.sandbox import FAULTS

logger = logging.getLogger(__name__)

PATIENCE = 8
"""Seconds until a process is ended that waits instead of reckoning; one that reckons ends itself sooner."""
AT_ONCE = threading.BoundedSemaphore(2)
"""Each may take its bound of memory."""
FORMATS = {PDF: "pdf", JPEG: "JPEG", PNG: "PNG"}
SANDBOX = Path(__file__).with_name("sandbox.py")


class CannotOpen(Exception):  # noqa: N818 (what happened, in the words of the caller)
    """Why a file can't be opened or drawn: broken, password, pixels, page or slow."""


def pages_of(file: IO[bytes], kind: Kind) -> int:
    """Open a whole file and return how many pages it has; raise CannotOpen."""
    return int(_run(file, kind, "open", 1, 1))


def drawn(file: IO[bytes], kind: Kind, *, page: int, width: int) -> tuple[bytes, str]:
    """Return a page (from 1) as bytes and their media type, so many pixels wide at most; raise CannotOpen."""
    return _run(file, kind, "draw", page, width), "image/png" if kind is PDF else "image/jpeg"


def _run(file: IO[bytes], kind: Kind, verb: str, page: int, width: int) -> bytes:
    """Run the sandbox. Its environment is empty: no key and no password of the site is there to be read."""
    command = [sys.executable, "-I", str(SANDBOX), verb, FORMATS[kind], str(page), str(width)]
    with AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 (No word of the command comes from outside.)
                command, input=file.read(), capture_output=True, timeout=PATIENCE, env={}, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise CannotOpen("slow") from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode not in FAULTS:
        logger.warning("A %s file ended the process that opened it (%s).", kind.label, done.returncode)
        raise CannotOpen("slow" if done.returncode == -signal.SIGXCPU else "broken")
    raise CannotOpen(FAULTS[done.returncode])
