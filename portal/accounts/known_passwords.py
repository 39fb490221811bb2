"""Passwords of 15 and more characters that became known in breaches: Django's own list has next to none so long.

`data/known_passwords.bin` holds the first five bytes of the SHA-256 of each, in small letters, sorted. Where it comes
from and how it is made anew: `docs/data.md`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FILE = Path(__file__).resolve().parent / "data" / "known_passwords.bin"
LENGTH = 5
"""Bytes kept of a digest: a new password is taken for a known one by chance once in three million."""
SHORTEST = 15


class KnownFromBreaches:
    """Refuse a password that stands in the list, whatever its capitals."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where it is known."""
        if is_known(password):
            raise ValidationError(
                _("This password became known when other sites were broken into. Take other words."),
                code="password_known",
            )

    def get_help_text(self) -> str:
        """Return what to keep away from."""
        return _("Not a password that became known elsewhere.")


def is_known(password: str) -> bool:
    """Return whether a password stands in the list (about twenty steps in memory)."""
    digests, wanted = _digests(), digest(password)
    low, high = 0, len(digests) // LENGTH
    while low < high:
        middle = (low + high) // 2
        here = digests[middle * LENGTH : (middle + 1) * LENGTH]
        if here == wanted:
            return True
        low, high = (middle + 1, high) if here < wanted else (low, middle)
    return False


def digest(password: str) -> bytes:
    """Return what the list keeps of a password."""
    return hashlib.sha256(password.strip().lower().encode()).digest()[:LENGTH]


@cache
def _digests() -> bytes:
    return FILE.read_bytes()
