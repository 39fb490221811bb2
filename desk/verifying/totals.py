"""Numbers that go together over all dossiers: codes without a gap, slips, counters, files of heads."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from django.db import connection
from django.db.models import Count as Number
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.db.models.functions import TruncMonth

from catalogue.models import Reorganisation
from catalogue.opening import ZONE
from desk import anchors, chain, counters, folding, triggers
from desk.heirs import NEEDS_HOLDER
from desk.models import AnchoredDay, CodeCounter, Dossier, DossierEvent, Measure, Origin, Slip
from desk.querysets import SIDES
from desk.verifying.faults import Fault
from desk.verifying.heads import Heads, HeadsError, read

LATE = dt.timedelta(1)
"""After how long a day that isn't anchored is a fault, where others are."""
SERIES = """
SELECT series, count(*), min(number), max(number) FROM (
    SELECT rtrim(code, '0123456789') AS series,
        CAST(substr(code, length(rtrim(code, '0123456789')) + 1) AS bigint) AS number
    FROM desk_dossier
    WHERE length(code) - length(rtrim(code, '0123456789')) BETWEEN 4 AND 9
) AS numbered GROUP BY series
"""
"""Of each series: how many codes, the first, the last number. A code may have come from elsewhere."""


def all_faults(heads: Iterable[Heads]) -> Iterator[Fault]:
    """Yield what is wrong beside the dossiers themselves, but for the files of heads."""
    for name in triggers.missing(connection):
        yield Fault("trigger.missing", field=name)
    yield from code_faults()
    yield from slip_faults()
    yield from count_faults()
    yield from holder_faults()
    yield from series_faults(heads)


def code_faults() -> Iterator[Fault]:
    """Yield the gaps in the codes of each series, and codes that its counter hasn't given."""
    last = dict(CodeCounter.objects.exclude(series__startswith="slip:").values_list("series", "last"))
    with connection.cursor() as cursor:
        cursor.execute(SERIES)
        found = {series.removesuffix("-"): numbers for series, *numbers in cursor.fetchall()}
    for series in sorted(last.keys() | found.keys()):
        given = last.get(series, 0)
        if found.get(series) != [given, 1, given]:
            codes = Dossier.objects.filter(code__startswith=f"{series}-").values_list("code", flat=True)
            numbers = sorted(number for code in codes if (number := _number(series, code)) is not None)
            yield from _gaps(series, numbers, given, "code", lambda number: f"{number:04d}")
            beyond = [number for number in _given_here(series) if not 1 <= number <= given]
            yield from _beyond(series, beyond, "code", lambda number: f"{number:04d}")


def _number(series: str, code: str) -> int | None:
    rest = code[len(series) + 1 :]
    return int(rest) if rest.isdecimal() and f"{int(rest):04d}" == rest else None


def _given_here(series: str) -> list[int]:
    """Return the numbers of the dossiers that were entered here on the day of the series: others bring their codes."""
    try:
        day = dt.datetime.strptime(series[-6:], "%y%m%d").date()
    except ValueError:
        return []
    begins, ends = anchors.bounds(day)
    codes = DossierEvent.objects.filter(
        number=1, at__gte=begins, at__lt=ends, dossier__origin=Origin.CENTRE, dossier__code__startswith=f"{series}-"
    ).values_list("dossier__code", flat=True)
    return sorted(number for code in codes if (number := _number(series, code)) is not None)


def _gaps(name: str, numbers: list[int], last: int, kind: str, show: Callable[[int], str]) -> Iterator[Fault]:
    known = [number for number in numbers if 1 <= number <= last]
    for before, after in pairwise([0, *known, last + 1]):
        if after - before > 1:
            first, until = show(before + 1), show(after - 1)
            yield Fault(f"{kind}.gap", name, found=first if first == until else f"{first} … {until}")


def _beyond(name: str, numbers: list[int], kind: str, show: Callable[[int], str]) -> Iterator[Fault]:
    if numbers:
        yield Fault(f"{kind}.beyond", name, found=", ".join(map(show, numbers[:10])))


def holder_faults() -> Iterator[Fault]:
    """Yield the dossiers that a reorganisation should have moved: nobody who works has them in hand."""
    applied = Reorganisation.objects.filter(
        state=Reorganisation.State.APPLIED, effective_on=OuterRef("holder_agency__valid_to")
    )
    left = Dossier.objects.filter(NEEDS_HOLDER, Exists(applied), holder_agency__valid_to__isnull=False)
    for code, agency in left.order_by("pk").values_list("code", "holder_agency__name_vi"):
        yield Fault("holder.ended", code, None, "holder_agency_id", found=agency or "?")


def slip_faults() -> Iterator[Fault]:
    """Yield the gaps in the numbers of each form, agency and year, and numbers beyond the counter."""
    last = dict(CodeCounter.objects.filter(series__startswith="slip:").values_list("series", "last"))
    rows = Slip.objects.values_list("agency_id", "form", "year").annotate(Number("pk"), Max("number")).order_by()
    found = {f"slip:{agency}:{form}:{year}": (count, most) for agency, form, year, count, most in rows}
    for series in sorted(last.keys() | found.keys()):
        if found.get(series) != (last.get(series), last.get(series)):
            _slip, agency, form, year = series.split(":")
            numbers = Slip.objects.filter(agency_id=agency, form=form, year=year).values_list("number", flat=True)
            given = last.get(series, 0)
            yield from _gaps(series, sorted(numbers), given, "slip", str)
            yield from _beyond(series, sorted(each for each in numbers if each > given), "slip", str)


def count_faults() -> Iterator[Fault]:
    """Yield each counter that isn't what its dossiers are."""
    by = ("agency_id", "procedure_id", "state", "month")
    for measure in Measure.values:
        told, there = counters.totals(measure, *by), recount(measure)
        for key in sorted(told.keys() | there.keys()):
            if told[key] != there[key]:
                place = " ".join(f"{name}={value}" for name, value in zip(by, key, strict=True))
                yield Fault("count.differs", measure, None, place, str(there[key]), str(told[key]))

    for level, measure, month, agency, procedure, state, number in folding.wrong_sums():
        place = f"level={level} agency_id={agency} procedure_id={procedure} state={state} month={month}"
        yield Fault("count.sum", str(measure), None, place, found=str(number))


def recount(measure: str) -> Counter[tuple[int, int, int, dt.date]]:
    """Return a measure's counters as the dossiers have them: what `counters.counted_in` says of one, of all."""
    rows, received = Dossier.objects.all(), Dossier.objects.exclude(received_at=None)
    if measure == Measure.HELD:
        return _counted(rows, "holder_agency_id", "submitted_at", "state")
    if measure == Measure.DECIDED:
        return _counted(rows, "decided_by_id", "submitted_at", "state")
    if measure == Measure.RECEIVED:
        return _counted(received, "decided_by_id", "received_at")
    if measure == Measure.PENDING:
        return _counted(received.filter(settled_at=None), "decided_by_id", "received_at")
    if measure != Measure.CONCERNS:
        settled = received.exclude(settled_at=None).filter(settlement=measure)
        return _counted(settled, "decided_by_id", "settled_at")
    found: Counter[tuple[int, int, int, dt.date]] = Counter()
    for place, side in enumerate(SIDES):
        once = rows.filter(**{f"{side}__isnull": False})
        for other in SIDES[:place]:
            once = once.exclude(**{other: F(side)})
        found.update(_counted(once, side, "submitted_at", "state"))
    return found


def _counted(rows: QuerySet[Dossier], agency: str, moment: str, *state: str) -> Counter[tuple[int, int, int, dt.date]]:
    months = rows.annotate(month=TruncMonth(moment, tzinfo=ZONE)).values_list("month", agency, "procedure_id", *state)
    return Counter(
        {
            (at, procedure, more[0] if more else 0, month.date()): number
            for month, at, procedure, *more, number in months.annotate(Number("pk")).order_by()
        }
    )


def head_faults(at: dt.datetime) -> tuple[list[Heads], list[Fault]]:
    """Return the files of heads that are whole, and what is wrong with the others and with their chain.

    Every day since the first that was anchored has a file, whose seal was noted when it was written.
    """
    noted = dict(AnchoredDay.objects.values_list("day", "seal"))
    files = {path.stem: path for path in anchors.folder().glob("????-??-??.jsonl")}
    days = sorted({*noted, *(dt.date.fromisoformat(stem) for stem in files)})
    heads: list[Heads] = []
    faults: list[Fault] = []
    previous = ""
    for day in _whole_days(days, at):
        path = anchors.path_of(day)
        if day.isoformat() not in files:
            faults.append(Fault("heads.missing", path.name))
            previous = noted.get(day, "?")
            continue
        try:
            found = read(path, chain.key())
        except HeadsError as error:
            faults.append(Fault("heads.altered", path.name, found=str(error)[:100]))
            previous = noted.get(day, "?")
            continue
        if found.day != day.isoformat() or previous not in ("?", found.previous):
            faults.append(Fault("heads.chain", path.name))
        elif noted.get(day, found.seal) != found.seal:
            faults.append(Fault("heads.seal", path.name))
        heads.append(found)
        previous = found.seal
    return heads, faults


def _whole_days(days: list[dt.date], at: dt.datetime) -> list[dt.date]:
    """Return every day from the first that was anchored to the last that must be by now."""
    if not days:
        return []
    last = max(days[-1], (at - LATE - anchors.SETTLES).astimezone(ZONE).date() - dt.timedelta(1))
    return [days[0] + dt.timedelta(number) for number in range((last - days[0]).days + 1)]


def series_faults(heads: Iterable[Heads]) -> Iterator[Fault]:
    """Yield the series whose counter was set back behind what was anchored."""
    last = dict(CodeCounter.objects.values_list("series", "last"))
    for file in heads:
        for series, number in file.series:
            if last.get(series, 0) < number:
                yield Fault("heads.series", series, None, file.day, str(number), str(last.get(series, 0)))
