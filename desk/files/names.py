"""The names of files: as their owners wrote them, without what could harm a reader, a screen or a disk."""

from __future__ import annotations

import re
import unicodedata

from catalogue.text import nfc

MAX_LENGTH = 255
"""Characters in the database, and bytes: what file systems hold, so that whoever downloads it can save it."""
_SEPARATORS = re.compile(r"[/\\]")


def cleaned(name: str) -> str:
    """Return a name in NFC without folders and unseen letters, empty if nothing is left.

    Unseen are control and format characters: among them those that turn the reading direction round and make
    «giay‮fdp.exe» end in «exe.pdf».
    """
    base = _SEPARATORS.split(name)[-1]
    spaced = "".join(" " if char.isspace() else char for char in base)
    seen = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    return nfc(" ".join(seen.split())).strip(". ")


def shortened(stem: str, ending: str) -> str:
    """Return stem and ending together, the stem cut at a whole letter where they would be longer than `MAX_LENGTH`."""
    room = MAX_LENGTH - len(ending.encode())
    cut = stem.encode()[:room].decode(errors="ignore")
    if cut != stem:
        # A combining mark that NFC couldn't join belongs to the letter before it.
        while cut and unicodedata.combining(stem[len(cut)]):
            cut = cut[:-1]
    return cut.rstrip(". ") + ending
