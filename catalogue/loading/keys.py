"""Keys that stay with a row while its text changes: a version or a dossier points at them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

LEAST_LIKENESS = 0.6


def text_key(prefix: str, text: str, taken: Iterable[str]) -> str:
    """Return «p-1a2b3c4d» for a text, with -2, -3 … where that is taken."""
    stem = f"{prefix}-{hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:8]}"
    return _free(stem, f"{stem}-", 2, set(taken))


def counted_key(prefix: str, taken: Iterable[str]) -> str:
    """Return the first free of t1, t2 …"""
    return _free(f"{prefix}1", prefix, 2, set(taken))


def pair(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Return for each new text the index of the old one that it continues, or None.

    Equal texts first, then the most alike of what is left.
    """
    found: list[int | None] = [None] * len(new)
    free = dict.fromkeys(range(len(old)))
    for position, text in enumerate(new):
        match = next((index for index in free if old[index] == text), None)
        if match is not None:
            found[position] = match
            del free[match]
    left = [position for position, match in enumerate(found) if match is None]
    likeness = sorted(
        ((_likeness(old[index], new[position]), position, index) for position in left for index in free),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    for ratio, position, index in likeness:
        if ratio >= LEAST_LIKENESS and found[position] is None and index in free:
            found[position] = index
            del free[index]
    return found


def _likeness(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.real_quick_ratio() < LEAST_LIKENESS or matcher.quick_ratio() < LEAST_LIKENESS:
        return 0.0
    return matcher.ratio()


def _free(first: str, stem: str, number: int, taken: set[str]) -> str:
    key = first
    while key in taken:
        key, number = f"{stem}{number}", number + 1
    return key
