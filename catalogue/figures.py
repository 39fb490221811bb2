"""Numbers must be the same in every language: the check that refuses a translation that changes one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

# An English month counts only with its capital, beside a day or a year: «may» and «march» are words, too.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?"

_DIGITS = re.compile(r"\d+")
_NARROW_GAP = re.compile(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))")
_LAW_NUMBER = re.compile(
    # 104/2022/NĐ-CP, 60/2014/QH13, also where the source has a blank in it: 66/2023/TT- BCA
    r"\d+(?:\.\d+)?/\d{4}/[A-ZĐƯ][A-ZĐƯ0-9]*(?: ?- ?[A-ZĐƯ][A-ZĐƯ0-9]+(?![a-zà-ỹ]))*"
    r"|(?<![\d/])\d+/[A-ZĐƯ][A-Za-zĐđƯư]*-[A-ZĐƯ][A-ZĐƯ0-9]*"  # 1475/QĐ-BTP, 39/TTg-KSTT
)
_PROCEDURE_CODE = re.compile(r"(?<![\d.,])\d\.\d{6}(?!\d)")
_TELEPHONE = re.compile(
    r"(?<![\d/.,+])\(?(?:\+84[ .\-]?|0)\(?\d{1,3}\)?(?:[ .\-]{0,2}\d{2,4}){2,3}(?![\d/])"
    r"|(?<![\d.,])1[89]00(?:[ .\-]?\d{2,6}){1,2}(?!\d)"
)
_GROUPED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*(?!\d|[.,]\d)")
_DECIMAL = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)+(?!\d)")
_TAKEN_APART = ("date", "telephone", "decimal")


@dataclass(frozen=True)
class Difference:
    """The figures that a translation lacks, and those it adds; false where there are none."""

    lacking: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lacking or self.added)

    def __str__(self) -> str:
        parts = (("lacks", self.lacking), ("adds", self.added))
        return "; ".join(f"{verb} {', '.join(shown)}" for verb, shown in parts if shown)


@dataclass(frozen=True)
class _Figure:
    """A figure in the one way in which it is compared."""

    kind: str
    shown: str


@dataclass
class _Reading:
    """The figures of a text, and the runs of digits that each was put together from."""

    figures: Counter[_Figure] = field(default_factory=Counter)
    runs: dict[_Figure, list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, kind: str, shown: str, written: str) -> str:
        """Count a figure, and return what stands in its place while the rest is read."""
        figure = _Figure(kind, shown)
        self.figures[figure] += 1
        self.runs[figure] = [str(int(run)) for run in _DIGITS.findall(written)]
        return " ; "


def compare(source: str, text: str) -> Difference:
    """Return which figures differ, whatever each language's way of writing them.

    Equal: 15/11/2015 (day, month, year in every language), «15 tháng 11 năm 2015», 2015年11月15日, 15 November 2015;
    1.000.000 and 1,000,000; 1,5 and 1.5; 0236 3674 174 and +84 236 3674174; «01 bản» and «1 copy». Numbers of legal
    documents and codes of procedures stand verbatim.
    """
    mine, theirs = _read(source), _read(text)
    lacking, added = mine.figures - theirs.figures, theirs.figures - mine.figures
    for kind in _TAKEN_APART:
        # «Khoản 1,2» may become «clauses 1 and 2», but 1,5 never 5.1: only what one side alone has is taken apart.
        if not (_has(lacking, kind) and _has(added, kind)):
            lacking, added = _apart(lacking, kind, mine), _apart(added, kind, theirs)
    return Difference(_shown(lacking - added), _shown(added - lacking))


def difference(source: str, text: str) -> str:
    """Say in English which figures the translation lacks or adds; empty where they are equal."""
    return str(compare(source, text))


def in_words(difference: Difference) -> str:
    """Return a difference of figures in the reader's language."""
    parts = []
    if difference.lacking:
        parts.append(_("lacking: %(figures)s") % {"figures": ", ".join(difference.lacking)})
    if difference.added:
        parts.append(_("too many: %(figures)s") % {"figures": ", ".join(difference.added)})
    return "; ".join(parts)


def are_equal(source: str, text: str) -> bool:
    """Tell whether both texts hold the same figures."""
    return not compare(source, text)


def _read(text: str) -> _Reading:
    found = _Reading()
    left = unicodedata.normalize("NFKC", _NARROW_GAP.sub(".", unicodedata.normalize("NFC", text)))
    for pattern, take in _READERS:
        left = pattern.sub(lambda match, take=take: take(found, match), left)  # type: ignore[misc]
    for run in _DIGITS.findall(left):
        found.take("number", str(int(run)), run)
    return found


def _law(found: _Reading, match: re.Match[str]) -> str:
    return found.take("law", match[0].replace(" ", ""), match[0])


def _date(day: int, month: int, year: int) -> Callable[[_Reading, re.Match[str]], str]:
    """Read a date whose parts stand in these groups."""

    def take(found: _Reading, match: re.Match[str]) -> str:
        numbers = int(match[day]), _month(match[month]), int(match[year])
        if not (1 <= numbers[0] <= 31 and 1 <= numbers[1] <= 12):
            return match[0]
        return found.take("date", "/".join(map(str, numbers)), " ".join(map(str, numbers)))

    return take


def _month(written: str) -> int:
    return int(written) if written.isdecimal() else _MONTHS.index(written[:3]) + 1


def _month_alone(found: _Reading, match: re.Match[str]) -> str:
    return re.sub(_MONTH, lambda name: str(_month(name[1])), match[0])


def _telephone(found: _Reading, match: re.Match[str]) -> str:
    digits = "".join(_DIGITS.findall(match[0]))
    digits = f"0{digits[2:]}" if "+84" in match[0] else digits
    is_whole = 8 <= len(digits) <= 10 if digits.startswith("1") else 9 <= len(digits) <= 11
    return found.take("telephone", digits, match[0]) if is_whole else match[0]


def _grouped(found: _Reading, match: re.Match[str]) -> str:
    return found.take("number", "".join(_DIGITS.findall(match[0])), match[0])


def _decimal(found: _Reading, match: re.Match[str]) -> str:
    return found.take("decimal", match[0].replace(",", "."), match[0])


def _code(found: _Reading, match: re.Match[str]) -> str:
    return found.take("code", match[0], match[0])


_READERS: tuple[tuple[re.Pattern[str], Callable[[_Reading, re.Match[str]], str]], ...] = (
    (_LAW_NUMBER, _law),
    (re.compile(r"(?<![\d/.\-])(\d{1,2})([/.\-]) ?(\d{1,2})\2 ?(\d{4})(?!\d)"), _date(1, 3, 4)),
    (re.compile(r"(?<![\d/.\-])(\d{4})([/.\-]) ?(\d{1,2})\2 ?(\d{1,2})(?!\d)"), _date(4, 3, 1)),
    (re.compile(r"(?<!\d)(\d{1,2}) tháng (\d{1,2}) năm (\d{4})(?!\d)"), _date(1, 2, 3)),
    (re.compile(r"(?<!\d)(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2})(?!\d)"), _date(3, 2, 1)),
    (re.compile(rf"{_DAY} (?:of )?{_MONTH},? (\d{{4}})(?!\d)"), _date(1, 2, 3)),
    (re.compile(rf"\b{_MONTH} {_DAY},? (\d{{4}})(?!\d)"), _date(2, 1, 3)),
    (re.compile(rf"{_DAY} (?:of )?{_MONTH}|\b{_MONTH} (?=\d)"), _month_alone),
    (_PROCEDURE_CODE, _code),
    (_TELEPHONE, _telephone),
    (_GROUPED, _grouped),
    (_DECIMAL, _decimal),
)
"""In this order: what an earlier one takes, the later ones don't see."""


def _has(figures: Iterable[_Figure], kind: str) -> bool:
    return any(figure.kind == kind for figure in figures)


def _apart(figures: Counter[_Figure], kind: str, reading: _Reading) -> Counter[_Figure]:
    """Return the figures with those of a kind as the plain numbers that they are written with."""
    found: Counter[_Figure] = Counter()
    for figure, count in figures.items():
        numbers = [_Figure("number", run) for run in reading.runs[figure]] if figure.kind == kind else [figure]
        for number in numbers:
            found[number] += count
    return found


def _shown(figures: Counter[_Figure]) -> tuple[str, ...]:
    return tuple(sorted(figure.shown for figure in figures.elements()))
