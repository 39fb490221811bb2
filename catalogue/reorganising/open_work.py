"""Whose work stands on rows that would follow: an open draft, a workflow, a proposal, a change for a day to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from wagtail.models import DraftStateMixin, WorkflowState

from catalogue.models import ChangeLine, Procedure, ProcedureVersion, Proposal
from catalogue.reorganising.posts import in_parts

DRAFT = "it has an open draft: publish or discard it"
WORKFLOW = "a workflow is under way: finish it"
LOCKED = "an editor has locked it: unlock it"
PROPOSAL = "a proposal about it waits: decide it"
LINE = "a set of changes about it isn't in force yet: decide it, or wait for its day"
VERSION = "a version of it takes effect later: wait for that day"


def held(model: type[models.Model], keys: Sequence[int], on: dt.date) -> dict[int, str]:
    """Return why rows must stay as they are (two to six queries a thousand rows)."""
    found: dict[int, str] = {}
    for part in in_parts(keys):
        found |= dict(_reasons(model, part, on))
    return found


def _reasons(model: Any, keys: Sequence[int], on: dt.date) -> Iterator[tuple[int, str]]:
    """Yield each reason; of several the last one is told."""
    kind = ContentType.objects.get_for_model(model)
    proposals = Proposal.objects.open().filter(kind=kind, row__in=keys).values_list("row", flat=True)
    yield from ((pk, PROPOSAL) for pk in proposals if pk is not None)
    if not issubclass(model, DraftStateMixin):
        return
    if model is Procedure:
        yield from _of_procedures(keys, on)
    # What isn't published has drafts by nature: only a published row is kept as it is for one.
    unlike = Q(has_unpublished_changes=True) | ~Q(latest_revision=F("live_revision"))
    drafts = model.objects.filter(unlike, pk__in=keys, live=True, latest_revision__isnull=False)
    yield from ((pk, DRAFT) for pk in drafts.values_list("pk", flat=True))
    flows = WorkflowState.objects.active().filter(base_content_type=kind, object_id__in=[str(pk) for pk in keys])
    yield from ((int(pk), WORKFLOW) for pk in flows.values_list("object_id", flat=True))


def _of_procedures(keys: Sequence[int], on: dt.date) -> Iterator[tuple[int, str]]:
    locked = Procedure.objects.filter(pk__in=keys, locked=True)
    yield from ((pk, LOCKED) for pk in locked.values_list("pk", flat=True))
    undecided = (ChangeLine.Status.OPEN, ChangeLine.Status.APPROVED)
    lines = ChangeLine.objects.filter(procedure__in=keys, status__in=undecided)
    yield from ((pk, LINE) for pk in lines.values_list("procedure", flat=True) if pk is not None)
    versions = ProcedureVersion.objects.future(on).filter(procedure__in=keys)
    yield from ((pk, VERSION) for pk in versions.values_list("procedure", flat=True))
