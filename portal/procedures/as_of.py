"""Read a procedure's parts from a version, so that its page shows the text of a day."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal
from typing import Any

from catalogue.models import (
    AgencyRole,
    Audience,
    Case,
    FeeItem,
    FilingChannel,
    Form,
    LegalDocument,
    Procedure,
    ProcedureResult,
    ProcedureVersion,
    RequiredPaper,
    Term,
)
from portal.procedures.reading import CasePapers, Channel, Parts, overlays_on, route_on, with_overlays


def version_parts(procedure: Procedure, version: ProcedureVersion, *, on: dt.date, province_code: str) -> Parts:
    """Build the parts from a version's content. Nothing of it is saved; only Vietnamese is filled."""
    content = version.content
    channels = [channel(row) for row in content["channels"]]
    return Parts(
        procedure=procedure_then(procedure, version),
        channels=with_overlays(channels, overlays_on(procedure, on, province_code)),
        cases=[case(row) for row in content["cases"]],
        results=[ProcedureResult(key=row["key"], code=row["code"], name_vi=row["name"]) for row in content["results"]],
        audiences=[Audience(name_vi=name) for name in content["audiences"]],
        roles=[AgencyRole(name_vi=name) for name in content["authorities"]],
        legal_basis=[LegalDocument(**row) for row in content["legal_basis"]],
        overlays=[],
        route=route_on(procedure, on),
    )


def procedure_then(procedure: Procedure, version: ProcedureVersion) -> Procedure:
    """Return a copy of the row with the texts of the version and none in other languages."""
    then = copy.copy(procedure)
    for column in ("name", "steps", "conditions"):
        for field in Procedure._meta.get_fields():
            if field.name.startswith(f"{column}_"):
                setattr(then, field.name, None)
        setattr(then, f"{column}_vi", version.content[column])
    for level in ("ministry", "province", "commune", "other"):
        setattr(then, f"is_{level}_level", level in version.content["levels"])
    then.status = version.content["status"]
    then.decision = version.decision
    return then


def channel(row: dict[str, Any]) -> Channel:
    """Return a channel with its limits and fees."""
    return Channel(
        row=FilingChannel(key=row["key"], kind=row["kind"]),
        terms=[
            Term(key=t["key"], label_vi=t["label"], number=t["number"], unit=t["unit"], text_vi=t["text"])
            for t in row["terms"]
        ],
        fees=[fee(item) for item in row["fees"]],
    )


def fee(row: dict[str, Any]) -> FeeItem:
    """Return a fee."""
    return FeeItem(
        key=row["key"],
        label_vi=row["label"],
        kind=row["kind"],
        amount=None if row["amount"] is None else Decimal(row["amount"]),
        currency=row["currency"],
        certainty=row["certainty"],
        text_vi=row["text"],
    )


def case(row: dict[str, Any]) -> CasePapers:
    """Return a case with its papers."""
    papers = [
        RequiredPaper(
            key=p["key"],
            name_vi=p["name"],
            kind=p["kind"],
            handling=p["handling"],
            originals=p["originals"],
            copies=p["copies"],
            form=Form(name=p["form"]) if p["form"] else None,
        )
        for p in row["papers"]
    ]
    return CasePapers(row=Case(key=row["key"], label_vi=row["label"]), papers=papers)
