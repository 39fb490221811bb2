"""Notices that fall due by the clock: each once for a dossier and what it is about, to those who can do something.

What a notice is about is a text that the database makes from the dossier (a due date, a step, a day to answer by), so
one query finds what was never told. Shadows aren't warned of: their ministry's system settles them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Left, TruncDate

from catalogue.opening import ZONE
from desk.actors import Role
from desk.calendar import WorkCalendar
from desk.deadlines import SOON
from desk.limits import IN_HOURS, Unit
from desk.models import Dossier, Notice
from desk.states import IN_WORK, OPEN, State

Kind = Notice.Kind
LAST_HOUR = dt.timedelta(hours=1)
"""Before the end of a limit that has no working day before its last."""
AT_ONCE = 2_000
"""Dossiers whose notices are written in one transaction."""
ONE_DAY = dt.timedelta(days=1)


class Found(NamedTuple):
    """What is known of a dossier of which somebody must be told."""

    pk: int
    about: str
    state: int
    came_from: int | None
    holder_agency_id: int
    received_by_id: int
    decided_by_id: int

    @property
    def is_at_the_counter(self) -> bool:
        """Return whether the centre still has it."""
        return self.state == State.RECEIVED and self.holder_agency_id == self.received_by_id


Told = set[tuple[int, str]]
"""Agencies and roles."""


def whoever_holds(found: Found) -> Told:
    """Return who has the work on the desk."""
    return {(found.holder_agency_id, Role.CLERK if found.is_at_the_counter else Role.HANDLER)}


def with_the_head(found: Found) -> Told:
    """Return who has the work on the desk, and the one over them."""
    return whoever_holds(found) | {(found.holder_agency_id, Role.HEAD if found.is_at_the_counter else Role.APPROVER)}


def approver(found: Found) -> Told:
    """Return who decides on the dossier."""
    return {(found.decided_by_id, Role.APPROVER)}


def with_the_approver(found: Found) -> Told:
    """Return who has the work on the desk, the one over them, and who decides."""
    return with_the_head(found) | approver(found)


def whoever_may_end_it(found: Found) -> Told:
    """Return who may refuse what was never received; what was, only the approver may stop, and the clerk asks again."""
    clerk = {(found.received_by_id, str(Role.CLERK))}
    return clerk if found.came_from == State.REGISTERED else clerk | approver(found)


def start(day: dt.date) -> dt.datetime:
    """Return the first moment of a local day."""
    return dt.datetime.combine(day, dt.time(), ZONE)


def past_the_minute(at: dt.datetime) -> Q:
    """Return which limits of hours have run out; an extended one ends by its day."""
    return Q(due_at__lt=at, limit_unit__in=IN_HOURS, limit_set_on=None, extension=None)


def overdue(at: dt.datetime) -> QuerySet[Dossier]:
    """Return the dossiers whose due date has passed, by the day or, for limits in hours, by the minute."""
    today = start(at.astimezone(ZONE).date())
    return warned(OPEN).filter(Q(due_at__lt=today) | past_the_minute(at), due_at__lt=at)


def soon(at: dt.datetime, calendar: WorkCalendar) -> QuerySet[Dossier]:
    """Return the dossiers with three working days left or fewer."""
    today = at.astimezone(ZONE).date()
    day = today
    for _each in range(SOON + 1):
        day = calendar.next_working(day)
    return warned(OPEN).filter(~past_the_minute(at), due_at__gte=start(today), due_at__lt=start(day))


def to_be_excused(at: dt.datetime, calendar: WorkCalendar) -> QuerySet[Dossier]:
    """Return the dossiers that need an apology now if they need one: due on this or the next working day.

    A result of the same day and limits of hours have no working day before: theirs is the last hour. A due date is put
    off once only, so an extended one isn't proposed again.
    """
    day = calendar.next_working(at.astimezone(ZONE).date())
    is_short = Q(limit_unit__in=[*IN_HOURS, Unit.SAME_DAY], limit_set_on=None)
    rows = warned(IN_WORK).filter(due_at__gte=at, due_at__lt=start(day + ONE_DAY), extension=None)
    return rows.filter(~is_short | Q(due_at__lte=at + LAST_HOUR))


def late_steps(at: dt.datetime) -> QuerySet[Dossier]:
    """Return the dossiers whose internal step should be done by now; while the clock stands nobody is late."""
    return warned(IN_WORK).filter(step_due_at__lt=at)


def unanswered(at: dt.datetime) -> QuerySet[Dossier]:
    """Return the dossiers whose day to answer by has passed."""
    return warned({State.SUPPLEMENT}).filter(answer_by__lt=at.astimezone(ZONE).date())


def warned(states: Iterable[int]) -> QuerySet[Dossier]:
    """Return the dossiers in some states that are settled here."""
    return Dossier.objects.filter(state__in=sorted(states), system="")


def as_text(day: str | Combinable) -> Cast:
    """Return a day as the database writes it: 2026-03-09."""
    return Cast(day, CharField())


DUE_DAY = as_text(TruncDate("due_at", tzinfo=ZONE))
STEP = Concat(as_text(TruncDate("step_due_at", tzinfo=ZONE)), Value(" "), Left("step", 29))
ANSWER_DAY = as_text(Cast("answer_by", DateField()))


def tell(kind: str, rows: QuerySet[Dossier], about: Combinable, to: Callable[[Found], Told], at: dt.datetime) -> int:
    """Write the notices that weren't written yet; return of how many dossiers they tell.

    Stopped in the middle it goes on at the next time.
    """
    told = 0
    wanted = untold(kind, rows, about)
    while found := [Found(*row) for row in wanted[:AT_ONCE]]:
        Notice.objects.bulk_create(
            [
                Notice(dossier_id=each.pk, kind=kind, agency_id=agency, role=role, about=each.about, made_at=at)
                for each in found
                for agency, role in sorted(to(each))
            ],
            ignore_conflicts=True,
        )
        told += len(found)
        if len(found) < AT_ONCE:
            break
    return told


def untold(kind: str, rows: QuerySet[Dossier], about: Combinable) -> QuerySet[Dossier, tuple[Any, ...]]:
    """Return the dossiers without a notice of a kind about what it is about now, as the values of Found."""
    known = Notice.objects.filter(dossier=OuterRef("pk"), kind=kind, about=OuterRef("about"))
    return rows.annotate(about=about).filter(~Exists(known)).order_by().values_list(*Found._fields)
