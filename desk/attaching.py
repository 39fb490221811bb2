"""The acts that add a file to a dossier, tie it to a paper, take it away. Events tell what it is, never its name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.utils.translation import gettext as _

from desk import uploads
from desk.acting import Act, perform, wrong_state
from desk.actors import Actor
from desk.files import storing
from desk.models import Dossier, DossierFile, HandedPaper
from desk.permissions import is_allowed
from desk.refusals import Invalid
from desk.states import FINAL

Kind, Scan = DossierFile.Kind, DossierFile.Scan


def attach_file(
    dossier_id: int,
    upload: UploadedFile,
    *,
    by: Actor,
    at: dt.datetime,
    kind: str = Kind.PAPER,
    seen: int | None = None,
    paper: int | None = None,
) -> DossierFile:
    """Check an upload, keep it and add it to a dossier; return its row. `paper`: the key of the one it is the scan of.

    The bytes are safe on the disk before the row that names them is written. Whatever goes wrong after leaves
    neither; what a killed process leaves, the clock sweeps. Raises ValidationError for the file, ActRefused for the
    act.
    """
    checked = uploads.check(upload)
    row = stored(upload, checked, kind=kind, by=by, at=at)
    row.dossier_id = dossier_id
    place = row.place

    def work(act: Act) -> None:
        refuse_too_many(dossier_id)
        act.add(row)
        act.facts |= facts_of(row)
        if paper:
            scanned = paper_of(act, paper)
            act.change(scanned, file=row, status=status_with(scanned, is_scanned=True))
            act.facts["paper"] = paper

    try:
        perform("attach_file", dossier_id, work, by=by, at=at, seen=seen)
    except BaseException:
        discard_unless_kept(place)
        raise
    return row


def stored(upload: UploadedFile, checked: uploads.Checked, *, kind: str, by: Actor, at: dt.datetime) -> DossierFile:
    """Keep the bytes of a checked file, and return the row that will name them, not saved yet and of no dossier."""
    return DossierFile(
        kind=Kind(kind),
        name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        place=storing.store(upload, checked),
        pages=checked.pages,
        scan=Scan.CLEAN if checked.is_scanned else Scan.NOT_SCANNED,
        uploaded_by_id=by.user_id,
        uploaded_at=at,
    )


def remove_file(file: DossierFile, *, by: Actor, at: dt.datetime, reason: str, seen: int | None = None) -> None:
    """Take a file out of a dossier, with the reason: nobody opens it any more, and the sweep deletes it later.

    A paper that was digitised by it isn't any more. A result's file stays. Raises ActRefused.
    """

    def work(act: Act) -> None:
        if act.dossier.state in FINAL:
            raise wrong_state(act.dossier)
        # Read anew under the dossier's lock: of two who remove it, the second learns so.
        row = DossierFile.objects.filter(pk=file.pk, dossier=act.dossier, removed_at=None).first()
        if row is None:
            raise Invalid(_("This file was removed already."))
        if act.dossier.results.filter(file=row).exists():
            raise Invalid(_("This file is a result of the dossier: it stays with it."))
        act.say("reason", reason)
        act.change(row, removed_at=at)
        for paper in row.papers.filter(status=HandedPaper.Status.DIGITISED):
            act.change(paper, file=None, status=HandedPaper.Status.NOT_DIGITISED)
        act.facts |= facts_of(row)

    perform("remove_file", file.dossier_id, work, by=by, at=at, seen=seen)
    file.removed_at = at


def tie_file(
    dossier_id: int, *, paper: int, file: int | None, by: Actor, at: dt.datetime, seen: int | None = None
) -> Dossier:
    """Say which paper of the dossier a file is the scan of, by their keys; without a file the tie is cut.

    A paper that wasn't digitised is so from then on. Raises ActRefused.
    """

    def work(act: Act) -> None:
        if act.dossier.state in FINAL:
            raise wrong_state(act.dossier)
        row = paper_of(act, paper)
        if file and not act.dossier.files.filter(pk=file, removed_at=None).exists():
            raise Invalid(_("This file isn't in the dossier: add it first."), "file")
        if row.file_id == (file or None):
            raise Invalid(_("It is so already: nothing was changed."), "file")
        act.facts |= {"paper": row.pk, "file": file or None, "was": {"file": row.file_id, "status": str(row.status)}}
        act.change(row, file_id=file or None, status=status_with(row, is_scanned=bool(file)))

    return perform("tie_file", dossier_id, work, by=by, at=at, seen=seen)


def paper_of(act: Act, pk: int) -> HandedPaper:
    """Return a paper that lies in the dossier. Raises Invalid."""
    row = HandedPaper.objects.filter(pk=pk, dossier=act.dossier, replaced_by=None).first()
    if row is None:
        raise Invalid(_("This paper isn't in the dossier: choose one of the list."), "paper")
    return row


def status_with(paper: HandedPaper, *, is_scanned: bool) -> str:
    """Return the status of a paper that has, or has no longer, its scan; one that is re-used stays so."""
    status = HandedPaper.Status
    if paper.status not in (status.NOT_DIGITISED, status.DIGITISED):
        return str(paper.status)
    return str(status.DIGITISED if is_scanned else status.NOT_DIGITISED)


def may_attach(dossier: Dossier, actor: Actor) -> bool:
    """Return whether somebody may add a file to a dossier as it is now."""
    return not dossier.is_shadow and not dossier.anonymised_at and is_allowed("attach_file", dossier, actor)


def may_tie(dossier: Dossier, actor: Actor) -> bool:
    """Return whether somebody may say of which paper a file is the scan, as the dossier is now."""
    return not dossier.is_shadow and dossier.state not in FINAL and is_allowed("tie_file", dossier, actor)


def may_remove(dossier: Dossier, actor: Actor) -> bool:
    """Return whether somebody may take files out of a dossier as it is now; those of its results stay."""
    return not dossier.is_shadow and dossier.state not in FINAL and is_allowed("remove_file", dossier, actor)


def facts_of(row: DossierFile) -> dict[str, Any]:
    """Return what an event tells of a file: its place names it for good, since the row's name can be erased."""
    return {
        "file": row.place,
        "kind": str(row.kind),
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "scan": str(row.scan),
    }


def refuse_too_many(dossier_id: int) -> None:
    """Refuse a file more than a dossier may have."""
    if DossierFile.objects.filter(dossier=dossier_id, removed_at=None).count() >= settings.DESK_FILES_MAX:
        raise Invalid(
            _("A dossier holds %(most)d files at most. Remove one, or put several papers into one PDF.")
            % {"most": settings.DESK_FILES_MAX},
            "file",
        )


def discard_unless_kept(place: str) -> None:
    """Delete a stored file that no row names; where the database can't be asked, the sweep does it."""
    try:
        is_kept = DossierFile.objects.filter(place=place).exists()
    except DatabaseError:
        return
    if not is_kept:
        storing.discard(place)
