"""The audit as all rooms write it: JSON lines of who did what and when. Ids, never names, numbers or typed text.

Each room has a logger (`desk.audit`, `portal.audit`, …); the settings send them all to stdout through `AuditLine`,
which adds the number of the request and the reader's address wherever a request is being answered.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

ROOMS = ("catalogue", "desk", "portal", "search")
"""Each has the logger `<room>.audit`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that is being answered: its number, and how the reader's address is found out."""

    number: str
    address: Callable[[], str]


ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)
"""Set by the portal at the first door of a request; None in commands and background work."""


def number() -> str:
    """Return the number of the request that is being answered, empty where none is."""
    asked = ASKED.get()
    return asked.number if asked else ""


def note(room: str, event: str, *, user: int | None = None, at: str = "", **ids: object) -> None:
    """Write a line: what was done, the id of the account (None: nobody's), the moment, and ids of what it concerns."""
    line = {"event": event, "user": user, "at": at or timezone.now().isoformat(), **ids}
    logging.getLogger(f"{room}.audit").info(json.dumps(line, ensure_ascii=False))


@contextmanager
def silent() -> Iterator[None]:
    """Write no line meanwhile: what a simulation makes up was done by nobody."""
    loggers = [logging.getLogger(f"{room}.audit") for room in ROOMS]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.disabled = was


class AuditLine(logging.Formatter):
    """One JSON object a line, in ASCII, so that nothing in it can begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it was written, with the request it belongs to."""
        line = _read(record.getMessage())
        asked = ASKED.get()
        if asked is not None:
            line = {**line, "request": asked.number, "address": line.get("address") or asked.address()}
        return json.dumps(line)


class RequestNumber(logging.Filter):
    """Give each record of the plain log the number of its request, as the error page shows it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with `request_number`."""
        record.request_number = number() or "-"
        return True


def _read(message: str) -> dict[str, Any]:
    try:
        line = json.loads(message)
    except ValueError:
        line = None
    # What isn't an object was no line of an audit: it is kept all the same, as what it is.
    return line if isinstance(line, dict) else {"event": "not_json", "text": message}
