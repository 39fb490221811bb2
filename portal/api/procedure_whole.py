"""One procedure with all its parts, texts with their language and figures as data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse

from catalogue.models import FilingChannel, Procedure, ProcedureRoute, ProvinceProcedure, RequiredPaper
from portal.addresses import Addresses
from portal.api import procedure_schemas as out
from portal.api.procedure_parts import CasePapers, Channel, Parts
from portal.api.procedure_rows import row_values
from portal.api.schemas import address, decision_out, figure, localized, named


def whole(parts: Parts, *, addresses: Addresses, language: str, today: dt.date) -> out.ProcedureOut:
    """Return all parts of a procedure as in force today."""
    procedure = parts.procedure
    values: dict[str, Any] = row_values(
        procedure,
        roles=parts.roles,
        audiences=parts.audiences,
        channels=[channel.row for channel in parts.channels],
        addresses=addresses,
        language=language,
    )
    return out.ProcedureOut(
        **values,
        **standing(procedure, language),
        audience_details=[
            out.AudienceOut(code=row.code, name=named(row, language), is_foreign=row.is_foreign)
            for row in parts.audiences
        ],
        online=out.OnlineOut(
            level=Procedure.OnlineLevel(procedure.online_level),
            reason=localized(procedure, "online_reason", language),
            link=procedure.online_url or None,
            national_portal_page=procedure.portal_url or None,
        ),
        steps=localized(procedure, "steps", language),
        conditions=localized(procedure, "conditions", language),
        filing=[channel_out(channel, language) for channel in parts.channels],
        cases=[case_out(case, language) for case in parts.cases],
        results=[out.ResultOut(key=row.key, code=row.code or None, name=named(row, language)) for row in parts.results],
        legal_basis=[out.LegalDocumentOut(number=row.number, name=row.name) for row in parts.legal_basis],
        province_decisions=[
            province_decision_out(overlay, language)
            for overlay in parts.overlays
            if overlay.province.code == settings.PROVINCE_CODE and holds(overlay, today)
        ],
        routes=[route_out(route) for route in parts.routes],
        versions=address(reverse("api-v1:versions", args=[procedure.code])),
    )


def standing(procedure: Procedure, language: str) -> dict[str, Any]:
    """Return who issued and keeps the text, who settles it, and what is known of its state."""
    return {
        "national_id": procedure.national_id or None,
        "legal_name": procedure.name_vi,  # type: ignore[attr-defined]
        "replaced_by": procedure.replaced_by.code if procedure.replaced_by and procedure.replaced_by.live else None,
        "issuer": procedure.issuer or None,
        "is_own": procedure.province_id is not None,
        "roles_text": procedure.roles_text or None,
        "roles_need_review": procedure.roles_need_review,
        "coordinating_agency": procedure.coordinating_agency or None,
        "maintained_by": named(procedure.maintained_by, language) if procedure.maintained_by else None,
        "on_supplement": procedure.on_supplement,
        "description": procedure.description or None,
        "decision": decision_out(procedure.decision),
        "mentions_district": procedure.mentions_district,
        "source": procedure.source or None,
        "checked_on": procedure.checked_on,
    }


def holds(row: ProvinceProcedure | ProcedureRoute, day: dt.date) -> bool:
    """Return whether a dated row holds on a day; an empty date is open on that side."""
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or row.valid_to > day)


def channel_out(channel: Channel, language: str) -> out.ChannelOut:
    """Return a way to file with its limits and fees."""
    terms: list[Any] = [
        {
            "key": term.key,
            "label": localized(term, "label", language),
            "number": term.number,
            "unit": term.unit,
            "text": localized(term, "text", language),
        }
        for term in channel.terms
    ]
    fees: list[Any] = [
        {
            "key": fee.key,
            "label": localized(fee, "label", language),
            "kind": fee.kind,
            "amount": figure(fee.amount),
            "currency": fee.currency,
            "certainty": fee.certainty,
            "text": localized(fee, "text", language),
        }
        for fee in channel.fees
    ]
    kind = FilingChannel.Kind(channel.row.kind)
    return out.ChannelOut(key=channel.row.key, kind=kind, terms=terms, fees=fees)


def case_out(case: CasePapers, language: str) -> out.CaseOut:
    """Return a case with its papers in order, none dropped."""
    papers = [paper_out(paper, language) for paper in case.papers]
    return out.CaseOut(key=case.row.key, label=localized(case.row, "label", language), papers=papers)


def paper_out(paper: RequiredPaper, language: str) -> out.PaperOut:
    """Return one row of the dossier's list."""
    form = paper.form
    return out.PaperOut(
        key=paper.key,
        name=named(paper, language),
        kind=RequiredPaper.Kind(paper.kind),
        handling=RequiredPaper.Handling(paper.handling),
        originals=paper.originals,
        copies=paper.copies,
        form=form.name if form else None,
        form_file=address(form.file.url) if form and form.file else None,
        result_of=paper.result_of.code if paper.result_of else None,
        national_base=paper.national_base or None,
    )


def province_decision_out(overlay: ProvinceProcedure, language: str) -> out.ProvinceDecisionOut:
    """Return what the province decides, with null for what it leaves as it is."""
    decision = decision_out(overlay.decision)
    assert decision is not None
    return out.ProvinceDecisionOut(
        channel=overlay.channel_kind or None,  # type: ignore[arg-type]
        term_number=overlay.term_number,
        term_unit=overlay.term_unit or None,  # type: ignore[arg-type]
        fee_amount=figure(overlay.fee_amount),
        fee_text=overlay.fee_text or None,
        agency=named(overlay.agency, language) if overlay.agency else None,
        decision=decision,
        valid_from=overlay.valid_from,
        valid_to=overlay.valid_to,
    )


def route_out(route: ProcedureRoute) -> out.RouteOut:
    """Return where it is submitted; past and coming routes are told by their dates."""
    return out.RouteOut(
        level=ProcedureRoute.Level(route.level),
        is_provincial=route.is_provincial,
        system=route.system or None,
        link=route.url or None,
        announced_by=route.announced_by or None,
        valid_from=route.valid_from,
        valid_to=route.valid_to,
    )
