"""What an act is: a function that is called on a dossier, or on many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import update_wrapper
from typing import Any

from desk import acting
from desk.acting import Bulk, perform_many
from desk.actors import Actor
from desk.models import (
    Dossier,
)


class ActFunction:
    """An act on a dossier, or on many."""

    def __init__(self, work: Callable[..., None]) -> None:
        update_wrapper(self, work)
        self.name, self.work = work.__name__, work

    def __call__(
        self, dossier_id: int, *, by: Actor, at: dt.datetime, seen: int | None = None, **details: Any
    ) -> Dossier:
        """Do it; return the dossier as it is afterwards. Raises ActRefused, Dossier.DoesNotExist."""
        return acting.perform(self.name, dossier_id, self._with(details), by=by, at=at, seen=seen)

    def bulk(self, ids: Iterable[int], *, by: Actor, at: dt.datetime, **details: Any) -> Bulk:
        """Do it to many in one transaction; return what was done and what refused."""
        return perform_many(self.name, ids, self._with(details), by=by, at=at)

    def bulk_each(self, details: Mapping[int, Mapping[str, Any]], *, by: Actor, at: dt.datetime) -> Bulk:
        """Do it to many in one transaction, each dossier with details of its own, by its key."""
        return perform_many(self.name, details, lambda act: self._with(details[act.dossier.pk])(act), by=by, at=at)

    def _with(self, details: Mapping[str, Any]) -> acting.Work:
        return lambda act: self.work(act, **details)
