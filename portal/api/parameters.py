"""What a caller may ask with: each value is checked here, so that a wrong one is a clear 422."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from django.conf import settings
from django.utils import timezone
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

MAX_LIMIT = 200
MAX_OFFSET = 100_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def known_language(value: str) -> str:
    """Return the code of a language of the portal."""
    if value not in LANGUAGES:
        raise ValueError(f"one of {', '.join(LANGUAGES)}")
    return value


def written_day(value: Any) -> Any:
    """Take year-month-day only: a bare number would pass for seconds since 1970."""
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write the day as year-month-day, for example 2026-11-22")
    if not 1900 <= int(value[:4]) <= 2999:
        raise ValueError("a year from 1900 to 2999")
    return value


def printable(value: str) -> str:
    """Refuse control characters: PostgreSQL takes no NUL, and no name holds one."""
    if not value.isprintable():
        raise ValueError("no control characters")
    return value


Language = Annotated[
    str,
    AfterValidator(known_language),
    WithJsonSchema({"type": "string", "enum": LANGUAGES, "default": settings.LANGUAGE_CODE}),
]
Day = Annotated[
    dt.date,
    BeforeValidator(written_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^(19|2\d)\d{2}-\d{2}-\d{2}$"}),
]
Words = Annotated[str, StringConstraints(max_length=200), AfterValidator(printable)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\-]{1,160}$")]
Number = Annotated[int, Field(ge=1, le=1_000_000)]
Moment = Annotated[
    dt.datetime,
    PlainSerializer(lambda moment: timezone.localtime(moment).isoformat(timespec="seconds"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time, written in the portal's own zone with its offset."""


class InLanguage(Schema):
    """The language of the texts."""

    lang: Language = Field(
        settings.LANGUAGE_CODE,
        description="Language of the texts. A text without translation stands in Vietnamese; its `lang` says so.",
    )


class Paging(InLanguage):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="Rows a page")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="Rows to leave out before the first")
