"""Due dates of a pile of dossiers: by the real rules, each reckoned once for all that were received on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from desk import deadlines
from desk.calendar import WorkCalendar
from desk.chain import plain
from desk.deadlines import Extension
from desk.interruptions import Interruption
from desk.limits import IN_HOURS, Limit, SetDate
from desk.simulation.hours import DAY, OFFSET, local_day, moment_of

LATE_HOUR = 15 * 3_600


class Stop(NamedTuple):
    """A stop of the clock, in seconds."""

    ground: str
    effect: str
    began: int
    ended: int | None


class Due(NamedTuple):
    """A due moment as JSON holds it, and in seconds; both empty while the clock stands."""

    text: str | None
    second: int | None


class DueDates:
    """Due dates by one calendar. All moments must lie in its hours: then limits in days depend on days alone."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.known: dict[object, Due] = {}

    def due(
        self,
        received: int,
        limit: Limit | SetDate,
        stops: Sequence[Stop] = (),
        extension: tuple[int, dt.date] | None = None,
    ) -> Due:
        """Return the current due date. Raises DeadlineError."""
        if isinstance(limit, Limit) and limit.unit in IN_HOURS:
            return self._reckon(received, limit, stops, extension)
        days = [(each.effect, _day(each.began), None if each.ended is None else _day(each.ended)) for each in stops]
        key = (_day(received), limit, tuple(days), extension and (_day(extension[0]), extension[1]))
        if key not in self.known:
            self.known[key] = self._reckon(received, limit, stops, extension)
        return self.known[key]

    def _reckon(
        self, received: int, limit: Limit | SetDate, stops: Sequence[Stop], extension: tuple[int, dt.date] | None
    ) -> Due:
        current = deadlines.reckon(
            moment_of(received),
            limit,
            self.calendar,
            interruptions=[
                Interruption(
                    each.ground,
                    moment_of(each.began),
                    None if each.ended is None else moment_of(each.ended),
                    each.effect,
                )
                for each in stops
            ],
            extensions=[Extension(moment_of(extension[0]), extension[1], "…")] if extension else [],
        ).current
        return Due(plain(current.at), int(current.at.timestamp())) if current else Due(None, None)


def _day(second: int) -> tuple[int, bool]:
    """Return the local day, and whether it is later than 15:00, which matters to same-day results."""
    return local_day(second), (second + OFFSET) % DAY > LATE_HOUR
