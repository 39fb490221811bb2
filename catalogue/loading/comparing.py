"""What a file changes, what an editor changed, and where the two meet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_noop as _
from wagtail.models import WorkflowState

from catalogue.loading.parts import EMPTY, Parts, part_digest
from catalogue.loading.sentences import Sentence
from catalogue.models import Procedure, ProcedureVersion

_EMPTY_DIGESTS = {name: part_digest(part) for name, part in EMPTY.items()}
_SHOWN = 120


def changed_parts(imported: Mapping[str, Any], theirs: Mapping[str, str]) -> list[str]:
    """Return the names of the parts in which a file differs from what was imported last; digests on both sides."""
    known = imported.get("digests", {})
    return [name for name, mark in theirs.items() if mark != known.get(name, _EMPTY_DIGESTS[name])]


def edited_parts(imported: Mapping[str, Any], mine: Parts, names: Sequence[str]) -> list[str]:
    """Return those of the named parts that somebody changed since the last import."""
    known = imported.get("digests", {})
    return [name for name in names if part_digest(mine[name]) != known.get(name, _EMPTY_DIGESTS[name])]


def open_work(pks: Sequence[int], *, on: dt.date) -> dict[int, Sentence]:
    """Return why rows may not be written: an open draft, a lock, a workflow or a version to come."""
    reasons: dict[int, Sentence] = {}
    rows = Procedure.objects.filter(pk__in=pks).values_list(
        "pk", "has_unpublished_changes", "latest_revision_id", "live_revision_id", "locked"
    )
    for pk, has_changes, latest, live, locked in rows:
        if has_changes or latest != live:
            reasons[pk] = Sentence(_("it has an open draft: publish or discard that first"))
        elif locked:
            reasons[pk] = Sentence(_("an editor has locked it: unlock it first"))
    kind = ContentType.objects.get_for_model(Procedure)
    states = WorkflowState.objects.active().filter(base_content_type=kind, object_id__in=[str(pk) for pk in pks])
    for object_id in states.values_list("object_id", flat=True):
        reasons[int(object_id)] = Sentence(_("a workflow is under way: finish it first"))
    future = ProcedureVersion.objects.future(on).filter(procedure__in=pks)
    for pk in future.values_list("procedure_id", flat=True):
        reasons[pk] = Sentence(_("a version takes effect later: wait for that day"))
    return reasons


def show_difference(name: str, mine: Any, theirs: Any) -> str:
    """Return «part: old → new», short."""
    old, new = _plain(mine), _plain(theirs)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    start = max(0, start - 30)
    return f"{name}: {_cut(old, start)} → {_cut(new, start)}"


def _plain(part: Any) -> str:
    return part if isinstance(part, str) else json.dumps(part, ensure_ascii=False, default=str)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _SHOWN].replace("\n", " ⏎ ")
    return f"{'…' if start else ''}{shown}{'…' if start + _SHOWN < len(text) else ''}" or "∅"
