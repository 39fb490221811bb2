"""Delete what nobody keeps: uploads that were cut off, files without a row, removed files after their time."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from desk.files import storing
from desk.models import DossierFile

logger = logging.getLogger(__name__)

AGE = dt.timedelta(days=1)
"""How old a file without a row must be: a younger one may be on its way into the dossier."""
KEPT_AFTER_REMOVAL = dt.timedelta(days=30)
"""How long a file that was removed by mistake can still be brought back by whoever runs the machine."""
EVERY = dt.timedelta(hours=1)
MANY = 100
"""Crashes leave a few files without a row. So many, and more than there are with one, mean another database."""


@dataclass(frozen=True)
class Swept:
    """How many files were deleted."""

    cut_off: int = 0
    without_row: int = 0
    removed: int = 0


def sweep_if_due(at: dt.datetime) -> Swept | None:
    """Sweep if an hour has passed since the last time on this machine: every file's age is asked for."""
    stamp = Path(settings.VAR_DIR) / "files.swept"
    if stamp.exists() and stamp.stat().st_mtime > (at - EVERY).timestamp():
        return None
    swept = sweep(at)
    stamp.touch()
    return swept


def sweep(at: dt.datetime) -> Swept:
    """Delete what is old enough at a moment (a query a folder)."""
    coming: list[str] = []
    strays: list[str] = []
    kept = 0
    for folder, places in storing.older_than(at - AGE):
        if folder == storing.COMING:
            coming = places
            continue
        known = set(DossierFile.objects.filter(place__in=places).values_list("place", flat=True))
        strays += [place for place in places if place not in known]
        kept += len(known)
    if len(strays) > max(kept, MANY):
        logger.error("%d files have no row, %d have one: is this their database? None was deleted.", len(strays), kept)
        strays = []
    for place in [*coming, *strays]:
        storing.discard(place)
    return Swept(_uploads(at - AGE) + len(coming), len(strays), _removed(at - KEPT_AFTER_REMOVAL))


def _uploads(before: dt.datetime) -> int:
    """Delete what a killed process left of requests."""
    old = [
        path
        for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*")
        if path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _removed(before: dt.datetime) -> int:
    places = DossierFile.objects.filter(removed_at__lt=before).values_list("place", flat=True)
    there = [place for place in places.iterator() if storing.storage().exists(place)]
    for place in there:
        storing.discard(place)
    return len(there)


def wrong_files() -> Iterator[tuple[DossierFile, str]]:
    """Yield each file of a dossier that is «missing» or «changed» (reads all of them)."""
    for file in DossierFile.objects.filter(removed_at=None).select_related("dossier").order_by("pk").iterator():
        if fault := storing.fault_of(file.place, size=file.size, sha256=file.sha256):
            yield file, fault
