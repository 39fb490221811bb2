"""One person's data as a file to hand over: a page to read, the same as JSON, and the files of the dossiers."""

from __future__ import annotations

import datetime as dt
import json
import logging
import tempfile
import zipfile
from typing import IO

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from desk.actors import Actor
from desk.files import storing
from desk.models import Dossier, What, Why
from desk.persons import PersonData, data_of
from desk.tracing import leave_traces

audit = logging.getLogger("desk.audit")
IN_MEMORY = 5_000_000
PIECE = 1 << 16


def archive(
    dossiers: list[Dossier], kind: str, number: str, *, by: Actor, at: dt.datetime
) -> tuple[IO[bytes], PersonData]:
    """Return the file, ready to be read, and what is in it; each dossier of it is noted as read first.

    Raises NotTracedError, and Invalid for a number that can't be one. The number is never logged.
    """
    with override(settings.LANGUAGE_CODE):
        found = data_of(dossiers, kind, number)
        leave_traces(found.keys, by, at, What.PERSON, Why.ASKED)
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (whoever sends it closes it)
        write(file, found, at)
    file.seek(0)
    line = {"event": "person.exported", "user": by.user_id, "at": at.isoformat(), "files": len(found.files)}
    audit.info(json.dumps({**line, "dossiers": [each["code"] for each in found.dossiers]}))
    return file, found


def write(file: IO[bytes], found: PersonData, at: dt.datetime) -> None:
    """Write the archive; a file of a dossier that isn't as it was uploaded is left out, and the page says so."""
    missing = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, row in found.files:
            if storing.fault_of(row.place, size=row.size, sha256=row.sha256):
                missing.append(row.name)
                continue
            with storing.storage().open(row.place) as source, zipped.open(name, "w") as target:
                while piece := source.read(PIECE):
                    target.write(piece)
        plain = {"made_at": at.isoformat(), "dossiers": found.dossiers, "files_missing": missing}
        zipped.writestr("du-lieu.json", json.dumps(plain, ensure_ascii=False, indent=1))
        shown = {"dossiers": found.dossiers, "at": at, "missing": missing}
        zipped.writestr("du-lieu.html", render_to_string("desk/person_data.html", shown))
