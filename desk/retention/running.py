"""Anonymise what is due, batch by batch: each is a transaction of its own, so it may be stopped at any time."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from desk.acting import Act, perform_many
from desk.actions.anonymising import BESIDE, anonymise
from desk.actors import CLOCK
from desk.retention.terms import Term, due, terms

audit = logging.getLogger("desk.audit")
BATCH = 200
"""Dossiers of one transaction: so long are they locked."""


@dataclass
class Done:
    """How many were anonymised by each rule, and how many refused at the last moment."""

    by_rule: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    @property
    def number(self) -> int:
        """Return how many were anonymised."""
        return sum(self.by_rule.values())


def run(on: dt.date, at: dt.datetime, most: int | None = None) -> Done:
    """Anonymise what is due on a day, at most so many."""
    done = Done()
    for term in terms(on):
        for keys in batches(term, on):
            keys = keys if most is None else keys[: most - done.number]
            if not keys:
                return done
            told = perform_many("anonymise", keys, partial(work, on=on, rule=term.name), by=CLOCK, at=at, beside=BESIDE)
            done.by_rule[term.name] += len(told.done)
            done.refused += len(told.refused)
            line = {"event": "desk.anonymised", "rule": term.name, "number": len(told.done), "at": at.isoformat()}
            audit.info(json.dumps({**line, "refused": len(told.refused)}, ensure_ascii=False))
    return done


def work(act: Act, *, on: dt.date, rule: str) -> None:
    """Do it to one dossier of a batch."""
    anonymise.work(act, on=on, rule=rule)


def batches(term: Term, on: dt.date) -> Iterator[list[int]]:
    """Yield the keys of what is due by a rule; what refuses isn't tried again."""
    last = 0
    while keys := list(due(term, on).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield keys
        last = keys[-1]
