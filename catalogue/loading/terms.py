"""Time limits, from the words of the national catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalogue.text import nfc

_COUNTED = re.compile(r"(không quá )?(\d{1,4}) (ngày làm việc|ngày|giờ làm việc|giờ|tháng)\.?", re.IGNORECASE)
_UNITS = {
    "ngày làm việc": "working_day",
    "ngày": "day",
    "giờ làm việc": "working_hour",
    "giờ": "hour",
    "tháng": "month",
}
_PLACEHOLDER = re.compile(r"[\d.,]*\s*\(nguồn không ghi đơn vị\)", re.IGNORECASE)
_SAME_DAY = re.compile(r"\btrong (?:cùng )?ngày(?: làm việc)?(?: (?:nhận|tiếp nhận)|[.;,]|$)", re.IGNORECASE)
_NONE = re.compile(r"không(?: quy định| phải trả kết quả.*)?\.?", re.IGNORECASE)
_ELSEWHERE = re.compile(r"theo mô tả\.?", re.IGNORECASE)
_FEE_NOTE = re.compile(
    r"[-+*(\s]*(?:(?:thu )?(?:mức (?:thu )?)?(?:lệ phí|phí)\b|[\d.,]+ ?(?:đồng|đ|usd)\b)", re.IGNORECASE
)
LABEL_LIMIT = 160


@dataclass(frozen=True)
class ParsedTerm:
    """A time limit: the number goes with a counted unit, else the text is all that is known."""

    number: int | None
    unit: str
    text: str
    label: str = ""


def parse_term(time: str | None, *, note: str | None, is_uncertain: bool = False) -> ParsedTerm:
    """Return the limit of one channel row; `note` is what the source adds to it.

    «1 (nguồn không ghi đơn vị)» is a placeholder, not one day: the number is dropped.
    """
    said, text = nfc(time or ""), note_of_time(note)
    if not said or is_uncertain or _PLACEHOLDER.search(said):
        rest = nfc(_PLACEHOLDER.sub("", said)) if not is_uncertain else ""
        return _without_number(_joined(rest, text))
    match = _COUNTED.fullmatch(said)
    if match and int(match[2]) > 0:
        return ParsedTerm(int(match[2]), _UNITS[match[3].lower()], _joined(said if match[1] else "", text))
    if match:
        return _without_number(text)
    if _NONE.fullmatch(said):
        return ParsedTerm(None, "none", _joined("" if said.lower().startswith("không quy định") else said, text))
    return _without_number(_joined("" if _ELSEWHERE.fullmatch(said) else said, text))


def note_of_time(note: str | None) -> str:
    """Return the note unless it speaks of the fee."""
    cleaned = _clean(note)
    return "" if _FEE_NOTE.match(cleaned) else cleaned


def note_of_fee(note: str | None) -> str:
    """Return the note only if it speaks of the fee."""
    cleaned = _clean(note)
    return cleaned if _FEE_NOTE.match(cleaned) else ""


def with_labels(terms: list[ParsedTerm]) -> list[ParsedTerm]:
    """Return the channel's limits; where there are several each is named by the case or stage in its text."""
    distinct = list(dict.fromkeys(terms))
    if len(distinct) < 2:
        return distinct
    return [_labelled(term) for term in distinct]


def _labelled(term: ParsedTerm) -> ParsedTerm:
    first = re.split(r"\n|(?<=[.;]) ", term.text, maxsplit=1)[0].strip(" -+*")
    if not first:
        return term
    if len(first) > LABEL_LIMIT:
        first = first[: LABEL_LIMIT - 1].rsplit(" ", 1)[0] + "…"
    is_whole = first == term.text.strip(" -+*")
    return ParsedTerm(term.number, term.unit, "" if is_whole else term.text, first)


def _without_number(text: str) -> ParsedTerm:
    if _SAME_DAY.search(text) and len(text) < 200:
        return ParsedTerm(None, "same_day", text)
    return ParsedTerm(None, "unknown", text)


def _joined(*texts: str) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _clean(note: str | None) -> str:
    lines = (nfc(_PLACEHOLDER.sub("", line)) for line in (note or "").split("\n"))
    return "\n".join(filter(None, lines))
