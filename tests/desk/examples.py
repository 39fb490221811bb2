"""The worked examples of docs/deadlines.md, read from its table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.opening import ZONE
from desk.calendar import SpecialDay, WorkCalendar
from desk.deadlines import Extension
from desk.interruptions import Effect, Interruption
from desk.limits import Limit, SetDate, Unit

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "deadlines.md"
_UNITS = {
    "working day": Unit.WORKING_DAY,
    "day": Unit.DAY,
    "month": Unit.MONTH,
    "hour": Unit.HOUR,
    "working hour": Unit.WORKING_HOUR,
}
_LIMIT = re.compile(r"(\d+) ([a-z ]+?)s?")
_MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d"
_DAY = r"\d{4}-\d\d-\d\d"
_STOP = re.compile(rf"(supplement|payment|suspension) ({_MOMENT}) → ({_MOMENT}|open)(?:, (restart|pause))?")
_EXTENSION = re.compile(rf"extension ({_MOMENT}) → ({_DAY})")
_OFF = re.compile(rf"off ({_DAY})")
_MAKE_UP = re.compile(rf"make-up ({_DAY})(?: for ({_DAY}))?")
_HOURS = re.compile(rf"hours ({_DAY}) (\d\d:\d\d)–(\d\d:\d\d)")


@dataclass
class Example:
    """A row of the table: what happened, and the due moment that it promises (None: the clock stands)."""

    name: str
    received_at: dt.datetime
    limit: Limit | SetDate
    due_at: dt.datetime | None
    source: str
    stops: list[Interruption] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    decided: dict[dt.date, SpecialDay] = field(default_factory=dict)

    @property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar(self.decided)


def moment(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def limit_of(text: str) -> Limit | SetDate:
    if text == "same day":
        return Limit(None, Unit.SAME_DAY)
    if text.startswith("set "):
        return SetDate(dt.date.fromisoformat(text.removeprefix("set ")), "theo thông báo của cơ quan")
    match = _LIMIT.fullmatch(text)
    assert match, text
    return Limit(int(match[1]), _UNITS[match[2]])


def examples() -> Iterator[Example]:
    """Read every row; a cell that can't be read is an error."""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| \d+ \|", line):
            yield _example([cell.strip() for cell in line.strip("|").split("|")])


def _example(cells: list[str]) -> Example:
    number, what, received, limit, happened, due, source = cells
    due_at = None if due == "stands" else moment(due[4:])
    if due_at:
        assert due.startswith(f"{due_at:%a} "), due
    assert received.startswith(f"{moment(received[4:]):%a} "), received
    found = Example(f"{number} {what}", moment(received[4:]), limit_of(limit), due_at, source)
    for event in filter(None, happened.split("; ")):
        _read(found, event)
    return found


def _read(found: Example, event: str) -> None:
    if match := _STOP.fullmatch(event):
        ended = None if match[3] == "open" else moment(match[3])
        found.stops.append(Interruption(match[1], moment(match[2]), ended, match[4] or Effect.PAUSE))
    elif match := _EXTENSION.fullmatch(event):
        found.extensions.append(Extension(moment(match[1]), dt.date.fromisoformat(match[2]), "Chờ ý kiến"))
    elif match := _OFF.fullmatch(event):
        found.decided[dt.date.fromisoformat(match[1])] = SpecialDay("day_off", "Nghỉ", "Off", "quyết định")
    elif match := _MAKE_UP.fullmatch(event):
        instead = dt.date.fromisoformat(match[2]) if match[2] else None
        found.decided[dt.date.fromisoformat(match[1])] = SpecialDay("make_up", "Bù", "Make-up", "quyết định", instead)
    else:
        match = _HOURS.fullmatch(event)
        assert match, event
        opens, closes = dt.time.fromisoformat(match[2]), dt.time.fromisoformat(match[3])
        found.decided[dt.date.fromisoformat(match[1])] = SpecialDay(
            "hours", "Nghỉ sớm", "Early close", "quyết định", None, opens, closes
        )
