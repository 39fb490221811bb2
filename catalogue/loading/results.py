"""What the applicant gets, with the codes that the source gives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalogue.text import nfc

_SEMICOLON = re.compile(r";\s*(?![^()]*\))")


def parse_results(text: str, codes: Sequence[str]) -> list[list[str]]:
    """Return pairs of code and name; the text is parted only where its parts fit the codes one to one.

    A single code stands on the whole; several codes that don't fit are left out.
    """
    whole = "\n".join(filter(None, (nfc(line) for line in text.split("\n"))))
    cleaned = [nfc(code) for code in codes if nfc(code)]
    if not whole:
        return []
    names = [name for name in (nfc(part) for part in _SEMICOLON.split(whole)) if name]
    if len(cleaned) > 1 and len(names) == len(cleaned):
        return [[code[:60], name] for code, name in zip(cleaned, names, strict=True)]
    return [[cleaned[0][:60] if len(cleaned) == 1 else "", whole]]
