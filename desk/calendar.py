"""Which days are worked, and the hours on them: a value made once from rows, and pure afterwards.

Days are dates, times are local (Asia/Ho_Chi_Minh), moments are aware. Working days are the province's; hours are a
centre's. A Saturday on which a centre opens its doors is therefore no working day unless a decision makes it one.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import gettext as _

from catalogue.generation import Generation
from catalogue.models import Centre, OpeningHours
from catalogue.opening import ZONE
from desk import law
from desk.models import CalendarDay
from desk.public_days import SATURDAY, CalendarError, is_usual_working_day, public_day

Span = tuple[dt.time, dt.time]
Week = tuple[tuple[Span, ...], ...]
ONE_DAY = dt.timedelta(days=1)
EIGHT_HOURS: tuple[Span, ...] = ((dt.time(7), dt.time(11, 30)), (dt.time(13, 30), dt.time(17)))
"""The hours of a centre that published none: practice, eight hours a day."""
USUAL_WEEK: Week = (*([EIGHT_HOURS] * SATURDAY), (), ())
generation = Generation("desk-calendar")
_lock = threading.Lock()
_kept: tuple[tuple[str, str], dict[int | None, WorkCalendar]] | None = None


@dataclass(frozen=True)
class SpecialDay:
    """A day that isn't like others of its weekday: why, in two languages, and by what law or decision."""

    kind: str
    name_vi: str
    name_en: str
    source: str
    instead_of: dt.date | None = None
    opens: dt.time | None = None
    closes: dt.time | None = None


@dataclass(frozen=True)
class WorkCalendar:
    """Decided days by date, over the public holidays, and the spans of work a weekday (Monday first).

    Raises CalendarError without any hours from Monday to Friday, and for days outside the years that are known.
    Sources: Quyết định 188/1999/QĐ-TTg; Bộ luật Lao động 2019 Điều 111–112; the rows' own.
    """

    decided: Mapping[dt.date, SpecialDay] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    week: Week = USUAL_WEEK

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week[:SATURDAY]):
            raise CalendarError(_("A week needs working hours between Monday and Friday."))

    def special(self, day: dt.date) -> SpecialDay | None:
        """Return what sets a day apart: its decision, else its holiday, else None."""
        public = public_day(day)
        row = self.decided.get(day)
        if row or not public:
            return row
        kind = CalendarDay.Kind.DAY_OFF if public.is_off else CalendarDay.Kind.MAKE_UP
        return SpecialDay(kind, public.name_vi, public.name_en, public.source)

    def is_working(self, day: dt.date) -> bool:
        """Return whether a day is a working day («ngày làm việc»)."""
        row = self.decided.get(day)
        if row and row.kind != CalendarDay.Kind.HOURS:
            return row.kind == CalendarDay.Kind.MAKE_UP
        return is_usual_working_day(day)

    def next_working(self, day: dt.date) -> dt.date:
        """Return the first working day after a day."""
        day += ONE_DAY
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_days(self, after: dt.date, until: dt.date) -> int:
        """Count the working days after one day, up to and with another; 0 where that isn't later."""
        count, day = 0, after + ONE_DAY
        while day <= until:
            following = (day + ONE_DAY * 31).replace(day=1)
            if day.day == 1 and following <= until + ONE_DAY:
                count, day = count + self._in_month(day), following
            else:
                count, day = count + self.is_working(day), day + ONE_DAY
        return count

    def _in_month(self, first: dt.date) -> int:
        """Count the working days of a month, once: lists ask for the same ones in each row."""
        if first not in self._months:
            days = (first + ONE_DAY * n for n in range(31))
            self._months[first] = sum(self.is_working(day) for day in days if day.month == first.month)
        return self._months[first]

    @cached_property
    def _months(self) -> dict[dt.date, int]:
        return {}

    def spans(self, day: dt.date) -> tuple[Span, ...]:
        """Return the spans in which the doors are open: none on a day off, a Saturday's own where it has some."""
        special = self.special(day)
        if not special:
            return self.week[day.weekday()]
        if special.kind == CalendarDay.Kind.DAY_OFF:
            return ()
        if special.kind == CalendarDay.Kind.MAKE_UP:
            return self._made_up(day, special.instead_of)
        assert special.opens is not None and special.closes is not None
        cut = ((max(opens, special.opens), min(closes, special.closes)) for opens, closes in self.week[day.weekday()])
        return tuple((opens, closes) for opens, closes in cut if opens < closes)

    def _made_up(self, day: dt.date, instead_of: dt.date | None) -> tuple[Span, ...]:
        """Return the hours of the weekday that is made up for, else its own, Friday's on a weekend."""
        weekday = (instead_of or day).weekday()
        return self.week[min(weekday, SATURDAY - 1)] or self._usual_spans

    @cached_property
    def _usual_spans(self) -> tuple[Span, ...]:
        return next(spans for spans in reversed(self.week[:SATURDAY]) if spans)

    def opening(self, day: dt.date) -> dt.datetime:
        """Return when work begins on a day; where the centre itself is shut, when it usually does."""
        return at(day, (self.spans(day) or self._usual_spans)[0][0])

    def closing(self, day: dt.date) -> dt.datetime:
        """Return when work ends on a day; where the centre itself is shut, when it usually does."""
        return at(day, (self.spans(day) or self._usual_spans)[-1][1])

    def next_open(self, moment: dt.datetime) -> dt.datetime:
        """Return the moment itself where the doors are open then, else the next opening."""
        local = moment.astimezone(ZONE)
        day = local.date()
        while True:
            for opens, closes in self.spans(day):
                if local < at(day, closes):
                    return max(local, at(day, opens))
            day += ONE_DAY


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """Return the local time on a day as an aware moment."""
    return dt.datetime.combine(day, time, ZONE)


def week_of(rows: Iterable[tuple[int, dt.time, dt.time]]) -> Week:
    """Return the spans a weekday of rows (weekday, opens, closes), overlaps joined; the usual week where none is told.

    A centre that tells only of its Saturdays works the usual hours from Monday to Friday.
    """
    week: list[list[Span]] = [[] for _day in range(7)]
    for weekday, opens, closes in sorted(rows):
        if opens >= closes:
            continue
        spans = week[weekday]
        if spans and opens <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(closes, spans[-1][1]))
            continue
        spans.append((opens, closes))
    told = tuple(tuple(spans) for spans in week)
    return told if any(told[:SATURDAY]) else (*USUAL_WEEK[:SATURDAY], *told[SATURDAY:])


def work_calendar(centre: Centre | None = None) -> WorkCalendar:
    """Return the calendar by which a centre works, or the province's with the usual hours.

    Two queries (one without a centre) after a change of the rows, none until the next: kept by process and generation.
    """
    global _kept
    # Read before the rows: a calendar read across a change is never taken for new.
    state = (str(settings.VAR_DIR), generation.current())
    pk = centre.pk if centre else None
    with _lock:
        if _kept is None or _kept[0] != state:
            _kept = (state, {})
        calendars = _kept[1]
    if pk not in calendars:
        calendars[pk] = read_calendar(centre)
    return calendars[pk]


def read_calendar(centre: Centre | None = None) -> WorkCalendar:
    """Make the calendar from the rows as this transaction sees them (two queries, one without a centre)."""
    names = ("day", "kind", "name_vi", "name_en", "source", "instead_of", "opens", "closes")
    decided = {day: SpecialDay(*rest) for day, *rest in CalendarDay.objects.values_list(*names)}
    hours = OpeningHours.objects.filter(centre=centre, point=None) if centre else OpeningHours.objects.none()
    week = week_of(hours.values_list("weekday", "opens", "closes"))
    return WorkCalendar(MappingProxyType(decided), week)


def source_of(special: SpecialDay | None) -> str:
    """Return the law behind a day off: its own, or that of the weekly rest."""
    return special.source if special else law.WEEK
