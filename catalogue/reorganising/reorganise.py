"""A reorganisation as the command asks for it: look at it, plan it, let it come into force, or take it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.loading.output import LoadError
from catalogue.loading.report import Change, Report
from catalogue.loading.report import Conflict as Told
from catalogue.models import Reorganisation
from catalogue.reorganising import applying
from catalogue.reorganising.followers import Moves
from catalogue.reorganising.planning import Source, known, write_plan
from catalogue.reorganising.withdrawing import withdraw

State = Reorganisation.State


def reorganise(
    source: Source,
    day: dt.date,
    *,
    at: dt.datetime,
    dry_run: bool = False,
    name: str = "",
    decided_by: str = "",
    by: Any = None,
) -> Report:
    """Plan what a source changes on a day, and let all follow at once where the day has come; return what was done.

    The same content and day twice changes nothing, but tries what couldn't follow; another content for a day to come
    replaces the plan of that day. Raises LoadError and UntrustedFileError: then nothing was written.
    """
    report = Report()
    with transaction.atomic():
        plan = known(source, day)
        if plan is None:
            _replace(day, report, at=at)
            plan = write_plan(source, day, report, name=name, decided_by=decided_by, by=by, at=at)
        else:
            report.unchanged = sum(map(len, plan.written.get("made", {}).values()))
            report.notes.append(f"«{plan}» is {plan.state} already: what couldn't follow is tried once more")
            report.conflicts += [Told(what, why) for what, why in plan.report.get("planning", [])]
        if dry_run:
            _tell(applying.look(plan, max(at, beginning(day))), report)
            transaction.set_rollback(True)
            return report
    if day <= timezone.localdate(at):
        _tell(applying.apply(plan, at), report)
    else:
        report.notes.append(f"It comes into force on {day:%d/%m/%Y} by the clock; until then --withdraw takes it back.")
    return report


def take_back(source: Source, day: dt.date, *, at: dt.datetime, dry_run: bool = False) -> Report:
    """Take a plan back before its day; raises LoadError where there is none, or something stands on it."""
    plan = known(source, day)
    if plan is None:
        raise LoadError(f"No reorganisation of this content is planned for {day:%d/%m/%Y}.")
    report = Report()
    with transaction.atomic():
        made = plan.written.get("made", {})
        report.changed = [Change(f"{len(keys)} × {name}", ("taken back",)) for name, keys in made.items() if keys]
        withdraw(plan.pk, at=at)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _replace(day: dt.date, report: Report, *, at: dt.datetime) -> None:
    """Take back what was planned for a day that is still to come: the new file says it anew."""
    for old in Reorganisation.objects.filter(effective_on=day, state=State.PLANNED):
        if day > timezone.localdate(at):
            withdraw(old.pk, at=at)
            report.notes.append(f"It replaces «{old}», which was planned for the same day.")


def beginning(day: dt.date) -> dt.datetime:
    """Return the first moment of a local day."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _tell(done: dict[str, Moves], report: Report) -> None:
    for name, moves in done.items():
        if moves.count:
            report.changed.append(Change(f"{moves.count} {name}", ("follow",), tuple(moves.examples)))
        report.conflicts += [Told(conflict.what, conflict.why) for conflict in moves.conflicts]
