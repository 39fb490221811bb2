"""What strangers send is checked before anything of it is kept: size, kind by content, wholeness, viruses, name."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from desk.files import kinds, names, office, opening, scanning
from desk.files.kinds import Kind

logger = logging.getLogger(__name__)

END_OF_PDF = b"%%EOF"
_LAST = 4096


@dataclass(frozen=True)
class Checked:
    """A file that was looked through: what is kept of it beside its bytes (`size` counts them)."""

    name: str
    media_type: str
    size: int
    sha256: str
    is_scanned: bool
    pages: int | None = None
    """Of a PDF or image: those that can be drawn."""


def check(upload: UploadedFile) -> Checked:
    """Return what an upload is, or raise a ValidationError that says, in the reader's language, what to do.

    Reads it twice and starts a process to open it: about 0.2 s. Nothing is written.
    """
    size, sha256 = _measured(upload)
    with _readable(upload) as file:
        kind = _kind(file)
        name = _name(upload.name or "", kind)
        pages = _pages(file, kind)
        if scanning.is_on():
            _scan(file, sha256)
    return Checked(name, kind.media_type, size, sha256, scanning.is_on(), pages)


def max_bytes() -> int:
    """Return how large a file may be."""
    return int(settings.DESK_FILE_MAX_MB) * 1_000_000


def too_large() -> ValidationError:
    """Return the refusal of a file that is larger than `max_bytes`."""
    said = _("The file is larger than %(limit)s MB. Scan it at 200 dpi in grey, or split it, and upload it again.")
    return ValidationError(said % {"limit": settings.DESK_FILE_MAX_MB}, code="size")


def _measured(upload: UploadedFile) -> tuple[int, str]:
    """Count and digest what is really there; a declared size isn't believed."""
    digest, size = hashlib.sha256(), 0
    for piece in upload.chunks():
        size += len(piece)
        if size > max_bytes():
            raise too_large()
        digest.update(piece)
    if not size:
        raise ValidationError(_("The file is empty. Choose another one."), code="empty")
    return size, digest.hexdigest()


@contextmanager
def _readable(upload: UploadedFile) -> Iterator[IO[bytes]]:
    """Give a file to read anywhere; a large one by its own place on the disk."""
    if isinstance(upload, TemporaryUploadedFile):
        with Path(upload.temporary_file_path()).open("rb") as file:
            yield file
        return
    upload.seek(0)
    yield upload  # type: ignore[misc]
    upload.seek(0)


def _kind(file: IO[bytes]) -> Kind:
    file.seek(0)
    head = file.read(kinds.HEAD)
    file.seek(0)
    if kind := kinds.kind_of(head):
        return kind
    if head.startswith(kinds.OLD_OFFICE):
        raise ValidationError(
            _("This is an old Office file, or one with a password. Save it as PDF without a password and upload that."),
            code="old_office",
        )
    if head.startswith(kinds.ZIP):
        return _office_kind(file)
    raise unknown_kind()


def unknown_kind() -> ValidationError:
    """Return the refusal of a file of a kind that no dossier takes."""
    said = _("This isn't a file that a dossier takes, whatever its name says. Take one of: %(kinds)s.")
    return ValidationError(said % {"kinds": kinds.LABELS}, code="kind")


def _office_kind(file: IO[bytes]) -> Kind:
    try:
        return office.kind_of(file)
    except office.OfficeFault as fault:
        if str(fault) == "unknown":
            raise unknown_kind() from fault
        said = {
            "broken": _("The file is damaged. Open it in its own program, save it anew and upload that."),
            "bomb": _("The file unpacks to far more than it is. Save it as PDF and upload that."),
            "macros": _("The file holds macros: small programs. Save it without them, or as PDF, and upload that."),
            "password": _("The file asks for a password. Save it without one and upload that."),
        }
        raise ValidationError(said[str(fault)], code=str(fault)) from fault


def _pages(file: IO[bytes], kind: Kind) -> int | None:
    """Return how many pages a PDF or image has, or refuse what can't be opened to its end."""
    if not kind.has_preview:
        return None
    try:
        if kind is kinds.PDF:
            _refuse_without_end(file)
        file.seek(0)
        return opening.pages_of(file, kind)
    except opening.CannotOpen as fault:
        said = {
            "broken": _("The file is damaged or was cut off. Scan it or save it anew and upload that."),
            "password": _("The file asks for a password. Save it without one and upload that."),
            "pixels": _("The image has too many pixels. Scan it at 300 dpi and upload that."),
            "slow": _("The file takes too long to open. Print it to a new PDF, or scan it, and upload that."),
        }
        raise ValidationError(said[str(fault)], code=str(fault)) from fault


def _refuse_without_end(file: IO[bytes]) -> None:
    """Refuse a PDF without its end: readers mend it silently and lose pages."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LAST))
    if END_OF_PDF not in file.read():
        raise opening.CannotOpen("broken")


def _scan(file: IO[bytes], sha256: str) -> None:
    file.seek(0)
    try:
        scanning.scan(file)
    except scanning.Infected as found:
        logger.warning("An infected file was refused: %s, SHA-256 %s.", found, sha256)
        said = _("A virus was found in the file. Don't open it; ask for another copy.")
        raise ValidationError(said, code="infected") from found
    except scanning.ScannerAwayError as error:
        said = _("The virus scanner doesn't answer, so no file is taken. Try again in a few minutes.")
        raise ValidationError(said, code="scanner") from error


def _name(written: str, kind: Kind) -> str:
    """Return the name as it was written, cleaned, with an ending that is true."""
    name = names.cleaned(written)
    ending = kinds.ending_of(name)
    if ending and ending not in kind.endings:
        said = _("The name ends in «%(ending)s», but the file is %(kind)s. Rename it to end in «%(right)s».")
        raise ValidationError(said % {"ending": ending, "kind": kind.label, "right": kind.endings[0]}, code="ending")
    stem, shown = (name[: -len(ending)], name[-len(ending) :]) if ending else (name, kind.endings[0])
    return names.shortened(stem.strip(". ") or _("file"), shown)
