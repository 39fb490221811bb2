"""Files that come with a new dossier: stored before the rows that name them, gone where it is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.files.uploadedfile import UploadedFile

from desk import attaching, uploads
from desk.actors import Actor
from desk.models import DossierFile
from desk.uploads import Checked

MOST_AT_ONCE = 5
"""How many files of the greatest size one sending may hold."""


def most_bytes() -> int:
    """Return how large all files of one sending may be together."""
    return MOST_AT_ONCE * uploads.max_bytes()


@contextmanager
def stored(
    scans: Mapping[str, tuple[UploadedFile, Checked]], *, by: Actor, at: dt.datetime
) -> Iterator[dict[str, DossierFile]]:
    """Keep the bytes of checked files, by the key of their paper; give unsaved rows, whose dossier is still to come.

    Where what follows fails, what no row names is deleted; what a killed process leaves, the clock sweeps.
    """
    rows: dict[str, DossierFile] = {}
    try:
        for key, (upload, checked) in scans.items():
            rows[key] = attaching.stored(upload, checked, kind=DossierFile.Kind.PAPER, by=by, at=at)
        yield rows
    except BaseException:
        for row in rows.values():
            attaching.discard_unless_kept(row.place)
        raise
