"""What a version of a procedure holds: its legal parts in Vietnamese, with stable keys."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db.models import Max
from django.utils import timezone

from catalogue.models import Decision, Procedure, ProcedureVersion

Row = Any  # modeltranslation adds the columns a language, which the type checker can't see


def legal_content(procedure: Procedure) -> dict[str, Any]:
    """Return the eight legal parts (Nghị định 63/2010 Điều 8.2) as plain data, Vietnamese only.

    Reads all children: prefetch them where many procedures are asked for.
    """
    decision = procedure.decision
    return {
        "code": procedure.code,
        "name": procedure.name_vi or "",
        "status": procedure.status,
        "levels": levels_of(procedure),
        "steps": procedure.steps_vi or "",
        "conditions": procedure.conditions_vi or "",
        "authorities": sorted(role.name_vi for role in procedure.roles.all()),
        "audiences": sorted(audience.name_vi for audience in procedure.audiences.all()),
        "on_supplement": procedure.on_supplement,
        "decision": {"number": decision.number, "issuer": decision.issuer} if decision else None,
        "results": [{"key": row.key, "code": row.code, "name": row.name_vi or ""} for row in procedure.results.all()],  # type: ignore[attr-defined]
        "channels": [_channel(channel) for channel in procedure.channels.all()],
        "cases": [_case(case) for case in procedure.cases.all()],
        "legal_basis": sorted(
            ({"number": document.number, "name": document.name} for document in procedure.legal_basis.all()),
            key=lambda document: (document["number"], document["name"]),
        ),
    }


def record_version(
    row: Procedure, *, decision: Decision | None, effective_from: dt.date, at: dt.datetime
) -> ProcedureVersion | None:
    """Record a row's legal content as in force from a day on; None where the version of that day says the same.

    Never before the day of the newest version that is in force at that time: its words are part of this content.
    Reads the row's children, and two queries.
    """
    in_force = ProcedureVersion.objects.filter(procedure=row).as_of(timezone.localdate(at)).defer("content").first()
    since = in_force.effective_from if in_force else None
    starts = max(since, effective_from) if since else effective_from
    return keep_version(row, legal_content(row), decision=decision, effective_from=starts, at=at)


def keep_version(
    row: Procedure, content: dict[str, Any], *, decision: Decision | None, effective_from: dt.date, at: dt.datetime
) -> ProcedureVersion | None:
    """Record a legal content as in force from a day on; None where the version of that day says the same."""
    versions = ProcedureVersion.objects.filter(procedure=row)
    in_force = versions.as_of(effective_from).defer("content").first()
    mark = digest(content)
    if in_force and in_force.digest == mark:
        return None
    newest: int | None = versions.aggregate(newest=Max("number"))["newest"]
    version = new_version(row, content, (newest or 0) + 1, decision=decision, effective_from=effective_from, at=at)
    version.save()
    return version


def new_version(
    row: Procedure,
    content: dict[str, Any],
    number: int,
    *,
    decision: Decision | None,
    effective_from: dt.date | None,
    at: dt.datetime,
) -> ProcedureVersion:
    """Return an unsaved version of a legal content, in force from a day on (None: since before the records begin)."""
    return ProcedureVersion(
        procedure=row,
        number=number,
        content=content,
        digest=digest(content),
        decision=decision,
        effective_from=effective_from,
        recorded_at=at,
    )


def digest(content: Any) -> str:
    """Return the SHA-256 of plain data, the same for equal data whatever the order of keys."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def levels_of(procedure: Procedure) -> list[str]:
    """Return the levels competent to settle."""
    levels = ("ministry", "province", "commune", "other")
    return [level for level in levels if getattr(procedure, f"is_{level}_level")]


def _channel(channel: Row) -> dict[str, Any]:
    return {
        "key": channel.key,
        "kind": channel.kind,
        "terms": [_term(term) for term in channel.terms.all()],
        "fees": [_fee(fee) for fee in channel.fees.all()],
    }


def _term(term: Row) -> dict[str, Any]:
    return {
        "key": term.key,
        "label": term.label_vi or "",
        "number": term.number,
        "unit": term.unit,
        "text": term.text_vi or "",
    }


def _fee(fee: Row) -> dict[str, Any]:
    return {
        "key": fee.key,
        "label": fee.label_vi or "",
        "kind": fee.kind,
        "amount": None if fee.amount is None else f"{fee.amount:.2f}",
        "currency": fee.currency,
        "certainty": fee.certainty,
        "text": fee.text_vi or "",
    }


def _case(case: Row) -> dict[str, Any]:
    papers = [_paper(paper) for paper in case.papers.all()]
    return {"key": case.key, "label": case.label_vi or "", "papers": papers}


def _paper(paper: Row) -> dict[str, Any]:
    return {
        "key": paper.key,
        "name": paper.name_vi or "",
        "kind": paper.kind,
        "handling": paper.handling,
        "originals": paper.originals,
        "copies": paper.copies,
        "form": paper.form.name if paper.form else "",
    }
