"""Office files: zips whose members say what they are, looked at without unpacking them to a disk."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

from desk.files.kinds import DOCX, ODT, XLSX, Kind

MAX_MEMBERS = 5_000
MAX_UNPACKED = 200_000_000
"""Bytes of all members together: a bomb of a few kilobytes unpacks to gigabytes."""
_PIECE = 1 << 16
_MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_TYPES = "[Content_Types].xml"
_MANIFEST = "META-INF/manifest.xml"
_MACRO_NAMES = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("basic/", "scripts/", "xl/macrosheets/", "word/activex/", "xl/activex/")
_ENCRYPTED = 0x1
_SMALL = 1_000_000


class OfficeFault(Exception):  # noqa: N818 (what was found, not a fault of ours)
    """Why an office file isn't taken: unknown, broken, bomb, macros or password."""


def kind_of(file: IO[bytes]) -> Kind:
    """Return the kind of a zip whose members were all read through; raise OfficeFault.

    Reading is the proof: a member's own figures of its size can lie, its checksum can't be right by chance.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            kind = _kind(archive)
            _refuse_macros(archive, kind)
            _read_through(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise OfficeFault("broken") from error
    return kind


def _kind(archive: zipfile.ZipFile) -> Kind:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise OfficeFault("bomb")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise OfficeFault("password")
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise OfficeFault("broken")  # Of two alike, programs read one or the other.
    if names and names[0] == "mimetype" and _small(archive, "mimetype") == ODT.media_type.encode():
        return ODT
    found = [kind for name, kind in _MAIN.items() if name in names]
    if _TYPES in names and len(found) == 1:
        return found[0]
    raise OfficeFault("unknown")


def _refuse_macros(archive: zipfile.ZipFile, kind: Kind) -> None:
    for member in archive.infolist():
        name = member.filename.lower().replace("\\", "/")
        if name.endswith(_MACRO_NAMES) or name.startswith(_MACRO_FOLDERS):
            raise OfficeFault("macros")
    if kind is not ODT:
        if b"macroenabled" in _small(archive, _TYPES).lower():
            raise OfficeFault("macros")
    elif _MANIFEST in archive.namelist() and b"encryption-data" in _small(archive, _MANIFEST):
        raise OfficeFault("password")


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        text = member.read(_SMALL + 1)
    if len(text) > _SMALL:
        raise OfficeFault("bomb")
    return text


def _read_through(archive: zipfile.ZipFile) -> None:
    unpacked = 0
    for member in archive.infolist():
        with archive.open(member) as content:
            while piece := content.read(_PIECE):
                unpacked += len(piece)
                if unpacked > MAX_UNPACKED:
                    raise OfficeFault("bomb")
