"""What a row of the list says, judged by itself alone."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from catalogue.models import Posting
from catalogue.text import fold, full_name, nfc
from portal.models import User

FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
YEARS = range(1945, 2101)
LONGEST = {"account": 150, "family": 150, "given": 150, "email": 254, "title": 150, "employer": 200}
"""Characters, as the columns of the database hold them."""
DAY = dt.timedelta(days=1)


class RowError(Exception):
    """The row can't be loaded; the message says what to do."""


@dataclass(frozen=True)
class Row:
    """A person's post. An empty text or `first` says nothing, so what stands stays; an empty `last` is no end."""

    number: int
    account: str
    family: str
    given: str
    email: str
    agency: str
    role: str
    title: str
    employer: str
    first: dt.date | None
    last: dt.date | None

    @property
    def valid_to(self) -> dt.date | None:
        """Return the day from which the post is over: at 24:00 of the last day."""
        return self.last + DAY if self.last else None

    @property
    def person(self) -> str:
        """Return the name as Vietnamese write it."""
        return full_name(self.family, self.given)

    @property
    def key(self) -> str:
        """Return how a report names it."""
        return f"{self.account} · {self.agency} · {self.role}"


def read_row(number: int, cells: list[object], columns: dict[str, int], roles: dict[str, str]) -> Row:
    """Return what a row says; raises RowError."""
    said = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
    text = {name: text_of(name, value) for name, value in said.items()}
    family, given = text.get("family", ""), text.get("given", "")
    if not (family or given):
        family, _space, given = text.get("name", "").partition(" ")
    row = Row(
        number=number,
        account=account_of(text["account"]),
        family=family,
        given=given,
        email=_email(text.get("email", "")),
        agency=needed(text["agency"].upper(), "the agency's identifier, such as H17.12"),
        role=_role(text["role"], roles),
        title=text.get("title", ""),
        employer=text.get("employer", ""),
        first=day_of("from", said["from"]),
        last=day_of("to", said["to"]),
    )
    needed(row.person, "the person's family and given name")
    for name, most in LONGEST.items():
        if len(getattr(row, name)) > most:
            raise RowError(f"the column «{name}» is longer than {most} characters: shorten it")
    if row.first and row.last and row.last < row.first:
        raise RowError(f"it ends ({row.last:%d/%m/%Y}) before it begins ({row.first:%d/%m/%Y}): mend the dates")
    if row.employer and row.role != Posting.Role.CONTRACTOR:
        raise RowError("an employer is written for contracted and postal staff only: leave it empty")
    return row


def text_of(name: str, value: Any) -> str:
    """Return a cell as text in one normal form; raises RowError for signs that can't be read."""
    text = nfc(str(value if value is not None else ""))
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in text):
        raise RowError(f"the column «{name}» holds a sign that can't be read: write it anew")
    return text


def needed(text: str, what: str) -> str:
    """Return the text; raises RowError where there is none."""
    if not text:
        raise RowError(f"{what} is missing: write it")
    return text


def account_of(text: str) -> str:
    """Return a user name or staff number; raises RowError for what can't be one."""
    text = User.normalize_username(needed(text, "the user name or staff number"))
    try:
        User.username_validator(text)
    except ValidationError as error:
        raise RowError("a user name or staff number has letters, digits and @ . + - _ only: mend it") from error
    return text


def _email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError as error:
        raise RowError("the e-mail isn't an address: write it as ten@danang.gov.vn, or leave it empty") from error
    return text


def _role(text: str, roles: dict[str, str]) -> str:
    if fold(text) not in roles:
        raise RowError(f"the role «{text}» isn't known: write one of {', '.join(Posting.Role.values)}")
    return roles[fold(text)]


def day_of(name: str, value: object) -> dt.date | None:
    """Return the day of a date cell or of 31/12/2026 and 2026-12-31; the month never stands first."""
    day = value if isinstance(value, dt.date) else None
    text = "" if day else nfc(str(value if value is not None else ""))
    if day is None and not text:
        return None
    for shape in FORMATS if re.fullmatch(r"[0-9]+[./-][0-9]+[./-][0-9]+", text) else ():
        try:
            day = day or dt.datetime.strptime(text, shape).date()
        except ValueError:
            continue
    if day is None or day.year not in YEARS:
        raise RowError(f"the date «{text or day}» in «{name}» can't be: write it as 31/12/2026")
    return day
