"""Read dossiers back from their events, and say what disagrees with the rows: a check that tests use."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from desk import chain, counters
from desk.due_dates import deadline_of
from desk.models import Dossier, Measure
from desk.states import Settlement


def faults() -> list[str]:
    """Return what is wrong with all dossiers, and with the counters."""
    dossiers = list(Dossier.objects.all())
    found = [f"{dossier.code}: {fault}" for dossier in dossiers for fault in faults_of(dossier)]
    counted: Counter[Any] = Counter()
    for measure in Measure.values:
        for key, number in counters.totals(measure, "agency_id", "procedure_id", "state", "month").items():
            counted[(measure, *key)] = number
    recounted = Counter({(str(key[0]), *key[1:]): number for key, number in counters.recount(dossiers).items()})
    return [*found, *(["counters"] if counted != recounted else [])]


def faults_of(dossier: Dossier) -> Iterator[str]:
    """Yield what is wrong with one."""
    fields, previous, rows, parties = chain.blank(), "", {}, {}
    for number, event in enumerate(dossier.events.order_by("number"), 1):
        body = json.loads(event.body)
        fields.update(body.get("changes", {}))
        rows.update(body.get("rows", {}))
        sealed = chain.digest(dossier.code, tuple(getattr(event, name) for name in chain.COLUMNS), chain.key())
        if (event.number, event.previous, event.digest) != (number, previous, sealed):
            yield f"event {event.number} is out of its chain"
        if event.body != chain.canonical(body) or event.state_after != fields["state"]:
            yield f"event {number} isn't as it is written"
        previous = event.digest
        for text in event.texts.all():
            if chain.salted_digest(text.text, text.salt) != body["values"][text.name]:
                yield f"text {text.name}"
        values = body.get("values", {}).items()
        parties |= {name[6:]: digest for name, digest in values if name.startswith("party:")}
    if (previous, dossier.events.count()) != (dossier.head, dossier.last_number):
        yield "head"
    if parties != {party.role: chain.party_digest(party) for party in dossier.parties.all()}:
        yield "parties"
    if fields != chain.snapshot(dossier):
        yield f"fields {[name for name, value in chain.snapshot(dossier).items() if value != fields[name]]}"
    for name, digest in rows.items():
        model, _colon, pk = name.partition(":")
        if chain.row_digest(apps.get_model("desk", model).objects.get(pk=pk)) != digest:
            yield name
    if dossier.received_at and not dossier.is_shadow:
        reckoned = deadline_of(dossier)
        if dossier.original_due_at != reckoned.original.at:
            yield "first due date"
        if dossier.due_at != (reckoned.current.at if reckoned.current else None):
            yield f"due date {dossier.due_at} {reckoned.current and reckoned.current.at}"
        if dossier.settlement and dossier.due_at is None and dossier.settlement != Settlement.ON_TIME:
            yield "settlement"
