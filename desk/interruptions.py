"""What stops the clock of a dossier: a supplement that is asked for, a payment, a suspension."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.models import Procedure
from catalogue.opening import ZONE
from desk.calendar import WorkCalendar
from desk.limits import DeadlineError

Effect = Procedure.OnSupplement


class Ground(models.TextChoices):
    SUPPLEMENT = "supplement", _("supplement")
    PAYMENT = "payment", _("payment")
    SUSPENSION = "suspension", _("suspension")


@dataclass(frozen=True)
class Interruption:
    """One stop of the clock: from when it was asked for until it was answered (None: not yet). Moments are aware.

    A supplement restarts the clock or pauses it, as the procedure's version says; payment and suspension only pause.
    Raises DeadlineError.
    """

    ground: str
    began: dt.datetime
    ended: dt.datetime | None = None
    effect: str = Effect.PAUSE

    def __post_init__(self) -> None:
        require_aware(self.began, self.ended)
        if self.ground not in Ground.values or self.effect not in Effect.values:
            raise DeadlineError(gettext("The clock stops for a supplement, a payment or a suspension only."))
        if self.effect == Effect.RESTART and self.ground != Ground.SUPPLEMENT:
            raise DeadlineError(gettext("Only a supplement can make the time limit start anew."))
        if self.ended is not None and self.ended < self.began:
            raise DeadlineError(gettext("An answer can't be earlier than what it answers."))


class Pause(NamedTuple):
    """A closed stop of the clock; `ended` is when work on the dossier could go on: never while the doors are shut."""

    began: dt.datetime
    ended: dt.datetime
    ground: str

    def touches(self, day: dt.date) -> bool:
        """Return whether the clock stood at some time of a day."""
        return self.began.astimezone(ZONE).date() <= day <= self.ended.astimezone(ZONE).date()


class Stand:
    """The days that pauses take out of a count.

    The day on which the clock stops isn't used up, the day on which it goes on counts. Where it stops on the uncounted
    first day, the day on which it goes on takes that day's place (BLDS 2015 Điều 147 khoản 2). So a pause always moves
    the end by the days that passed between its two ends.
    """

    def __init__(self, pauses: Iterable[Pause], first: dt.date) -> None:
        self._spans: list[tuple[dt.date, dt.date, str]] = []
        for pause in pauses:
            began, ended = pause.began.astimezone(ZONE).date(), pause.ended.astimezone(ZONE).date()
            if began <= first:
                self._spans.append((first + dt.timedelta(1), ended + dt.timedelta(1), pause.ground))
                first = ended
                continue
            self._spans.append((began, ended, pause.ground))

    def ground_on(self, day: dt.date) -> str:
        """Return why a day is taken out, empty where it isn't."""
        return next((ground for first, after, ground in self._spans if first <= day < after), "")


def closed(interruptions: Iterable[Interruption], calendar: WorkCalendar) -> list[Pause]:
    """Return the answered ones as pauses; an answer while the doors are shut counts from the next opening."""
    return [
        Pause(each.began, calendar.next_open(each.ended), each.ground)
        for each in interruptions
        if each.ended is not None
    ]


def require_order(received_at: dt.datetime, interruptions: Sequence[Interruption]) -> None:
    """Raise DeadlineError unless each begins after the receipt and after the one before was answered."""
    before: dt.datetime | None = received_at
    for each in interruptions:
        if before is None or each.began < before:
            raise DeadlineError(gettext("The clock can't be stopped before the receipt, nor while it stands already."))
        before = each.ended


def require_aware(*moments: dt.datetime | None) -> None:
    """Raise DeadlineError for a moment without a time zone."""
    if any(moment is not None and moment.utcoffset() is None for moment in moments):
        raise DeadlineError(gettext("A moment needs its time zone."))
