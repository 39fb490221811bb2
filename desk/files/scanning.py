"""Look for viruses with ClamAV's daemon, where `CLAMAV_URL` names one."""

from __future__ import annotations

import logging
import socket
from typing import IO
from urllib.parse import urlsplit

import clamd
from django.conf import settings

logger = logging.getLogger(__name__)

PATIENCE = 20
"""Seconds for each answer of the scanner."""
PORT = 3310


class Infected(Exception):  # noqa: N818 (what was found, not a fault of ours)
    """The scanner found something; its name of it."""


class ScannerAwayError(Exception):
    """The scanner that the settings name doesn't answer, or not with a verdict."""


class Scanner(clamd.ClamdNetworkSocket):
    """A daemon by TCP, by either kind of address; the library would wait for a silent host for minutes."""

    clamd_socket: socket.socket | None = None

    def _init_socket(self) -> None:
        try:
            self.clamd_socket = socket.create_connection((self.host, self.port), timeout=self.timeout)
        except OSError as error:
            raise clamd.ConnectionError(str(error)) from error

    def _close_socket(self) -> None:
        if self.clamd_socket:
            self.clamd_socket.close()


def is_on() -> bool:
    """Return whether files are scanned here."""
    return bool(settings.CLAMAV_URL)


def scan(file: IO[bytes]) -> None:
    """Let the daemon read a file from its beginning; raise Infected, or ScannerAwayError: never pass it unread."""
    try:
        answer = _scanner(settings.CLAMAV_URL).instream(file)
    except (clamd.ClamdError, OSError) as error:
        logger.error("ClamAV gave no verdict: %s", error)
        raise ScannerAwayError from error
    verdict, found = (answer or {}).get("stream", ("", ""))
    if verdict == "FOUND":
        raise Infected(found)
    if verdict != "OK":
        logger.error("ClamAV gave no verdict: %r", verdict)
        raise ScannerAwayError


def _scanner(url: str) -> clamd.ClamdNetworkSocket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return clamd.ClamdUnixSocket(parts.path, timeout=PATIENCE)
    return Scanner(parts.hostname, parts.port or PORT, timeout=PATIENCE)
