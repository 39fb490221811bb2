"""Numbers must be the same in every language: the check that refuses a translation that changes one."""

from __future__ import annotations

import re
from collections import Counter

_DIGITS = re.compile(r"\d+")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_ENGLISH_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b")
_LAW_NUMBER = re.compile(r"\d+(?:\.\d+)?/\d{4}/[A-ZĐƯ][A-ZĐƯ0-9\-]*")


def figures(text: str) -> Counter[str]:
    """Return every run of digits as a whole number, counted: «01 bản» and «1 copy» are equal.

    A month that English writes as a word counts as its number: «30 November 2026» is «30/11/2026».
    """
    text = _ENGLISH_DATE.sub(lambda found: f"{found[1]}/{_MONTHS.index(found[2]) + 1}/{found[3]}", text)
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
