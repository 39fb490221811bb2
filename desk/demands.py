"""What a supplement may ask for: papers of the pinned version, proof of representation, a correction. Nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from desk.identities import clean_lines
from desk.models import Dossier, HandedPaper, Party, SupplementItem, SupplementRequest
from desk.refusals import BeyondTheRules, Invalid
from desk.states import State
from desk.versions import askable_papers

REPRESENTATION = "Giấy tờ chứng minh quyền đại diện hoặc được ủy quyền của người nộp"
"""What a proof of representation is called in a dossier: content, so Vietnamese whoever enters it."""
Kind, Stage = SupplementItem.Kind, SupplementRequest.Stage
LONGEST_REASON = 2_000


@dataclass(frozen=True)
class Demand:
    """One thing to ask for, with its reason: `paper_key` of the version, or `handed_paper` to be corrected."""

    kind: str
    reason: str
    paper_key: str = ""
    handed_paper_id: int | None = None


def stage_of(dossier: Dossier) -> str:
    """Return the stage in which a dossier is asked for more."""
    return Stage.ENTRY if dossier.state == State.REGISTERED else Stage.WORK


def items_of(dossier: Dossier, demands: Sequence[Demand]) -> list[SupplementItem]:
    """Return the unsaved rows of a request (two queries).

    Raises BeyondTheRules for what no rule asks for (Nghị định 63/2010/NĐ-CP Điều 18), Invalid without a reason.
    """
    if not demands:
        raise Invalid(_("Tick at least one paper, and give the reason of each."), "items")
    listed = askable_papers(dossier.version, dossier.case_key)
    handed = {paper.pk: paper for paper in dossier.papers.filter(replaced_by=None)}
    found = []
    for demand in dict.fromkeys(demands):
        reason = clean_lines(demand.reason)
        if not reason:
            raise Invalid(_("Give a reason for each paper: the applicant has a right to read it."), "reason")
        if len(reason) > LONGEST_REASON:
            raise Invalid(_("A reason has 2,000 letters at most."), "reason")
        row = SupplementItem(kind=demand.kind, reason=reason)
        if demand.kind == Kind.PAPER and demand.paper_key in listed:
            row.paper_key, row.name = demand.paper_key, listed[demand.paper_key].name
        elif demand.kind == Kind.REPRESENTATION and is_represented(dossier):
            row.name = REPRESENTATION
        elif demand.kind == Kind.CORRECTION and demand.handed_paper_id in handed:
            row.handed_paper, row.name = handed[demand.handed_paper_id], handed[demand.handed_paper_id].name
        else:
            raise BeyondTheRules(
                _(
                    "Only papers of the procedure's list can be asked for, a proof of representation where somebody "
                    "else submits, or a correction of a paper handed in. If the list is wrong, tell its editor."
                )
            )
        found.append(row)
    return found


def is_represented(dossier: Dossier) -> bool:
    """Return whether somebody submits for the owner (one query)."""
    roles = set(dossier.parties.values_list("role", flat=True))
    return Party.Role.SUBMITTER in roles or Party.Role.OWNER in roles


def paper_row(dossier: Dossier, key: str) -> HandedPaper | None:
    """Return the paper of the version's list that was handed in under a key."""
    return dossier.papers.filter(paper_key=key, replaced_by=None).first()
