"""Rows that name something old: which of them follow to what, in bulk, their revisions kept in step."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import ModelLogEntry, Revision, RevisionMixin

from catalogue.reorganising.followers import Conflict, Moves
from catalogue.reorganising.open_work import held

AT_ONCE = 200
"""Rows a transaction: whoever is at work waits no longer than for these."""
UNNAMED = "several took it over, or nobody: name the agency yourself"


@dataclass
class Found:
    """Rows that would follow: their ids by what they name then, and what can't."""

    model: type[models.Model]
    column: str
    targets: dict[int, list[int]]
    moves: Moves


def find(
    model: type[models.Model],
    column: str,
    rows: Sequence[tuple[int, int | None]],
    on: dt.date,
    *,
    say: Callable[[Sequence[int]], Mapping[int, str]],
    unnamed: str = UNNAMED,
) -> Found:
    """Sort rows, each with what it would name or None where nobody can say, into those that follow and conflicts.

    `say` names rows in words; it is asked for a few.
    """
    reasons = held(model, [pk for pk, _target in rows], on)
    found = Found(model, column, defaultdict(list), Moves())
    stuck: dict[int, str] = {}
    for pk, target in rows:
        if target is None or pk in reasons:
            stuck[pk] = reasons.get(pk, unnamed)
            continue
        found.targets[target].append(pk)
        found.moves.count += 1
    shown = [pk for keys in found.targets.values() for pk in keys][:5]
    names = say([*shown, *stuck])
    found.moves.examples = [names.get(pk, str(pk)) for pk in shown]
    found.moves.conflicts = [Conflict(names.get(pk, str(pk)), why) for pk, why in stuck.items()]
    return found


def move(found: Found, at: dt.datetime) -> Moves:
    """Let rows name what they are to name, some hundreds a transaction; what is done stays when it is cut off."""
    for target, keys in found.targets.items():
        for start in range(0, len(keys), AT_ONCE):
            with transaction.atomic():
                _write(found, target, keys[start : start + AT_ONCE], at)
    return found.moves


def _write(found: Found, target: int, keys: Sequence[int], at: dt.datetime) -> None:
    model: Any = found.model
    locked = list(model.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    # Somebody may have begun a draft since: that row waits for the next run.
    free = sorted(set(locked) - set(held(model, locked, at.date())))
    model.objects.filter(pk__in=free).update(**{found.column: target})
    if issubclass(model, RevisionMixin):
        keep_in_step(model, free, {found.column: target}, at)


def keep_in_step(model: Any, keys: Sequence[int], values: Mapping[str, Any], at: dt.datetime) -> None:
    """Write values into the newest revisions of rows, and a line into their histories.

    An editor's form shows the newest revision: the old value in it would come back with the next publication.
    """
    pairs = model.objects.filter(pk__in=keys).exclude(latest_revision=None).values_list("pk", "latest_revision")
    newest = dict(pairs)
    revisions = list(Revision.objects.filter(pk__in=newest.values()))
    for revision in revisions:
        revision.content = {**revision.content, **values}
    Revision.objects.bulk_update(revisions, ["content"], batch_size=50)
    log(model, keys, "wagtail.edit", at, {"fields": sorted(values)})


def log(model: Any, keys: Sequence[int], action: str, at: dt.datetime, data: dict[str, Any]) -> None:
    """Write a line into the history of each row, by nobody: a rule did it."""
    kind, batch = ContentType.objects.get_for_model(model, for_concrete_model=False), uuid.uuid4()
    entries = [
        ModelLogEntry(
            content_type=kind,
            object_id=str(row.pk),
            label=str(row)[:255],
            action=action,
            timestamp=at,
            uuid=batch,
            content_changed=True,
            data=data,
        )
        for row in model.objects.filter(pk__in=keys)
    ]
    ModelLogEntry.objects.bulk_create(entries, batch_size=500)
