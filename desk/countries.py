"""The countries that issue papers: two letters of ISO 3166-1, found by code or by name."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from catalogue.text import fold

NOT_ISO = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})
"""Codes that Unicode adds to ISO's: islands without a code of their own, unions, places for tests."""
READ_IN = ("vi", "en")


@lru_cache(maxsize=8)
def names_of(language: str) -> dict[str, str]:
    """Return the name of each country by its code, in a language, in the order of the names."""
    names = Locale.parse(language, sep="-").territories
    found = {code: name for code, name in names.items() if re.fullmatch("[A-Z]{2}", code) and code not in NOT_ISO}
    return dict(sorted(found.items(), key=lambda item: fold(item[1])))


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    by_name = {fold(name): code for language in READ_IN for code, name in names_of(language).items()}
    return by_name | {fold(name).replace(" ", ""): code for name, code in list(by_name.items())}


def code_of(text: str) -> str:
    """Return the code that a code or a name means, with or without marks: «Việt Nam» is VN; empty for none."""
    code = text.strip().upper()
    if code in names_of("en"):
        return code
    return _codes_by_name().get(fold(text)) or _codes_by_name().get(fold(text).replace(" ", ""), "")
