"""What hangs below procedures, as plain lists: twelve queries, however many procedures.

Prefetching the clusters would make a manager and a query for each list of each row, which took two thirds of the time
that the full download needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from catalogue.models import (
    AgencyRole,
    Audience,
    Case,
    FeeItem,
    FilingChannel,
    LegalDocument,
    Procedure,
    ProcedureResult,
    ProcedureRoute,
    ProvinceProcedure,
    RequiredPaper,
    Term,
)
from catalogue.procedure_querysets import ProcedureQuerySet

BATCH = 500


@dataclass
class Channel:
    """A way to file with its limits and fees."""

    row: FilingChannel
    terms: list[Term] = field(default_factory=list)
    fees: list[FeeItem] = field(default_factory=list)


@dataclass
class CasePapers:
    """A case with its papers."""

    row: Case
    papers: list[RequiredPaper] = field(default_factory=list)


@dataclass
class Parts:
    """A procedure and all that hangs below it, each in order."""

    procedure: Procedure
    channels: list[Channel] = field(default_factory=list)
    cases: list[CasePapers] = field(default_factory=list)
    results: list[ProcedureResult] = field(default_factory=list)
    roles: list[AgencyRole] = field(default_factory=list)
    audiences: list[Audience] = field(default_factory=list)
    legal_basis: list[LegalDocument] = field(default_factory=list)
    overlays: list[ProvinceProcedure] = field(default_factory=list)
    routes: list[ProcedureRoute] = field(default_factory=list)


def joined(procedures: ProcedureQuerySet) -> ProcedureQuerySet:
    """Join what a procedure points at."""
    joins = ("field", "province", "decision", "replaced_by", "maintained_by")
    return procedures.select_related(*joins).defer("imported", "search_marked", "search_folded")


def read_all(procedures: ProcedureQuerySet) -> Iterator[Parts]:
    """Give each procedure with its parts, in order, five hundred at a time."""
    batch: list[Procedure] = []
    for row in joined(procedures).iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield from read(batch)
            batch = []
    yield from read(batch)


def read(procedures: Sequence[Procedure]) -> list[Parts]:
    """Return procedures, joined already, with their parts."""
    found = {row.pk: Parts(row) for row in procedures}
    if not found:
        return []
    channels = {row.pk: Channel(row) for row in _below(FilingChannel, "procedure", found)}
    for channel in channels.values():
        found[channel.row.procedure_id].channels.append(channel)
    for term in _below(Term, "channel", channels):
        channels[term.channel_id].terms.append(term)
    for fee in _below(FeeItem, "channel", channels):
        channels[fee.channel_id].fees.append(fee)
    cases = {row.pk: CasePapers(row) for row in _below(Case, "procedure", found)}
    for case in cases.values():
        found[case.row.procedure_id].cases.append(case)
    for paper in _below(RequiredPaper, "case", cases, "form", "result_of"):
        cases[paper.case_id].papers.append(paper)
    for result in _below(ProcedureResult, "procedure", found):
        found[result.procedure_id].results.append(result)
    overlays = ProvinceProcedure.objects.filter(procedure__in=list(found)).order_by("pk")
    for overlay in overlays.select_related("decision", "agency", "province"):
        found[overlay.procedure_id].overlays.append(overlay)
    for route in ProcedureRoute.objects.filter(procedure__in=list(found)).order_by("pk"):
        found[route.procedure_id].routes.append(route)
    for name, order in (("roles", "name_vi"), ("audiences", "order"), ("legal_basis", "number")):
        for pk, rows in _linked(name, order, found).items():
            setattr(found[pk], name, rows)
    return list(found.values())


def _below(model: type[Model], parent: str, parents: dict[int, Any], *joins: str) -> Iterable[Any]:
    rows = model._default_manager.filter(**{f"{parent}__in": list(parents)}).order_by("sort_order", "pk")
    return rows.select_related(*joins) if joins else rows


def _linked(name: str, order: str, procedures: dict[int, Parts]) -> dict[int, list[Any]]:
    """Return the rows at the other end of a many-to-many field, by procedure, each row read once a procedure."""
    link = Procedure._meta.get_field(name)
    through: Any = link.remote_field.through  # type: ignore[union-attr]
    target: str = link.m2m_reverse_field_name()  # type: ignore[union-attr]
    links = through.objects.filter(procedure__in=list(procedures)).select_related(target)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in links.order_by(f"{target}__{order}", f"{target}_id"):
        found[row.procedure_id].append(getattr(row, target))
    return found
