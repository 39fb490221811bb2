"""What a reader typed, made harmless to show and to compare."""

from __future__ import annotations

import unicodedata

from catalogue.text import nfc

UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Categories of letters that nobody sees: control, direction, private use, halves of a pair, line ends."""


def clean(raw: str, limit: int) -> str:
    """Return the text in NFC with single spaces, without letters that can't be seen, at most `limit` letters."""
    seen = "".join(" " if unicodedata.category(letter) in UNSEEN else letter for letter in raw[: 4 * limit])
    return nfc(seen)[:limit].strip()
