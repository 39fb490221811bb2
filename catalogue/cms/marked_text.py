"""Two texts side by side with the words that differ marked, and long stretches that are the same left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_CONTEXT = 12
"""Words of an unchanged stretch that stay on each side of a change."""
_LONGEST = 12_000
"""Characters: longer texts are compared by lines alone, as comparing words takes the square of their number."""


def marked_pair(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Return both texts as HTML, escaped, with <del> and <ins> around what differs."""
    is_short = len(before) + len(after) < _LONGEST
    old, new = (_WORDS.findall(text) if is_short else text.splitlines(keepends=True) for text in (before, after))
    left: list[SafeString] = []
    right: list[SafeString] = []
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            kept = _context(old[i1:i2], is_first=number == 0, is_last=number == len(opcodes) - 1)
            left.append(kept)
            right.append(kept)
            continue
        if i2 > i1:
            left.append(format_html("<del>{}</del>", "".join(old[i1:i2])))
        if j2 > j1:
            right.append(format_html("<ins>{}</ins>", "".join(new[j1:j2])))
    return _joined(left), _joined(right)


def _context(words: Sequence[str], *, is_first: bool, is_last: bool) -> SafeString:
    if len(words) <= 2 * _CONTEXT + 5:
        return format_html("{}", "".join(words))
    head = "" if is_first else "".join(words[:_CONTEXT])
    tail = "" if is_last else "".join(words[-_CONTEXT:])
    return format_html("{} […] {}", head, tail)


def _joined(pieces: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))
