"""Make the Chinese, Japanese and Korean fonts of the slips from Noto Serif CJK; desk/slips/fonts/README.md says how."""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FONTS = Path(__file__).resolve().parent.parent / "desk" / "slips" / "fonts"
JAPANESE, SIMPLIFIED_CHINESE = 0, 2  # Places in the collection.
BLOCKS = (
    (0x3000, 0x303F),  # Punctuation
    (0x3040, 0x30FF),  # Kana
    (0x3100, 0x312F),  # Bopomofo
    (0x3130, 0x318F),  # Letters of Hangul
    (0x31F0, 0x31FF),
    (0x3200, 0x32FF),  # Enclosed: ㈜, ①
    (0xFF00, 0xFFEF),  # Full and half width
)


def main() -> None:
    """Write the two subsets beside their licence."""
    collection = TTCollection(sys.argv[1], lazy=True)
    chinese, japanese = collection.fonts[SIMPLIFIED_CHINESE], collection.fonts[JAPANESE]
    shapes, own_shapes = chinese.getBestCmap(), japanese.getBestCmap()
    level_1 = han(two_bytes("euc_jp", range(0xA1, 0xD0)))
    differing = {character for character in level_1 if own_shapes.get(ord(character)) != shapes.get(ord(character))}
    write(chinese, wanted(), FONTS / "NotoSerifCJKsc-Slips.otf")
    write(japanese, differing, FONTS / "NotoSerifCJKjp-Slips.otf")


def wanted() -> set[str]:
    """Return the characters that names of people, companies and procedures are written with.

    Chinese characters of GB 2312 whole, Big5 level 1, JIS X 0208 whole with the vendors' (髙, 﨑) and KS X 1001; the
    2,350 syllables of KS X 1001.
    """
    korean = two_bytes("euc_kr", range(0xA1, 0xFE))
    names = two_bytes("gb2312", range(0xA1, 0xF8)) | two_bytes("big5", range(0xA4, 0xC7))
    names |= two_bytes("cp932", range(0x81, 0xFD)) | korean
    syllables = {character for character in korean if 0xAC00 <= ord(character) <= 0xD7A3}
    return han(names) | syllables | {chr(code) for first, last in BLOCKS for code in range(first, last + 1)}


def two_bytes(codec: str, leads: range) -> set[str]:
    """Return every character of a national set that two bytes stand for."""
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    return {character for pair in pairs for character in pair.decode(codec, "ignore") if len(character.encode()) > 2}


def han(characters: set[str]) -> set[str]:
    """Return the Chinese characters among others."""
    return {
        character
        for character in characters
        if 0x4E00 <= ord(character) <= 0x9FFF or 0xF900 <= ord(character) <= 0xFAFF
    }


def write(font: TTFont, characters: set[str], path: Path) -> None:
    """Write a font that holds these characters alone: no hints, no vertical setting, no other shapes."""
    options = subset.Options()
    options.layout_features, options.hinting, options.notdef_outline = [], False, True
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    subsetter.subset(font)
    font.save(path)
    print(f"{path.name}: {len(font.getBestCmap())} characters, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
