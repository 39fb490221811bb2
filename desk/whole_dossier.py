"""Everything of a dossier as plain data, for whoever checks it (`manage.py show_dossier`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import models

from desk import chain
from desk.due_dates import deadline_of
from desk.explaining import explain, limit_text
from desk.limits import DeadlineError
from desk.models import Dossier
from desk.states import State

CHILDREN = {
    "papers": "papers",
    "files": "files",
    "clock_stops": "clock_stops",
    "payment_requests": "payment_requests",
    "hand_overs": "hand_overs",
    "results": "results",
    "slips": "slips",
    "notices": "notices",
    "relations": "relations",
}
"""Rows of a dossier that have nothing below them."""
SECRET = frozenset({"tracking_token", "salt", "name_folded"})


def whole_dossier(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier with all rows that belong to it, moments in UTC; secrets aren't in it."""
    found: dict[str, Any] = {
        **plain_row(dossier),
        "state_name": State(dossier.state).name.lower(),
        "names": {
            name: str(getattr(dossier, name) or "")
            for name in ("procedure", "centre", "received_by", "decided_by", "holder_agency", "holder")
        },
        "parties": [
            {**plain_row(party), "identifiers": plain_rows(party.identifiers.order_by("pk"))}
            for party in dossier.parties.order_by("pk")
        ],
        "supplement_requests": [
            {**plain_row(request), "items": plain_rows(request.items.order_by("pk"))}
            for request in dossier.supplement_requests.order_by("asked_at", "pk")
        ],
        "extension": plain_row(dossier.extension) if hasattr(dossier, "extension") else None,
        "group": plain_row(dossier.membership) if hasattr(dossier, "membership") else None,
    }
    for name, relation in CHILDREN.items():
        found[name] = plain_rows(getattr(dossier, relation).order_by("pk"))
    found["events"] = [
        {
            **plain_row(event),
            "body": json.loads(event.body),
            "texts": {text.name: text.text for text in event.texts.all()},
        }
        for event in dossier.events.prefetch_related("texts").order_by("number")
    ]
    return found | {"due": due_explained(dossier)}


def plain_rows(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    """Return rows as plain data."""
    return [plain_row(row) for row in rows]


def plain_row(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as JSON holds them."""
    columns = [each for each in row._meta.concrete_fields if each.name not in SECRET]
    return {each.attname: chain.plain(getattr(row, each.attname)) for each in columns}


def due_explained(dossier: Dossier) -> dict[str, Any] | None:
    """Return the original and the current due date with every day that led to them; None before the receipt."""
    if dossier.received_at is None or dossier.is_shadow:
        return None
    try:
        deadline = deadline_of(dossier)
    except DeadlineError as error:
        return {"error": str(error)}
    current = deadline.current
    return {
        "limit": limit_text(dossier.limit),
        "original": {"at": chain.plain(deadline.original.at), "days": list(explain(deadline.original))},
        "current": {"at": chain.plain(current.at), "days": list(explain(current))} if current else None,
    }
