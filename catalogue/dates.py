"""How each language writes a day: one habit for the pages, and for sentences that are made of data."""

from __future__ import annotations

import datetime as dt

DATE_FORMATS = {
    "vi": "{0:%d/%m/%Y}",
    "en": "{0.day} {0:%B %Y}",
    "zh-hans": "{0.year}年{0.month}月{0.day}日",
    "ko": "{0.year}년 {0.month}월 {0.day}일",
    "ja": "{0.year}年{0.month}月{0.day}日",
}


def written(day: dt.date, language: str) -> str:
    """Return the day as a language writes it, as year-month-day where its habit isn't known."""
    pattern = DATE_FORMATS.get(language)
    return pattern.format(day) if pattern else day.isoformat()
