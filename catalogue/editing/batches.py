"""Proposals of many rows in one act: written together, and approved, sent back or withdrawn together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import QuerySet

from catalogue.editing.owners import owner_of
from catalogue.editing.proposals import Act, Status, approve, content_of, propose, refuse, stamp_of, withdraw
from catalogue.models import Proposal, ProposalBatch


@transaction.atomic
def propose_batch(
    label: str, new: Sequence[models.Model], changed: Sequence[models.Model] = (), *, by: Any, at: dt.datetime
) -> ProposalBatch:
    """Write down new rows and changes of rows, unsaved, as one batch (five queries, and a dozen for each change).

    Raises StaleProposalError where another change of a row waits.
    """
    batch = ProposalBatch.objects.create(label=label[:300], written_by=by, written_at=at)
    proposals = [
        Proposal(
            kind=ContentType.objects.get_for_model(row),
            act=Act.ADD,
            label=str(row)[:300],
            agency_id=owner_of(row),
            after=content_of(row),
            written_at=at,
            batch=batch,
        )
        for row in new
    ]
    Proposal.objects.bulk_create(proposals, batch_size=200)
    writers = Proposal.writers.through
    writers.objects.bulk_create([writers(proposal_id=each.pk, user_id=by.pk) for each in proposals], batch_size=500)
    for row in changed:
        waiting = propose(Act.CHANGE, row, by=by, at=at)
        Proposal.objects.filter(pk=waiting.pk).update(batch=batch)
    return batch


def open_of(batch: ProposalBatch) -> QuerySet[Proposal]:
    """Return a batch's proposals that wait, in the order in which they were written."""
    return Proposal.objects.open().filter(batch=batch).order_by("pk")


def seen_of_batch(batch: ProposalBatch) -> str:
    """Return what tells one state of a batch from the next: whoever decides must have seen it so (one query)."""
    return f"{batch.pk}:{','.join(stamp_of(proposal) for proposal in open_of(batch))}"


@transaction.atomic
def approve_batch(batch: ProposalBatch, *, by: Any, at: dt.datetime, day: dt.date) -> int:
    """Carry out all that waits of a batch, or nothing; raises as `catalogue.editing.proposals.approve` does."""
    waiting = list(open_of(batch).select_for_update(of=("self",)))
    for proposal in waiting:
        approve(proposal.pk, by=by, at=at, day=day, stamp=stamp_of(proposal))
    return len(waiting)


@transaction.atomic
def refuse_batch(batch: ProposalBatch, *, by: Any, at: dt.datetime, day: dt.date, note: str) -> int:
    """Send all that waits of a batch back, with what is wrong with it; raises as `refuse` does."""
    waiting = list(open_of(batch).select_for_update(of=("self",)))
    for proposal in waiting:
        refuse(proposal.pk, by=by, at=at, day=day, stamp=stamp_of(proposal), note=note)
    return len(waiting)


@transaction.atomic
def withdraw_batch(batch: ProposalBatch, *, by: Any, at: dt.datetime) -> int:
    """Take all that waits of a batch back; raises NotApprovedError for whoever wrote none of it."""
    waiting = list(open_of(batch).select_for_update(of=("self",)))
    for proposal in waiting:
        withdraw(proposal.pk, by=by, at=at, stamp=stamp_of(proposal))
    return len(waiting)


def is_decided(batch: ProposalBatch) -> bool:
    """Return whether nothing of a batch waits any more (one query)."""
    return not Proposal.objects.filter(batch=batch, status=Status.OPEN).exists()
