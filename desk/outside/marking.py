"""Write down that people got an account on a ministry's system, or that it was withdrawn, and take a mistake back."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import OutsideAccount
from desk.actors import Actor
from desk.outside.board import Board, Line
from desk.refusals import Invalid, NotAllowed

audit = logging.getLogger("desk.audit")
Own = Sequence[OutsideAccount]
"""A person's accounts on one system, the oldest first."""


class Mark(models.TextChoices):
    """What is written down."""

    GRANTED = "granted", gettext_lazy("they got an account")
    WITHDRAWN = "withdrawn", gettext_lazy("their account was withdrawn")
    MISTAKE = "mistake", gettext_lazy("what was written down last is wrong: take it back")


@dataclass
class Marked:
    """The lines that were written down, and those that weren't, each with its reason."""

    done: list[Line] = field(default_factory=list)
    refused: list[tuple[Line, str]] = field(default_factory=list)


def mark(board: Board, keys: Collection[str], what: str, *, on: dt.date | None, by: Actor, at: dt.datetime) -> Marked:
    """Write lines of somebody's board down, all that can be at once; `on`: the day, of a mistake None.

    Said again with another day, it corrects the day. Raises NotAllowed for a line that isn't on the board. The people
    are locked, so two who write at once don't give one person two accounts.
    """
    lines = [line for line in board.lines if line.key in keys]
    if len(lines) < len(set(keys)):
        raise NotAllowed
    found = Marked()
    with transaction.atomic(durable=True):
        people = get_user_model().objects.select_for_update(no_key=True)
        list(people.filter(pk__in={line.user_id for line in lines}).order_by("pk"))
        held = accounts_of(lines)
        for line in lines:
            try:
                write(RULES[what](line, held[line.user_id, line.system_key], on), what, by=by, at=at)
            except Invalid as error:
                found.refused.append((line, str(error)))
            else:
                found.done.append(line)
    return found


def accounts_of(lines: Collection[Line]) -> dict[tuple[int, str], list[OutsideAccount]]:
    """Return the accounts of people by person and system, the oldest first (one query)."""
    found: dict[tuple[int, str], list[OutsideAccount]] = defaultdict(list)
    rows = OutsideAccount.objects.filter(user__in={line.user_id for line in lines})
    for row in rows.order_by("granted_on", "pk"):
        found[row.user_id, row.system_key].append(row)
    return found


@dataclass(frozen=True)
class Step:
    """What becomes of an account: its days are set, or it goes, since it never was; `told`: old → new."""

    row: OutsideAccount
    told: str
    is_gone: bool = False


def granted(line: Line, own: Own, on: dt.date | None) -> Step:
    """Return the account with its first day: a new one, or the open one corrected. Raises Invalid."""
    assert on is not None
    last = own[-1] if own and own[-1].withdrawn_on is None else None
    ended = own[:-1] if last else own
    if ended:
        first, over = ended[-1].granted_on, ended[-1].withdrawn_on
        assert over is not None, "one account at most is open"
        if on < over or on == first:
            raise Invalid(
                _("an account was withdrawn on %(day)s: choose a later day, or take that back first")
                % {"day": said(over)}
            )
    if last is None:
        return Step(OutsideAccount(user_id=line.user_id, system=line.system, granted_on=on), f"– → {on}")
    told = f"{last.granted_on} → {on}"
    last.granted_on = on
    return Step(last, told)


def withdrawn(line: Line, own: Own, on: dt.date | None) -> Step:
    """Return the account with the day of its end, perhaps a corrected one. Raises Invalid."""
    assert on is not None
    if not own:
        raise Invalid(_("there is no account to withdraw"))
    row = own[-1]
    if on < row.granted_on:
        raise Invalid(_("the account was given on %(day)s only: mend one of the days") % {"day": said(row.granted_on)})
    told = f"{row.withdrawn_on or '–'} → {on}"
    row.withdrawn_on = on
    return Step(row, told)


def taken_back(line: Line, own: Own, on: dt.date | None) -> Step:
    """Return the account as it was before it was withdrawn, or gone where it was given by mistake. Raises Invalid."""
    if not own:
        raise Invalid(_("nothing is written down that could be taken back"))
    row = own[-1]
    if row.withdrawn_on is None:
        return Step(row, f"{row.granted_on} → –", is_gone=True)
    told, row.withdrawn_on = f"{row.withdrawn_on} → –", None
    return Step(row, told)


RULES: dict[str, Callable[[Line, Own, dt.date | None], Step]] = {
    Mark.GRANTED: granted,
    Mark.WITHDRAWN: withdrawn,
    Mark.MISTAKE: taken_back,
}


def write(step: Step, what: str, *, by: Actor, at: dt.datetime) -> None:
    """Save or delete the account; a line of the audit follows the commit: ids and days alone."""
    row = step.row
    line: dict[str, Any] = {"event": f"desk.outside_account.{what}", "user": by.user_id, "at": at.isoformat()}
    line |= {"person": row.user_id, "system": row.system, "days": step.told}
    if step.is_gone:
        row.delete()
    else:
        row.written_by_id, row.written_at = by.user_id, at
        row.save(update_fields=["granted_on", "withdrawn_on", "written_by", "written_at"] if row.pk else None)
    transaction.on_commit(partial(audit.info, json.dumps(line, ensure_ascii=False)))


def said(day: dt.date) -> str:
    """Return a day as sentences have it."""
    return f"{day:%d/%m/%Y}"
