"""More is asked for, and comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from desk import acting
from desk.acting import Act
from desk.actions.function import ActFunction
from desk.actions.shared import day, go_on, require_own, stop_clock
from desk.actors import Role
from desk.demands import Demand, Stage, is_represented, items_of, stage_of
from desk.identities import clean
from desk.intake import PaperIn, handed_in, not_represented
from desk.interruptions import Ground
from desk.models import (
    Dossier,
    HandedPaper,
    Notice,
    SupplementItem,
    SupplementRequest,
)
from desk.permissions import SECOND_SUPPLEMENT, permitted_by
from desk.refusals import BeyondTheRules, Invalid, NotAllowed, WrongState
from desk.states import State
from desk.versions import askable_papers, papers_of

ANSWER_DAYS = 30
"""Days in which an applicant answers a request, where the officer names no other: practice, no rule is known."""


class RecordedActFunction(ActFunction):
    """A request for more: one that goes beyond the rules is refused, and the try is recorded by an event."""

    def _with(self, details: Mapping[str, Any]) -> acting.Work:
        def work(act: Act) -> None:
            try:
                self.work(act, **details)
            except BeyondTheRules as error:
                _record_refusal(act, error, details["demands"])

        return work


def _record_refusal(act: Act, error: BeyondTheRules, demands: Sequence[Demand]) -> None:
    """Leave an event that tells what was asked for; what was typed goes into an erasable text."""
    listed = {paper.key for paper in papers_of(act.dossier.version, act.dossier.case_key)}
    kinds = set(SupplementItem.Kind.values)
    act.refusal, act.new_rows = error, []
    act.facts = {
        "refused": [
            [demand.kind if demand.kind in kinds else "", demand.paper_key if demand.paper_key in listed else ""]
            for demand in demands[:50]
        ]
    }
    asked_for = "\n".join(f"{demand.paper_key} {demand.reason}".strip() for demand in demands)
    act.say("asked_for", asked_for[:2_000], required=False)


@RecordedActFunction
def request_supplement(
    act: Act, *, demands: Sequence[Demand], answer_by: dt.date | None = None, ground: str = ""
) -> None:
    """Ask for what is missing, whole and once, each with its reason (Mẫu số 02).

    During processing a second request needs `ground`, the article of the sector law, and the deciding agency's
    approver; the head of the centre is told. Raises BeyondTheRules for what no rule asks for.
    """
    act.require_move("request_supplement")
    dossier = act.dossier
    stage = stage_of(dossier)
    asked = dossier.entry_supplements if stage == Stage.ENTRY else dossier.work_supplements
    ground = clean(ground, 300, "ground")
    if asked and stage == Stage.ENTRY:
        raise WrongState(_("At entry everything that is missing is asked for once. It was: receive it, or refuse it."))
    if asked:
        require_second(act, ground)
    answer_by = answer_by or day(act) + dt.timedelta(ANSWER_DAYS)
    if answer_by <= day(act):
        raise Invalid(_("Leave the applicant at least a day to answer."), "answer_by")
    items = items_of(dossier, demands)
    act.move("request_supplement")
    request = SupplementRequest(
        dossier=dossier, stage=stage, number=asked + 1, asked_at=act.at, answer_by=answer_by, ground=ground
    )
    act.add(request)
    for item in items:
        item.request = request
        act.add(item)
    if stage == Stage.ENTRY:
        dossier.entry_supplements += 1
    else:
        dossier.work_supplements += 1
        stop_clock(act, Ground.SUPPLEMENT)
    dossier.answer_by = answer_by
    act.say("reasons", "\n".join(item.reason for item in items))
    act.facts = {"stage": stage, "number": asked + 1, "items": [[item.kind, item.paper_key] for item in items]}
    if ground:
        act.facts["ground"] = ground


def require_second(act: Act, ground: str) -> None:
    """Let a second request during processing pass only by law and approver; the head of the centre is told."""
    if not ground:
        raise Invalid(
            _("More was asked for once already. A second request needs the article of the sector law that allows it."),
            "ground",
        )
    post = permitted_by(SECOND_SUPPLEMENT, act.dossier, act.by)
    if post is None:
        raise NotAllowed(_("A second request is made by the approver of the deciding agency."))
    act.post = post
    act.add(
        Notice(
            dossier=act.dossier,
            kind=Notice.Kind.SECOND_SUPPLEMENT,
            agency_id=act.dossier.received_by_id,
            role=Role.HEAD,
            about=str(act.dossier.work_supplements + 1),
            made_at=act.at,
        )
    )


@ActFunction
def accept_supplement(act: Act, *, papers: Sequence[PaperIn] = (), note: str = "") -> None:
    """Take in what was asked for: the dossier goes on where it stood; the clock restarts or runs on by its version."""
    dossier = act.dossier
    before = dossier.came_from
    act.move("accept_supplement")
    dossier.came_from, dossier.answer_by = None, None
    request = dossier.supplement_requests.latest("pk")
    act.change(request, answered_at=act.at)
    if any(not paper.key and not paper.corrects for paper in papers) and not is_represented(dossier):
        raise not_represented()
    hand_in(act, papers)
    if before != State.REGISTERED:
        go_on(act)
    act.facts = {"papers": len(papers)}
    act.say("note", note, required=False)


def hand_in(act: Act, papers: Sequence[PaperIn]) -> None:
    """Add papers; one that corrects another replaces it, and both are kept."""
    earlier = {paper.pk: paper for paper in act.dossier.papers.filter(replaced_by=None)} if papers else {}
    taken: list[PaperIn] = []
    replaced: list[HandedPaper | None] = []
    for paper in papers:
        old = earlier.pop(paper.corrects, None) if paper.corrects else None
        if paper.corrects and old is None:
            raise Invalid(_("The paper to be corrected isn't in this dossier, or was replaced already."), "papers")
        require_own(paper.file, act)
        replaced.append(old)
        taken.append(replace(paper, key=old.paper_key) if old else paper)
    known = asked_for(act.dossier, taken) | {old.paper_key: old.name for old in replaced if old}
    for old, new in zip(replaced, handed_in(taken, act.dossier, act.by, act.at, known=known), strict=True):
        act.add(new)
        if old is not None:
            act.change(old, replaced_by=new)


def asked_for(dossier: Dossier, papers: Sequence[PaperIn]) -> dict[str, str]:
    """Return, by key, the names of what was asked for that the list has no longer (one query if there is any)."""
    gone = {paper.key for paper in papers if paper.key} - askable_papers(dossier.version, dossier.case_key).keys()
    if not gone:
        return {}
    rows = SupplementItem.objects.filter(request__dossier=dossier, kind=SupplementItem.Kind.PAPER, paper_key__in=gone)
    return dict(rows.values_list("paper_key", "name"))
