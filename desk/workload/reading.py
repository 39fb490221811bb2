"""The page of heads and supervisors: tables by person or agency, step, cause and day, and what was settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from catalogue.models import Agency, Posting
from catalogue.opening import ZONE
from desk import queues
from desk.actors import Actor, name_of
from desk.causes import Cause
from desk.counters import month_of, totals
from desk.explaining import day_text
from desk.filters import filter_for
from desk.forms.queue import NO_STEP, SUSPENDED
from desk.leave.days import said_of
from desk.models import Leave, Measure
from desk.permissions import Side, agencies_of
from desk.states import OPEN, Settlement, State
from desk.workload.cells import TODAY, Cell, Cells, Days, cells, days_of
from desk.workload.charts import BAR_WIDTH
from desk.workload.figures import Asked, Column, Figure, Line, by_due, by_lateness, by_name, line

SETTLED = {Measure.EARLY: Settlement.EARLY, Measure.ON_TIME: Settlement.ON_TIME, Measure.LATE: Settlement.LATE}
SHAPES = {Settlement.EARLY: "done", Settlement.ON_TIME: "ok", Settlement.LATE: "late"}


@dataclass(frozen=True)
class Table:
    """Columns and lines."""

    columns: Sequence[Column]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Settled:
    """What was settled this month, and one way of it: how many, how many in a hundred."""

    label: str
    figure: Figure
    share: float
    x: float
    """Where its part of the bar begins, as its width in units of the drawing."""

    @property
    def width(self) -> float:
        """Return how wide its part of the bar is."""
        return self.share * BAR_WIDTH / 100

    @property
    def pattern(self) -> str:
        """Return how it is filled: what is told apart without colours."""
        return {"late": "late", "ok": "soon", "done": "ok"}[self.figure.shape]


@dataclass(frozen=True)
class Workload:
    """The page; `agency`: the one that was chosen or the only one, None for several."""

    agency: Agency | None
    agencies: Sequence[Agency]
    whole: Line
    columns: Sequence[Column]
    who: Table
    steps: Table
    causes: Table
    days: Table
    month: dt.date
    settled: Sequence[Settled]
    settled_count: int
    shadows: Figure
    suspended: Figure

    @property
    def month_text(self) -> str:
        """Return the month as it is printed."""
        return f"{self.month:%m/%Y}"

    @property
    def whole_cells(self) -> list[tuple[Column, Figure]]:
        """Return each column with the figure of the whole."""
        return list(zip(self.columns, self.whole.figures, strict=True))


def workload(by: Actor, at: dt.datetime, agency_id: int | None = None) -> Workload | None:
    """Return the page of one agency or of all that somebody is over (six queries; eight by person).

    None for an agency that isn't among them.
    """
    reached = agencies_of("workload", by) & by.standing
    agencies = list(Agency.objects.filter(pk__in=reached).order_by("name_vi"))
    if agency_id is not None and agency_id not in reached:
        return None
    if len(agencies) == 1:
        agency_id = agencies[0].pk
    agency = next((each for each in agencies if each.pk == agency_id), None)
    chosen = frozenset({agency_id}) if agency_id is not None else reached
    days, by_person = days_of(at), agency_id is not None
    found = cells(chosen, at, days, by_person=by_person)
    asked: dict[str, Any] = {"side": "held", "kind": "own"} | ({"agency": agency_id} if by_person else {})
    columns = by_due(days)
    who = by_people(found, columns, asked, chosen, at) if by_person else by_agency(found, columns, asked, agencies)
    shadows, suspended = beside(by, at, agency_id)
    month, settled = month_of(at), settled_in(month_of(at), chosen, agency_id)
    return Workload(
        agency=agency,
        agencies=agencies,
        whole=line(_("All together"), found, columns, asked),
        columns=columns,
        who=Table(columns, who),
        steps=Table(columns, by_step(found, columns, asked)),
        causes=Table(by_lateness(days), by_cause(found, by_lateness(days), asked)),
        days=Table(by_name(), by_day(found, days, asked)),
        month=month,
        settled=settled,
        settled_count=sum(each.figure.count for each in settled),
        shadows=shadows,
        suspended=suspended,
    )


def by_people(
    found: Cells, columns: Sequence[Column], asked: Asked, agencies: frozenset[int], at: dt.datetime
) -> list[Line]:
    """Return a line for each person with work or a post there, the most overdue first; what has no name stands last."""
    day = at.astimezone(ZONE).date()
    parted = parted_by(found, lambda cell: cell.who)
    posts = (
        Posting.objects.on(day).filter(agency__in=agencies, user=OuterRef("pk")).exclude(role=Posting.Role.SUPERVISOR)
    )
    holders = [key for key in parted if key is not None]
    people = get_user_model().objects.filter(Q(pk__in=holders) | (Exists(posts) & Q(is_active=True)))
    leaves = Leave.objects.on(day).filter(agency__in=agencies).select_related("substitute")
    away = {leave.absent_id: said_of(leave) for leave in leaves}
    lines = [
        line(
            name_of(each), parted.get(each.pk, []), columns, {**asked, "person": each.pk}, key=each.pk,
            away=away.get(each.pk, ""),
        )
        for each in people
    ]  # fmt: skip
    lines.sort(key=lambda each: (*(-figure.count for figure in each.figures[1:4]), -each.count, each.label))
    return [*lines, line(_("nobody's name yet"), parted.get(None, []), columns, {**asked, "whose": "unheld"})]


def by_agency(found: Cells, columns: Sequence[Column], asked: Asked, agencies: Sequence[Agency]) -> list[Line]:
    """Return a line for each agency with open work, the most overdue first."""
    parted = parted_by(found, lambda cell: cell.who)
    lines = [
        line(str(each), parted[each.pk], columns, {**asked, "agency": each.pk}, key=each.pk)
        for each in agencies
        if each.pk in parted
    ]
    return sorted(lines, key=lambda each: (-each.figures[1].count, -each.count, each.label))


def by_step(found: Cells, columns: Sequence[Column], asked: Asked) -> list[Line]:
    """Return a line for each step, the most overdue first."""
    parted = parted_by(found, lambda cell: cell.step)
    lines = [
        line(step or _("no step named"), rows, columns, {**asked, "step": step or NO_STEP})
        for step, rows in parted.items()
    ]
    return sorted(lines, key=lambda each: (-each.figures[1].count, -each.count, each.label))


def by_cause(found: Cells, columns: Sequence[Column], asked: Asked) -> list[Line]:
    """Return a line for each cause."""
    parted = parted_by(found, lambda cell: cell.cause)
    return [
        line(str(cause.label), parted.get(cause.value, []), columns, {**asked, "cause": cause.value}) for cause in Cause
    ]


def by_day(found: Cells, days: Days, asked: Asked) -> list[Line]:
    """Return a line for each working day ahead: what is late by its end, unless it is settled before."""
    parted = parted_by(found, lambda cell: days.today if cell.bucket == TODAY else cell.bucket)
    lines = []
    for day in days.ahead:
        when = {"due": TODAY} if day == days.today else {"due_from": day, "due_to": day}
        lines.append(line(day_text(day), parted.get(day, []), by_name(), {**asked, **when}, short=f"{day:%d/%m}"))
    return lines


def parted_by(found: Cells, key: Callable[[Cell], Any]) -> dict[Any, list[Cell]]:
    """Return cells by what they have in common."""
    parted: dict[Any, list[Cell]] = {}
    for cell in found:
        parted.setdefault(key(cell), []).append(cell)
    return parted


def beside(by: Actor, at: dt.datetime, agency_id: int | None) -> tuple[Figure, Figure]:
    """Return what isn't open work here: copies of what ministries settle, and what is suspended (one query)."""
    place = {} if agency_id is None else {"agency": agency_id}
    held = {"side": Side.HOLDING, "is_whole": False, **place}
    shadows = filter_for(by, at, states=OPEN, is_shadow=True, **held)
    suspended = filter_for(by, at, states=frozenset({State.STOPPED}), is_suspended=True, **held)
    copies, stopped = queues.counts([shadows, suspended])
    return (
        Figure(copies, {"side": "held", "kind": "shadow", **place}),
        Figure(stopped, {"side": "held", "state": SUSPENDED, **place}, "hold"),
    )


def settled_in(month: dt.date, agencies: frozenset[int], agency_id: int | None) -> list[Settled]:
    """Return how the agencies settled what they settled in a month, from the counters (one query)."""
    found = totals(tuple(SETTLED), "measure", agency__in=sorted(agencies), month=month)
    whole = sum(found.values())
    asked: dict[str, Any] = {"side": "decided", "month": f"{month:%Y-%m}"}
    asked |= {} if agency_id is None else {"agency": agency_id}
    rows, before = [], 0
    for measure, settlement in SETTLED.items():
        count = found[measure.value,]
        figure = Figure(count, {**asked, "settled": settlement.value}, SHAPES[settlement])
        rows.append(Settled(str(settlement.label), figure, part(count, whole), part(before, whole) * BAR_WIDTH / 100))
        before += count
    return rows


def part(count: int, whole: int) -> float:
    """Return how many of a hundred."""
    return 100 * count / whole if whole else 0.0
