"""Keys of rows that come in an address or a form: what is no key names nothing, and breaks nothing."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 18
"""Digits. A number of so many fits the integers of both databases; Python alone would take thousands of them."""


def is_key(text: str) -> bool:
    """Return whether a text can be a row's key; «²» and «٣» are digits too, but no numbers that `int` reads alike."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST


def keys_in(texts: Iterable[str]) -> list[int]:
    """Return those of some texts that can be keys."""
    return [int(text) for text in texts if is_key(text)]
