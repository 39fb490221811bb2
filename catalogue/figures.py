"""Numbers must be the same in every language: the check that refuses a translation that changes one."""

from __future__ import annotations

import re
from collections import Counter

_DIGITS = re.compile(r"\d+")
_LAW_NUMBER = re.compile(r"\d+(?:\.\d+)?/\d{4}/[A-ZĐƯ][A-ZĐƯ0-9\-]*")


def figures(text: str) -> Counter[str]:
    """Return every run of digits as a whole number, counted: «01 bản» and «1 copy» are equal."""
    return Counter(str(int(run)) for run in _DIGITS.findall(text))


def law_numbers(text: str) -> Counter[str]:
    """Return the numbers of legal documents, which stand verbatim in every language: 104/2022/NĐ-CP."""
    return Counter(number.rstrip("-") for number in _LAW_NUMBER.findall(text))


def difference(source: str, text: str) -> str:
    """Say which figures the translation lacks or adds; empty where they are equal."""
    parts = []
    for counted in (figures, law_numbers):
        mine, theirs = counted(source), counted(text)
        lacking, added = mine - theirs, theirs - mine
        if lacking:
            parts.append(f"lacks {', '.join(sorted(lacking.elements()))}")
        if added:
            parts.append(f"adds {', '.join(sorted(added.elements()))}")
    return "; ".join(parts)


def are_equal(source: str, text: str) -> bool:
    """Tell whether both texts hold the same figures."""
    return not difference(source, text)
