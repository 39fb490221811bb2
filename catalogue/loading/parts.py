"""A procedure as plain parts, the same from a file and from the database, so that they can be compared."""

from __future__ import annotations

from typing import Any

from catalogue.models import Procedure
from catalogue.versioning import digest, levels_of

Parts = dict[str, Any]

# What a field holds before anything was imported into it: a row of the index alone has no steps yet.
EMPTY: Parts = {
    "name": "",
    "field": "",
    "levels": [],
    "authorities": {"roles": [], "text": "", "needs_review": False},
    "audiences": [],
    "foreigners": False,
    "issuer": "",
    "decision": None,
    "steps": "",
    "conditions": "",
    "description": "",
    "receiving_address": "",
    "coordinating_agency": "",
    "results": [],
    "channels": [],
    "papers": [],
    "legal_basis": [],
    "links": {"portal_url": "", "national_id": ""},
    "flags": {"mentions_district": False, "has_details": False},
    "guesses": {"is_papers_split_guessed": False, "is_fees_split_guessed": False},
    "source": {"source": "", "checked_on": ""},
}


def part_digest(part: Any) -> str:
    """Return a short digest of one part."""
    return digest(part)[:16]


def digests(parts: Parts) -> dict[str, str]:
    """Return the digest of each part by its name."""
    return {name: part_digest(part) for name, part in parts.items()}


def parts_of(procedure: Procedure) -> Parts:
    """Return the row's present Vietnamese content; prefetch its children where many are asked for."""
    decision = procedure.decision
    return {
        "name": procedure.name_vi or "",
        "field": procedure.field.slug,
        "levels": levels_of(procedure),
        "authorities": {
            "roles": sorted(role.code for role in procedure.roles.all()),
            "text": procedure.roles_text,
            "needs_review": procedure.roles_need_review,
        },
        "audiences": sorted(audience.code for audience in procedure.audiences.all()),
        "foreigners": procedure.is_for_foreigners,
        "issuer": procedure.issuer,
        "decision": [decision.number, decision.issuer] if decision else None,
        "steps": procedure.steps_vi or "",
        "conditions": procedure.conditions_vi or "",
        "description": procedure.description,
        "receiving_address": procedure.receiving_address,
        "coordinating_agency": procedure.coordinating_agency,
        "results": [[row.code, row.name_vi or ""] for row in procedure.results.all()],  # type: ignore[attr-defined]
        "channels": [_channel(channel) for channel in procedure.channels.all()],
        "papers": [_case(case) for case in procedure.cases.all()],
        "legal_basis": sorted([document.number, document.name] for document in procedure.legal_basis.all()),
        "links": {"portal_url": procedure.portal_url, "national_id": procedure.national_id},
        "flags": {"mentions_district": procedure.mentions_district, "has_details": procedure.has_details},
        "guesses": {
            "is_papers_split_guessed": procedure.is_papers_split_guessed,
            "is_fees_split_guessed": procedure.is_fees_split_guessed,
        },
        "source": {
            "source": procedure.source,
            "checked_on": procedure.checked_on.isoformat() if procedure.checked_on else "",
        },
    }


def _channel(channel: Any) -> dict[str, Any]:
    terms = [
        {"label": term.label_vi or "", "number": term.number, "unit": term.unit, "text": term.text_vi or ""}
        for term in channel.terms.all()
    ]
    fees = [
        {
            "label": fee.label_vi or "",
            "kind": fee.kind,
            "amount": None if fee.amount is None else f"{fee.amount:.2f}",
            "currency": fee.currency,
            "certainty": fee.certainty,
            "text": fee.text_vi or "",
        }
        for fee in channel.fees.all()
    ]
    return {"kind": channel.kind, "terms": terms, "fees": fees}


def _case(case: Any) -> dict[str, Any]:
    papers = [
        {
            "name": paper.name_vi or "",
            "kind": paper.kind,
            "handling": paper.handling,
            "originals": paper.originals,
            "copies": paper.copies,
            "form": paper.form.name if paper.form else "",
        }
        for paper in case.papers.all()
    ]
    return {"label": case.label_vi or "", "papers": papers}
