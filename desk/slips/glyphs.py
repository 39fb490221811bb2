"""Which characters the committed fonts can set: what none holds is printed as its code point, never as a box."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FAMILIES = ("Liberation Serif", "Noto Serif CJK SC")
JAPANESE_FAMILIES = ("Liberation Serif", "Noto Serif CJK JP", "Noto Serif CJK SC")
"""The Japanese subset holds only the shapes that differ from the Chinese ones."""
FACES = {
    "Liberation Serif": ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf"),
    "Noto Serif CJK SC": ("NotoSerifCJKsc-Slips.otf",),
    "Noto Serif CJK JP": ("NotoSerifCJKjp-Slips.otf",),
}
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, marks that turn the direction of writing, and what isn't a character: left out of a paper."""


def printable(text: str) -> str:
    """Return a text as it can be printed: NFC, no unseen characters, «‹U+1F600›» for what has no glyph."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    return "".join(map(_printed, composed))


@cache
def covered() -> frozenset[int]:
    """Return the code points that every face of Liberation Serif, or the Chinese font, has a glyph for."""
    latin = frozenset.intersection(*(code_points(FONTS / name) for name in FACES["Liberation Serif"]))
    return latin | code_points(FONTS / FACES["Noto Serif CJK SC"][0])


def _printed(character: str) -> str:
    if character == "\n":
        return character
    if unicodedata.category(character) in UNSEEN:
        return ""
    return character if ord(character) in covered() else f"‹U+{ord(character):04X}›"


def code_points(font: Path) -> frozenset[int]:
    """Return what a font file's character map holds (formats 4 and 12, as OpenType defines them)."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    places = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)}
    start = places[b"cmap"]
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for index in range(count):
        platform, _encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * index)
        (kind,) = struct.unpack_from(">H", data, start + offset)
        if platform in (0, 3) and kind in (4, 12):
            found |= _segments(data, start + offset) if kind == 4 else _groups(data, start + offset)
    return frozenset(found)


def _groups(data: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    groups = (struct.unpack_from(">III", data, at + 16 + 12 * index) for index in range(count))
    return {code for first, last, glyph in groups for code in range(first, last + 1) if glyph + code - first}


def _segments(data: bytes, at: int) -> set[int]:
    (twice,) = struct.unpack_from(">H", data, at + 6)
    count = twice // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", data, at + where) for where in (14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice)
    )
    found = set()
    for index in range(count):
        for code in range(starts[index], min(ends[index], 0xFFFE) + 1):
            glyph = code
            if offsets[index]:
                place = at + 16 + 3 * twice + 2 * index + offsets[index] + 2 * (code - starts[index])
                (glyph,) = struct.unpack_from(">H", data, place)
                if not glyph:
                    continue
            if (glyph + deltas[index]) % 0x10000:
                found.add(code)
    return found
