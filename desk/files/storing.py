"""Where the bytes of files lie: whole or not at all, under names of our own, at no address."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadedfile import UploadedFile

from desk.uploads import Checked

ALIAS = "desk"
"""The storage's name in the settings."""
COMING = "coming"
"""The folder of files on their way in; what is left there was cut off."""
_PIECE = 1 << 16


class PrivateFiles(FileSystemStorage):
    """A folder under VAR_DIR beside the media, which the web server shows; a file appears in it whole.

    Written under another name, forced to the disk, then moved: neither a crash nor a full disk leaves half a file
    under the name that a row will hold.
    """

    @property
    def base_location(self) -> str:  # type: ignore[override]
        """Return the folder of now: each test has its own."""
        return str(Path(settings.VAR_DIR) / "files")

    @property
    def location(self) -> str:  # type: ignore[override]
        """Return the folder's absolute path."""
        return os.path.abspath(self.base_location)  # noqa: PTH100 (Django compares with it by text.)

    def url(self, name: str | None) -> str:
        """Refuse: a dossier's file has no address but the view that asks who wants it."""
        raise ValueError("Files of dossiers are served by permission only.")

    def _save(self, name: str, content: Any) -> str:
        target, part = Path(self.path(name)), Path(self.path(f"{COMING}/{secrets.token_hex(16)}"))
        for folder in (target.parent, part.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with part.open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                for piece in content.chunks():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name


def _sync_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def storage() -> Storage:
    """Return the storage of dossiers' files."""
    return storages[ALIAS]


def new_place() -> str:
    """Return a name that nobody can guess and no user has a part in; 256 folders keep lists short."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


def store(upload: UploadedFile, checked: Checked) -> str:
    """Write a checked upload and return its place; what the check read is what lies there."""
    upload.seek(0)
    place = storage().save(new_place(), upload)
    if fault_of(place, size=checked.size, sha256=checked.sha256):
        discard(place)
        raise OSError("What was stored isn't what was checked.")
    return place


def discard(place: str) -> None:
    """Delete what lies at a place, if anything does."""
    storage().delete(place)


def fault_of(place: str, *, size: int, sha256: str) -> str:
    """Return what is wrong with a stored file: «missing», «changed» or nothing (reads it whole)."""
    digest, found = hashlib.sha256(), 0
    try:
        with storage().open(place) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                found += len(piece)
    except FileNotFoundError:
        return "missing"
    return "" if (found, digest.hexdigest()) == (size, sha256) else "changed"


def older_than(moment: dt.datetime) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder's name with the places in it that were written before a moment."""
    kept = storage()
    folders: Iterable[str] = kept.listdir("")[0] if kept.exists("") else []
    for folder in sorted(folders):
        places = [f"{folder}/{name}" for name in kept.listdir(folder)[1]]
        yield folder, [place for place in places if kept.get_modified_time(place) < moment]
