"""Marking unclassified rows of the dossier's list: proposed by one person, made so by another, many at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from catalogue.loading.history import whole
from catalogue.models import PaperMarking, Procedure, RequiredPaper
from catalogue.signals import catalogue_changed
from catalogue.versioning import record_version

Status, Kind = PaperMarking.Status, RequiredPaper.Kind
Marked = Mapping[int, PaperMarking]
"""By the id of the paper."""


@dataclass
class Outcome:
    """What came of a set of markings: how many were carried out, and why others weren't, by reason."""

    done: int = 0
    left: Counter[str] = field(default_factory=Counter)


def unclassified(user: Any, day: dt.date) -> models.QuerySet[RequiredPaper]:
    """Return the rows without a kind in published procedures that a person may edit."""
    mine = Procedure.objects.editable_by(user, day).filter(live=True, status=Procedure.Status.IN_FORCE)
    return RequiredPaper.objects.filter(kind=Kind.UNCLASSIFIED, case__procedure__in=mine.order_by().values("pk"))


@transaction.atomic
def mark(kinds: Mapping[int, str], *, by: Any, at: dt.datetime, day: dt.date) -> int:
    """Propose a kind for each paper, over whatever waits for it; return how many were written.

    Papers that have a kind by now, or that the person may not edit, are left out. Four queries.
    """
    mine = unclassified(by, day).filter(pk__in=kinds)
    # Locked in one order, so that two who mark the same page don't wait for each other.
    papers: list[Any] = list(RequiredPaper.objects.select_for_update().filter(pk__in=mine.values("pk")).order_by("pk"))
    owners = dict(mine.order_by().values_list("pk", "case__procedure"))
    _close(PaperMarking.objects.open().filter(paper__in=papers), Status.REPLACED, by=by, at=at)
    PaperMarking.objects.bulk_create(
        PaperMarking(
            procedure_id=owners[paper.pk], paper=paper, text=paper.name_vi or "", kind=kinds[paper.pk], by=by, at=at
        )
        for paper in papers
    )
    return len(papers)


@transaction.atomic
def unmark(papers: Collection[int], *, by: Any, at: dt.datetime) -> int:
    """Take one's own open markings back; return how many there were."""
    return _close(PaperMarking.objects.open().filter(paper__in=papers, by=by), Status.WITHDRAWN, by=by, at=at)


@transaction.atomic
def send_back(pks: Collection[int], *, by: Any, at: dt.datetime, day: dt.date) -> Outcome:
    """Send markings back to their writers: the papers stay unclassified and can be marked anew."""
    rows, outcome = _decidable(pks, by, day)
    outcome.done = _close(PaperMarking.objects.filter(pk__in=[row.pk for row in rows]), Status.REFUSED, by=by, at=at)
    return outcome


@transaction.atomic
def approve(pks: Collection[int], *, by: Any, at: dt.datetime, day: dt.date) -> Outcome:
    """Carry out markings: the live rows, the revisions that editors open, and a version in force from `day`.

    An open draft stays one, and what its editors chose for a paper stays theirs. One's own markings, those of
    others' agencies and those of papers that changed since are left out, and counted by reason. Tells search and
    cache once, on commit.
    """
    owners = PaperMarking.objects.filter(pk__in=pks).values("procedure")
    # The procedures first, as whoever publishes one writes it first.
    list(Procedure.objects.select_for_update().filter(pk__in=owners).order_by("pk").values_list("pk"))
    rows, outcome = _decidable(pks, by, day)
    papers = RequiredPaper.objects.select_for_update().filter(pk__in=[row.paper_id for row in rows]).order_by("pk")
    known = {paper.pk: paper for paper in papers}
    current = [row for row in rows if _is_current(known.get(row.paper_id or 0), row)]
    gone = [row.pk for row in rows if row not in current]
    outcome.left[_("The paper was changed or classified meanwhile: look at it anew.")] += len(gone)
    _close(PaperMarking.objects.filter(pk__in=gone), Status.REPLACED, by=by, at=at)
    _close(PaperMarking.objects.filter(pk__in=[row.pk for row in current]), Status.APPROVED, by=by, at=at)
    outcome.done = len(current)
    _carry_out(known, current, by=by, at=at, day=day)
    return outcome


def _decidable(pks: Collection[int], by: Any, day: dt.date) -> tuple[list[PaperMarking], Outcome]:
    """Return the open ones of the markings that a person may decide, locked, and why others aren't among them."""
    outcome = Outcome()
    seen = set(PaperMarking.objects.visible_to(by, day).filter(pk__in=pks).values_list("pk", flat=True))
    waiting = list(PaperMarking.objects.select_for_update().open().filter(pk__in=seen).order_by("pk"))
    mine = PaperMarking.objects.approvable_by(by, day).filter(pk__in=[row.pk for row in waiting])
    allowed = set(mine.values_list("pk", flat=True))
    outcome.left[_("They were decided or marked anew meanwhile.")] += len(seen) - len(waiting)
    written = _written_by(by, waiting)
    for row in waiting:
        if row.pk in allowed:
            continue
        own = _("You marked them yourself, so somebody else must approve them.")
        missing = _("You aren't posted as an approver of the catalogue at the agency that answers for it.")
        outcome.left[own if row.paper_id in written else missing] += 1
    return [row for row in waiting if row.pk in allowed], outcome


def _written_by(by: Any, rows: Iterable[PaperMarking]) -> set[int]:
    papers = [row.paper_id for row in rows]
    mine = PaperMarking.objects.filter(paper__in=papers, by=by, status__in=PaperMarking.UNDECIDED)
    return {pk for pk in mine.values_list("paper", flat=True) if pk is not None}


def _is_current(paper: Any, row: PaperMarking) -> bool:
    return paper is not None and paper.kind == Kind.UNCLASSIFIED and (paper.name_vi or "") == row.text


def _close(rows: models.QuerySet[PaperMarking], status: str, *, by: Any, at: dt.datetime) -> int:
    return rows.update(status=status, decided_by=by, decided_at=at)


def _carry_out(
    papers: Mapping[int, RequiredPaper], rows: list[PaperMarking], *, by: Any, at: dt.datetime, day: dt.date
) -> None:
    if not rows:
        return
    marked = {row.paper_id: row for row in rows if row.paper_id is not None}
    for pk, row in marked.items():
        vars(papers[pk]).update(columns_of(row.kind, papers[pk].originals, papers[pk].copies))
    columns = ["kind", "originals", "copies"]
    RequiredPaper.objects.bulk_update([papers[pk] for pk in marked], columns, batch_size=200)
    owners = sorted({row.procedure_id for row in rows})
    Procedure.objects.filter(pk__in=owners).update(updated_at=at)
    procedures = list(whole(owners))
    _patch_revisions(procedures, marked)
    for procedure in procedures:
        if procedure.live:
            record_version(procedure, decision=procedure.decision, effective_from=day, at=at)
        count = sum(row.procedure_id == procedure.pk for row in rows)
        data = {"papers classified": count}
        log(instance=procedure, action="wagtail.edit", user=by, content_changed=True, data=data)
    codes = [procedure.code for procedure in procedures]
    transaction.on_commit(lambda: catalogue_changed.send(sender=Procedure, codes=codes))


def columns_of(kind: str, originals: int | None, copies: int | None) -> dict[str, Any]:
    """Return a paper's columns: one that the source counts 0 and 0 times says no number, so it becomes «not given»."""
    is_uncounted = kind == Kind.PAPER and not originals and not copies
    return {"kind": kind, "originals": None if is_uncounted else originals, "copies": None if is_uncounted else copies}


def _patch_revisions(procedures: Iterable[Procedure], marked: Marked) -> None:
    """Write kinds into the published state and the newest draft, where the paper is still as it was marked."""
    pks = {pk for row in procedures for pk in (row.latest_revision_id, row.live_revision_id) if pk}
    changed = []
    for revision in Revision.objects.select_for_update().filter(pk__in=pks).order_by("pk"):
        papers = [paper for case in revision.content.get("cases") or () for paper in case.get("papers") or ()]
        patched = [_patch(paper, marked) for paper in papers]
        if True in patched:
            changed.append(revision)
    Revision.objects.bulk_update(changed, ["content"], batch_size=20)


def _patch(content: dict[str, Any], marked: Marked) -> bool:
    row = marked.get(content.get("pk") or 0)
    if row is None or content.get("kind") != Kind.UNCLASSIFIED or (content.get("name_vi") or "") != row.text:
        return False
    content.update(columns_of(row.kind, content.get("originals"), content.get("copies")))
    return True
