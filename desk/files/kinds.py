"""The kinds of file that a dossier takes, each told by its content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype

HEAD = 8192
"""Bytes of a file's beginning that tell its kind; `filetype` looks at no more."""
_LOOKS_LIKE_AN_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")


@dataclass(frozen=True)
class Kind:
    """A kind of file: media type, the endings its names may have (ours first), how it is opened."""

    label: str
    media_type: str
    endings: tuple[str, ...]
    opened_as: str

    @property
    def has_preview(self) -> bool:
        """Return whether pages of it can be drawn."""
        return self.opened_as in ("pdf", "image")


PDF = Kind("PDF", "application/pdf", (".pdf",), "pdf")
JPEG = Kind("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), "image")
PNG = Kind("PNG", "image/png", (".png",), "image")
DOCX = Kind("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",), "office")
XLSX = Kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",), "office")
ODT = Kind("ODT", "application/vnd.oasis.opendocument.text", (".odt",), "office")
# Few decoders, few holes: TIFF, WebP, HEIC and SVG stay out; scanners and telephones give PDF and JPEG.
KINDS = (PDF, JPEG, PNG, DOCX, XLSX, ODT)
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}
ACCEPTED = ",".join(ending for kind in KINDS for ending in kind.endings)
"""What a file field offers to choose from."""
LABELS = ", ".join(kind.label for kind in KINDS)

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How .doc, .xls, and Office files behind a password begin."""
ZIP = b"PK\x03\x04"


def kind_of(head: bytes) -> Kind | None:
    """Return the kind that a file's beginning shows; a zip is none yet: `office.kind_of` looks into it."""
    found = filetype.guess(head[:HEAD])
    kind = BY_MEDIA_TYPE.get(found.mime) if found else None
    return None if kind is None or kind.opened_as == "office" else kind


def ending_of(name: str) -> str:
    """Return the ending of a name in small letters, empty where the last part is no ending («Quyết định 12.2026»)."""
    found = _LOOKS_LIKE_AN_ENDING.search(PurePosixPath(name).name)
    return found.group().lower() if found else ""
