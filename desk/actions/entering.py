"""A dossier comes: it is registered, received or refused at the counter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from desk import acting, due_dates
from desk.acting import Act, begin, write
from desk.actions.function import ActFunction
from desk.actions.shared import day
from desk.actions.supplements import request_supplement
from desk.actors import Actor
from desk.attaching import facts_of
from desk.demands import Demand
from desk.identities import clean
from desk.intake import Intake, dossier_of, rows_of
from desk.models import Dossier, DossierFile
from desk.numbering import dossier_codes
from desk.refusals import Invalid


def register(intake: Intake, *, by: Actor, at: dt.datetime) -> Dossier:
    """Enter what was submitted without receiving it: no due date yet (from the national portal, or incomplete)."""
    return _enter("register", intake, lambda act: None, by=by, at=at)


def receive_new(intake: Intake, *, by: Actor, at: dt.datetime) -> Dossier:
    """Receive at the counter or by post: code, due date, receipt (Mẫu số 01)."""
    return _enter("receive", intake, _receive, by=by, at=at)


def reject_new(intake: Intake, *, reason: str, by: Actor, at: dt.datetime) -> Dossier:
    """Refuse at the counter, with the reason (Mẫu số 03)."""
    return _enter("reject", intake, lambda act: _reject(act, reason=reason), by=by, at=at)


def register_and_ask(
    intake: Intake,
    *,
    demands_of: Callable[[dict[str, int]], Sequence[Demand]],
    answer_by: dt.date | None = None,
    by: Actor,
    at: dt.datetime,
) -> Dossier:
    """Register and ask for all that is missing (Mẫu số 02): two events in one transaction, no due date.

    `demands_of` gets the papers that were handed in, key of the version → row, and returns what is asked for.
    """
    with _told_where_it_is(intake):
        dossier = _entered("register", intake, lambda act: None, by=by, at=at)
        demands = demands_of(dict(dossier.papers.values_list("paper_key", "pk")))
        act = acting.prepare("request_supplement", dossier, by=by, at=at)
        request_supplement.work(act, demands=demands, answer_by=answer_by)
        write([act])
    return dossier


def _enter(name: str, intake: Intake, work: acting.Work, *, by: Actor, at: dt.datetime) -> Dossier:
    with _told_where_it_is(intake):
        return _entered(name, intake, work, by=by, at=at)


@contextmanager
def _told_where_it_is(intake: Intake) -> Iterator[None]:
    """Run what enters a dossier in one transaction; a code that is here already is refused by name."""
    code = clean(intake.code, 60, "code")
    try:
        with transaction.atomic(durable=True):
            yield
    except IntegrityError as error:
        if not code or not Dossier.objects.filter(code=code).exists():
            raise
        raise Invalid(_("The dossier %(code)s is here already: open it.") % {"code": code}, "code") from error


def _entered(name: str, intake: Intake, work: acting.Work, *, by: Actor, at: dt.datetime) -> Dossier:
    """Enter a dossier inside the caller's transaction."""
    dossier = dossier_of(intake, at)
    act = begin(name, dossier, by=by, at=at)
    act.parties, act.new_rows = rows_of(intake, dossier, by, at)
    if files := [facts_of(row) for row in act.new_rows if isinstance(row, DossierFile)]:
        act.facts["files"] = files
    work(act)
    dossier.code = dossier.code or dossier_codes(dossier.received_by, at)[0]
    write([act])
    return dossier


def _receive(act: Act) -> None:
    act.move("receive", act.at)
    due_dates.start_clock(act.dossier, act.at)
    act.dossier.answer_by = None


def _reject(act: Act, *, reason: str) -> None:
    act.dossier.answer_has_lapsed = act.dossier.answer_by is not None and day(act) > act.dossier.answer_by
    act.move("reject")
    act.dossier.answer_by = None
    act.say("reason", reason)


@ActFunction
def receive(act: Act, *, due: Any = None) -> None:
    """Receive what was registered: the clock starts now. `due`: a SetDate where the limit has no number."""
    if due is not None:
        due_dates.pin_set(act.dossier, due)
    _receive(act)


@ActFunction
def reject(act: Act, *, reason: str) -> None:
    """Refuse what was registered; after a request only when the day to answer by has passed."""
    _reject(act, reason=reason)
