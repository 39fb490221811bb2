"""Look for viruses with ClamAV's daemon, where `CLAMAV_URL` names one."""

from __future__ import annotations

import logging
import socket
import struct
from typing import IO
from urllib.parse import urlsplit

import clamd
from django.conf import settings

logger = logging.getLogger(__name__)

PATIENCE = 20
"""Seconds for each step of the scanner: to answer the call, to take a piece, to give the verdict."""
PORT = 3310
_PIECE = 1 << 16


class Infected(Exception):  # noqa: N818 (what was found, not a fault of ours)
    """The scanner found something; its name of it."""


class ScannerAwayError(Exception):
    """The scanner that the settings name doesn't answer, or not with a verdict."""


class Scanner(clamd.ClamdNetworkSocket):
    """A daemon, by TCP of either kind or by a socket file.

    The library's own way knows no IPv6, waits for a silent host for minutes, and sends a kilobyte at a time without
    looking whether all of it went.
    """

    clamd_socket: socket.socket | None = None

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)

    def _init_socket(self) -> None:
        if self.parts.scheme == "unix":
            self.clamd_socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.clamd_socket.settimeout(PATIENCE)
            self.clamd_socket.connect(self.parts.path)
        else:
            address = (self.parts.hostname or "", self.parts.port or PORT)
            self.clamd_socket = socket.create_connection(address, timeout=PATIENCE)

    def _close_socket(self) -> None:
        if self.clamd_socket:
            self.clamd_socket.close()

    def verdict(self, file: IO[bytes]) -> tuple[str, str]:
        """Send a file to its end and return the status with the name of what was found."""
        try:
            self._init_socket()
            assert self.clamd_socket is not None
            self._send_command("INSTREAM")
            while piece := file.read(_PIECE):
                self.clamd_socket.sendall(struct.pack("!L", len(piece)) + piece)
            self.clamd_socket.sendall(struct.pack("!L", 0))
            _stream, virus, status = self._parse_response(self._recv_response())
        finally:
            self._close_socket()
        return status, virus or ""


def is_on() -> bool:
    """Return whether files are scanned here."""
    return bool(settings.CLAMAV_URL)


def scan(file: IO[bytes]) -> None:
    """Let the daemon read a file from where it stands; raise Infected, or ScannerAwayError: never pass it unread."""
    try:
        status, virus = Scanner(settings.CLAMAV_URL).verdict(file)
    except (clamd.ClamdError, OSError) as error:
        logger.error("ClamAV gave no verdict: %s", error)
        raise ScannerAwayError from error
    if status == "FOUND":
        raise Infected(virus)
    if status != "OK":
        logger.error("ClamAV gave no verdict: %s", status)
        raise ScannerAwayError
