"""Two texts side by side with the words that differ marked, and long stretches that are the same left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_WORDS_KEPT, _LINES_KEPT = 12, 1
"""Of an unchanged stretch, on each side of a change."""
_LONGEST = 6_000
"""Characters: a longer stretch is marked whole, as comparing words takes the square of their number."""

Pair = tuple[SafeString, SafeString]


def marked_pair(before: str, after: str, *, whole: bool = False) -> Pair:
    """Return both texts as HTML, escaped, with <del> and <ins> around what differs: lines first, then words in them.

    `whole` leaves nothing out.
    """
    lines_kept, words_kept = (len(before) + len(after),) * 2 if whole else (_LINES_KEPT, _WORDS_KEPT)
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Pair] = []
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            ends = number == 0, number == len(opcodes) - 1
            pieces.append(_same(old[i1:i2], lines_kept, ends, "[…]\n"))
        else:
            pieces.append(_words("".join(old[i1:i2]), "".join(new[j1:j2]), words_kept))
    return _joined(pieces)


def _words(before: str, after: str, kept: int) -> Pair:
    if not before or not after or len(before) + len(after) > _LONGEST:
        return _deleted(before), _inserted(after)
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Pair] = []
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            ends = number == 0, number == len(opcodes) - 1
            pieces.append(_same(old[i1:i2], kept, ends, " […] "))
        else:
            pieces.append((_deleted("".join(old[i1:i2])), _inserted("".join(new[j1:j2]))))
    return _joined(pieces)


def _same(tokens: Sequence[str], kept: int, ends: tuple[bool, bool], gap: str) -> Pair:
    """Return an unchanged stretch, its middle left out where it is long; at an end of the text only the inner side."""
    is_first, is_last = ends
    head, tail = (0 if is_first else kept), (0 if is_last else kept)
    if len(tokens) > head + tail + kept + 2 and not (is_first and is_last):
        text = "".join(tokens[:head]) + gap + "".join(tokens[len(tokens) - tail :])
    else:
        text = "".join(tokens)
    shown = format_html("{}", text)
    return shown, shown


def _deleted(text: str) -> SafeString:
    return format_html("<del>{}</del>", text) if text else SafeString("")


def _inserted(text: str) -> SafeString:
    return format_html("<ins>{}</ins>", text) if text else SafeString("")


def _joined(pieces: Sequence[Pair]) -> Pair:
    left, right = (format_html_join("", "{}", ((pair[side],) for pair in pieces)) for side in (0, 1))
    return left, right
