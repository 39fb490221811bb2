"""Passwords that anybody here would guess first (NIST SP 800-63B §3.1.1.2: our own words, rows, repetitions).

No rule on kinds of characters and no change by the calendar: both make worse passwords.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.text import fold

OURS = (
    *("motcua", "hanhchinhcong", "trungtam", "phucvu", "dichvucong", "congchuc", "canbo", "vienchuc", "uyban"),
    *("nhandan", "danang", "quangnam", "vietnam", "hoso", "thutuc", "tiepnhan", "matkhau", "dangnhap"),
    *("password", "login", "admin", "administrator", "welcome"),
)
"""What such an office, and its software, is called."""
ROWS = ("0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
SHORTEST = 5
"""Characters that must remain when our own words, rows and the person's names are taken away."""


class GuessedFirst:
    """Refuse a password of which little is left without our own words, the person's names and rows of keys."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where it would be guessed first."""
        left = _letters(password)
        for word in sorted({*OURS, *_names(user)}, key=len, reverse=True):
            left = left.replace(word, "")
        for row in ROWS:
            left = _without_rows(left, row)
        left = re.sub(r"(.{1,6}?)\1{2,}", r"\1", left)
        left = re.sub(r"(19|20)\d\d", "", left)
        if len(left) < SHORTEST:
            raise ValidationError(
                _("Easy to guess: names of people and offices, rows of keys, repetitions. Take other words."),
                code="password_guessed_first",
            )

    def get_help_text(self) -> str:
        """Return what to keep away from."""
        return _("Not the names of people or offices, rows of keys or repetitions.")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _names(user: Any) -> set[str]:
    values = (getattr(user, name, "") or "" for name in ("username", "first_name", "last_name", "email"))
    words = itertools.chain.from_iterable(re.split(r"[\s@._-]+", fold(value)) for value in values)
    return {word for word in words if len(word) > 2}


def _without_rows(text: str, row: str) -> str:
    """Take away pieces of four and more characters that stand in a row of keys, or of the alphabet."""
    for length in range(len(row), 3, -1):
        for start in range(len(row) - length + 1):
            text = text.replace(row[start : start + length], "")
    return text
