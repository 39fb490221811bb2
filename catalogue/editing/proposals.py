"""Proposals: how a change of a row without drafts is written, approved and carried out."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields, model_from_serializable_data
from wagtail.log_actions import log

from catalogue.editing.four_eyes import FourEyesMixin, NotApprovedError, agreed
from catalogue.editing.owners import owner_of
from catalogue.editing.reach import approving_reach, who_can_approve
from catalogue.models import Proposal
from catalogue.versioning import digest

Act, Status = Proposal.Act, Proposal.Status


class StaleProposalError(Exception):
    """Somebody was faster, or the row is no longer what the proposal was written over; the message says what to do."""


def content_of(row: models.Model) -> dict[str, Any]:
    """Return a row with its children as plain data, in every language."""
    with override(settings.LANGUAGE_CODE):
        cluster: Any = row if isinstance(row, ClusterableModel) else None
        data = cluster.serializable_data() if cluster else get_serializable_data_for_fields(row)
    plain: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return plain


def row_of(proposal: Proposal) -> Any:
    """Return the row as the proposal would have it, unsaved; raises StaleProposalError where it points at nothing."""
    model: Any = proposal.kind.model_class()
    gone = _("Something that it names is gone: send it back, so that it is written anew.")
    try:
        with override(settings.LANGUAGE_CODE):
            if issubclass(model, ClusterableModel):
                row = model.from_serializable_data(proposal.after, check_fks=True, strict_fks=True)
            else:
                row = model_from_serializable_data(model, proposal.after, check_fks=True, strict_fks=True)
    except Exception as error:  # modelcluster raises no kind of its own for a protected row that is gone.
        raise StaleProposalError(gone) from error
    if row is None:
        raise StaleProposalError(gone)
    return row


@transaction.atomic
def propose(
    act: str, row: models.Model, *, by: Any, at: dt.datetime, seen: str = "", to: Proposal | None = None
) -> Proposal:
    """Write down a change, or rewrite the open one of the row: `row` holds its new values, unsaved.

    `seen` is what the writer's form showed (`seen_of`); raises StaleProposalError if somebody wrote since,
    or if another change of the row waits.
    """
    kind = ContentType.objects.get_for_model(row)
    stored = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    open_ones = Proposal.objects.select_for_update().open()
    waiting = open_ones.filter(pk=to.pk).first() if to else None
    if stored is not None:
        waiting = open_ones.filter(kind=kind, row=stored.pk).first()
    if to is not None and waiting is None:
        raise StaleProposalError(_("The proposal was decided meanwhile: open the row anew."))
    if waiting is not None and waiting.act != act:
        text = _("Another proposal for it waits («%(act)s»): decide or withdraw that one first.")
        raise StaleProposalError(text % {"act": waiting.get_act_display()})
    if seen and seen != seen_of(stored, waiting):
        text = _(
            "Somebody saved a change of this row after you opened it: look at it, then save again to put yours over it."
        )
        raise StaleProposalError(text)
    before = content_of(stored) if stored is not None else {}
    after = content_of(row) if act in (Act.ADD, Act.CHANGE) else {}
    owner = owner_of(row)
    # A change that hands a row to another agency concerns both: the province decides.
    agency = owner if stored is None or owner_of(stored) == owner else None
    proposal = waiting or Proposal(kind=kind, row=stored.pk if stored else None, act=act)
    proposal.label, proposal.agency_id = str(row)[:300], agency
    proposal.before, proposal.after, proposal.written_at = before, after, at
    proposal.save()
    proposal.writers.add(by)
    return proposal


def stamp_of(proposal: Proposal | None) -> str:
    """Return what tells one state of a row's open proposal from the next."""
    return f"{proposal.pk}/{proposal.written_at.isoformat()}" if proposal else "none"


def waiting_for(row: models.Model) -> Proposal | None:
    """Return the open proposal about a row, if there is one (one query)."""
    return Proposal.objects.open().about(row).first()


def seen_of(stored: models.Model | None, waiting: Proposal | None) -> str:
    """Return what a form was opened over: the row as it stood, and its open proposal."""
    return f"{digest(content_of(stored))[:16] if stored else 'new'} {stamp_of(waiting)}"


def may_decide(user: Any, proposal: Proposal, day: dt.date) -> str:
    """Return why a person may not approve a proposal, and who can; empty where they may."""
    writers = set(proposal.writers.values_list("pk", flat=True))
    if user.pk in writers:
        why = _("You wrote a part of this change, so somebody else must approve it.")
    elif not approving_reach(user, day).covers(proposal.agency_id):
        why = _("You aren't posted as an approver of the catalogue at the agency that answers for it.")
    else:
        return ""
    return f"{why} {who_can_approve(proposal.agency_id, day, but=writers)}"


def approve(pk: int, *, by: Any, at: dt.datetime, day: dt.date, stamp: str, note: str = "") -> Proposal:
    """Carry out a proposal as it was seen (`stamp_of`).

    Raises NotApprovedError for whoever may not, StaleProposalError where it or the row changed, ValidationError
    where the row breaks a rule, ProtectedError where others need a row that goes.
    """
    with transaction.atomic():
        proposal = _open(pk, stamp)
        if refusal := may_decide(by, proposal, day):
            raise NotApprovedError(refusal)
        _carry_out(proposal, by=by)
        _decide(proposal, Status.APPROVED, by=by, at=at, note=note)
    return proposal


def refuse(pk: int, *, by: Any, at: dt.datetime, day: dt.date, stamp: str, note: str) -> Proposal:
    """Send a proposal back with what is wrong with it; raises as `approve` does."""
    with transaction.atomic():
        proposal = _open(pk, stamp)
        if refusal := may_decide(by, proposal, day):
            raise NotApprovedError(refusal)
        _decide(proposal, Status.REFUSED, by=by, at=at, note=note)
    return proposal


def withdraw(pk: int, *, by: Any, at: dt.datetime, stamp: str) -> Proposal:
    """Take a proposal back, as one who wrote it; raises NotApprovedError for others."""
    with transaction.atomic():
        proposal = _open(pk, stamp)
        if not proposal.writers.filter(pk=by.pk).exists():
            raise NotApprovedError(_("Only who wrote a proposal can withdraw it."))
        _decide(proposal, Status.WITHDRAWN, by=by, at=at)
    return proposal


def _open(pk: int, stamp: str) -> Proposal:
    proposal = Proposal.objects.select_for_update().open().filter(pk=pk).first()
    if proposal is None or stamp_of(proposal) != stamp:
        raise StaleProposalError(_("The proposal changed or was decided meanwhile: look at it again."))
    return proposal


def _decide(proposal: Proposal, status: str, *, by: Any, at: dt.datetime, note: str = "") -> None:
    proposal.status, proposal.decided_by, proposal.decided_at, proposal.note = status, by, at, note
    proposal.save(update_fields=["status", "decided_by", "decided_at", "note", "row"])


def _carry_out(proposal: Proposal, *, by: Any) -> None:
    model = proposal.kind.model_class()
    assert model is not None
    stored = model._default_manager.select_for_update().filter(pk=proposal.row).first() if proposal.row else None
    if proposal.row and (stored is None or content_of(stored) != proposal.before):
        raise StaleProposalError(
            _("The row was changed since the proposal was written: send it back, so that it is written anew.")
        )
    with agreed(proposal):
        if proposal.act in (Act.ADD, Act.CHANGE):
            row = row_of(proposal)
            if proposal.act == Act.ADD:
                row.pk = None
            with override(settings.LANGUAGE_CODE):
                row.full_clean(exclude=[field.name for field in row._meta.fields if not field.editable])
                row.save()
            proposal.row = row.pk
            log(
                instance=row,
                action="wagtail.create" if stored is None else "wagtail.edit",
                user=by,
                content_changed=True,
            )
        elif proposal.act == Act.UNPUBLISH:
            assert isinstance(stored, FourEyesMixin)
            if stored.has_unpublished_changes or stored.workflow_in_progress:
                raise StaleProposalError(_("It has an open draft: publish or discard that first."))
            stored.unpublish(user=by)
        else:
            assert stored is not None
            log(instance=stored, action="wagtail.delete", user=by, deleted=True)
            stored.delete()
