"""Read a procedure's parts for its page: few queries for a published row, none for a draft's preview."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Exists, Min, OuterRef, Q

from catalogue.models import (
    Audience,
    Case,
    CentreException,
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
from catalogue.models.agencies import AgencyRole


@dataclass
class Channel:
    """A filing channel with its limits, its fees and what the province decides over them."""

    row: FilingChannel
    terms: list[Term] = field(default_factory=list)
    fees: list[FeeItem] = field(default_factory=list)
    overlay: ProvinceProcedure | None = None


@dataclass
class CasePapers:
    """A case and its papers in order."""

    row: Case
    papers: list[RequiredPaper] = field(default_factory=list)


@dataclass
class Parts:
    """All that the page of one procedure shows of it."""

    procedure: Procedure
    channels: list[Channel]
    cases: list[CasePapers]
    results: list[ProcedureResult]
    audiences: list[Audience]
    roles: list[AgencyRole]
    legal_basis: list[LegalDocument]
    overlays: list[ProvinceProcedure]
    route: ProcedureRoute | None


def published(code: str, province_code: str) -> Procedure | None:
    """Return the published procedure with what decides whether more must be asked (one query)."""
    return (
        Procedure.objects.public(province_code)
        .select_related("field", "province", "decision", "replaced_by", "maintained_by")
        .annotate(
            has_overlays=Exists(ProvinceProcedure.objects.filter(procedure=OuterRef("pk"))),
            has_routes=Exists(ProcedureRoute.objects.filter(procedure=OuterRef("pk"))),
            has_exception=Exists(
                CentreException.objects.filter(Q(procedure=OuterRef("pk")) | Q(field=OuterRef("field")), receives=True)
            ),
            version_count=Count("versions", distinct=True),
            version_effective_from=Min("versions__effective_from"),
        )
        .filter(code=code)
        .first()
    )


def parts(procedure: Procedure, *, on: dt.date, province_code: str) -> Parts:
    """Read the parts of a published row (seven queries, and one each for overlays and routes where there are any)."""
    overlays = overlays_on(procedure, on, province_code) if getattr(procedure, "has_overlays", True) else []
    papers = RequiredPaper.objects.filter(case__procedure=procedure).select_related("case", "form")
    return Parts(
        procedure=procedure,
        channels=with_overlays(read_channels(procedure), overlays),
        cases=group_cases(list(papers)),
        results=list(procedure.results.all()),
        audiences=list(procedure.audiences.all()),
        roles=list(procedure.roles.all()),
        legal_basis=list(procedure.legal_basis.all()),
        overlays=overlays,
        route=route_on(procedure, on) if getattr(procedure, "has_routes", True) else None,
    )


def brief(procedure: Procedure, *, on: dt.date, province_code: str) -> Parts:
    """Read only what time, fee and place need (two queries, and one for overlays where there are any)."""
    overlays = overlays_on(procedure, on, province_code) if getattr(procedure, "has_overlays", True) else []
    return Parts(
        procedure=procedure,
        channels=with_overlays(read_channels(procedure), overlays),
        cases=[],
        results=[],
        audiences=[],
        roles=[],
        legal_basis=[],
        overlays=overlays,
        route=None,
    )


def draft_parts(procedure: Procedure, *, on: dt.date, province_code: str) -> Parts:
    """Read the parts of a draft from the object itself, its unsaved children included."""
    channels = [
        Channel(row=row, terms=list(row.terms.all()), fees=list(row.fees.all())) for row in procedure.channels.all()
    ]
    overlays = overlays_on(procedure, on, province_code) if procedure.pk else []
    return Parts(
        procedure=procedure,
        channels=with_overlays(channels, overlays),
        cases=[CasePapers(row=case, papers=list(case.papers.all())) for case in procedure.cases.all()],
        results=list(procedure.results.all()),
        audiences=list(procedure.audiences.all()),
        roles=list(procedure.roles.all()),
        legal_basis=list(procedure.legal_basis.all()),
        overlays=overlays,
        route=route_on(procedure, on) if procedure.pk else None,
    )


def overlays_on(procedure: Procedure, on: dt.date, province_code: str) -> list[ProvinceProcedure]:
    """Return what the province decides over this row on a day."""
    rows = ProvinceProcedure.objects.on(on).filter(procedure=procedure, province__code=province_code)
    return list(rows.select_related("decision", "agency").order_by("channel_kind", "-valid_from"))


def route_on(procedure: Procedure, on: dt.date) -> ProcedureRoute | None:
    """Return the route of a submission on a day, a ministry's system first."""
    rows = ProcedureRoute.objects.on(on).filter(procedure=procedure)
    return rows.order_by("is_provincial", "-valid_from").first()


def read_channels(procedure: Procedure) -> list[Channel]:
    """Read the channels with their limits and fees (two queries: each channel has at least one of both)."""
    terms = Term.objects.filter(channel__procedure=procedure).select_related("channel")
    fees = FeeItem.objects.filter(channel__procedure=procedure).select_related("channel")
    return group_channels(list(terms), list(fees))


def group_channels(terms: list[Term], fees: list[FeeItem]) -> list[Channel]:
    """Put limits and fees under their channels, in the channels' order."""
    found: dict[int, Channel] = {}
    for term in terms:
        found.setdefault(term.channel_id, Channel(row=term.channel)).terms.append(term)
    for fee in fees:
        found.setdefault(fee.channel_id, Channel(row=fee.channel)).fees.append(fee)
    return sorted(found.values(), key=lambda channel: channel.row.sort_order)


def group_cases(papers: list[RequiredPaper]) -> list[CasePapers]:
    """Put papers under their cases, both in order."""
    found: dict[int, CasePapers] = {}
    for paper in papers:
        found.setdefault(paper.case_id, CasePapers(row=paper.case)).papers.append(paper)
    cases = sorted(found.values(), key=lambda case: case.row.sort_order)
    for case in cases:
        case.papers.sort(key=lambda paper: paper.sort_order)
    return cases


def with_overlays(channels: list[Channel], overlays: list[ProvinceProcedure]) -> list[Channel]:
    """Give each channel the province's decision for it, else the one for all channels."""
    for channel in channels:
        fitting = [o for o in overlays if o.channel_kind in ("", channel.row.kind)]
        channel.overlay = max(fitting, key=lambda o: bool(o.channel_kind), default=None)
    return channels
