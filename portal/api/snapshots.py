"""The files of the full downloads as they were built, kept on disk: readers get the last one and never wait.

Each is one file: a line of JSON that says when and from what it was built, then the content, compressed by gzip.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal import cache as page_cache
from portal import generation
from portal.api.tables import TABLES

EXTENSIONS = ("csv", "json")
IN_ONE_LANGUAGE = frozenset({"procedures.json", "centres.json"})
"""Files with one version a language; the others hold every language, or texts of none."""


@dataclass(frozen=True)
class Key:
    """Which file: a table in a form, and in a language where each has its own."""

    table: str
    extension: str
    language: str = ""

    @property
    def file(self) -> str:
        """Return the name under which it is downloaded."""
        return f"{self.table}.{self.extension}"

    def __str__(self) -> str:
        return ".".join(filter(None, [self.file, self.language]))


@dataclass(frozen=True)
class Snapshot:
    """A file as it was built under one generation and release on one day."""

    generation: str
    release: str
    built_at: dt.datetime
    etag: str
    body: bytes
    """Compressed by gzip."""

    def is_old(self, current: str) -> bool:
        """Return whether a change, a new release or a new day has made it old."""
        is_today = timezone.localdate(self.built_at) == timezone.localdate()
        return (self.generation, self.release, is_today) != (current, this_release(), True)


def key_of(table: str, extension: str, language: str) -> Key:
    """Return the key of a file, without a language where it is the same in all."""
    return Key(table, extension, language if f"{table}.{extension}" in IN_ONE_LANGUAGE else "")


def all_keys() -> list[Key]:
    """Return every file that can be downloaded."""
    languages = [code for code, _name in settings.LANGUAGES]
    return list(
        dict.fromkeys(key_of(table, form, code) for table in TABLES for form in EXTENSIONS for code in languages)
    )


@functools.cache
def this_release() -> str:
    """Return the digest of what writes the files, read once a process."""
    return page_cache.release()


def folder() -> Path:
    """Return the folder of this site's files: another address or province never serves them."""
    site = hashlib.sha256(f"{settings.BASE_URL} {settings.PROVINCE_CODE}".encode()).hexdigest()[:12]
    path = Path(settings.VAR_DIR) / "downloads" / site
    path.mkdir(parents=True, exist_ok=True)
    return path


def stored(key: Key) -> Snapshot | None:
    """Return the file as it was built last, None where it never was or can't be read."""
    try:
        with (folder() / str(key)).open("rb") as file:
            head = json.loads(file.readline())
            built_at = dt.datetime.fromisoformat(head["built_at"])
            return Snapshot(head["generation"], head["release"], built_at, head["etag"], file.read())
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(key: Key, snapshot: Snapshot) -> None:
    """Put a file in the place of the one before, at once for every reader."""
    head = {name: getattr(snapshot, name) for name in ("generation", "release", "etag")}
    head["built_at"] = snapshot.built_at.isoformat()
    path = folder() / str(key)
    partly = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partly.write_bytes(json.dumps(head).encode() + b"\n" + snapshot.body)
        partly.replace(path)
    finally:
        partly.unlink(missing_ok=True)


def oldest_day() -> dt.date:
    """Return the day of the oldest file, today where none was built."""
    found = [snapshot.built_at for snapshot in map(stored, all_keys()) if snapshot]
    return timezone.localdate(min(found)) if found else timezone.localdate()


def old_keys(*, only_missing: bool = False) -> list[Key]:
    """Return the files that were never built or are old by now."""
    current = generation.current()
    found = {key: stored(key) for key in all_keys()}
    return [
        key for key, snapshot in found.items() if snapshot is None or (snapshot.is_old(current) and not only_missing)
    ]
