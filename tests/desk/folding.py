"""What is wrong with all dossiers: what `verify_desk` finds, and due dates that aren't what the rules reckon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from desk.due_dates import deadline_of
from desk.models import Dossier
from desk.verifying.running import verify


def faults(at: dt.datetime) -> list[str]:
    """Return what is wrong at a moment."""
    found = [str(fault) for fault in verify(at).faults]
    return [*found, *(f"{dossier.code}: {fault}" for dossier in Dossier.objects.all() for fault in due_faults(dossier))]


def due_faults(dossier: Dossier) -> Iterator[str]:
    """Yield what is wrong with one dossier's due dates."""
    if dossier.received_at is None or dossier.is_shadow:
        return
    reckoned = deadline_of(dossier)
    if dossier.original_due_at != reckoned.original.at:
        yield f"first due {dossier.original_due_at}, reckoned {reckoned.original.at}"
    current = reckoned.current.at if reckoned.current else None
    if dossier.due_at != current:
        yield f"due {dossier.due_at}, reckoned {current}"
