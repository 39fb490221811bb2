"""Build the files of the full downloads, ahead of their readers: `manage.py build_downloads`, and the tick."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.utils import timezone

from portal import generation
from portal.addresses import load
from portal.alone import alone
from portal.api import centres, licence
from portal.api.procedure_parts import read_all
from portal.api.procedure_whole import whole
from portal.api.snapshots import Key, Snapshot, folder, keep, old_keys, this_release
from portal.api.tables import TABLES, Table, public
from portal.api.writing import JSON_END, csv_parts, json_parts, json_start, write_json

GZIP = 31
"""zlib's word for a gzip header, in which it writes no time: equal content gives equal bytes."""
LOCK = "building.lock"


class BusyError(Exception):
    """Another process on this machine builds files."""


def build_if_old() -> list[str]:
    """Build the files that a change, a new release or a new day has made old; return their names.

    Nothing is done where another process is at it. Whoever asks meanwhile gets the files as they were before.
    """
    return _build_keys()


def build_missing() -> list[str]:
    """Build the files that were never built; return their names."""
    return _build_keys(only_missing=True)


def build_now(key: Key) -> Snapshot:
    """Build one file and keep it; raises BusyError while another process builds."""
    with alone(folder() / LOCK) as is_alone:
        if not is_alone:
            raise BusyError
        return build([key])[key]


def _build_keys(*, only_missing: bool = False) -> list[str]:
    with alone(folder() / LOCK) as is_alone:
        if not is_alone:
            return []
        keys = old_keys(only_missing=only_missing)
        for _file, group in groupby(keys, key=lambda key: key.file):
            build(list(group))
    return [str(key) for key in keys]


def build(keys: Sequence[Key]) -> dict[Key, Snapshot]:
    """Build and keep one file in its languages, reading the rows once.

    The generation is read before: a change meanwhile makes the files old.
    """
    current, now = generation.current(), timezone.now()
    table, extension = TABLES[keys[0].table], keys[0].extension
    files = [_File() for _key in keys]
    if (extension, table.name) in WHOLE:
        _write_whole(table, WHOLE[extension, table.name], files, [key.language for key in keys])
    else:
        for part in parts(table, extension):
            files[0].write(part)
    built = {key: file.finished(current, now) for key, file in zip(keys, files, strict=True)}
    for key, snapshot in built.items():
        keep(key, snapshot)
    return built


class _File:
    """A file that is pressed and digested while it is written."""

    def __init__(self) -> None:
        self.digest, self.press, self.body = hashlib.sha256(), zlib.compressobj(6, wbits=GZIP), io.BytesIO()

    def write(self, part: bytes) -> None:
        self.digest.update(part)
        self.body.write(self.press.compress(part))

    def finished(self, current: str, now: Any) -> Snapshot:
        self.body.write(self.press.flush())
        return Snapshot(current, this_release(), now, f'"{self.digest.hexdigest()[:32]}"', self.body.getvalue())


def parts(table: Table, extension: str) -> Iterator[bytes]:
    """Give a file that holds every language piece by piece; JSON says its licence and day first."""
    names = [column.name for column in table.columns]
    if extension == "csv":
        return csv_parts(names, table.rows())
    rows = (write_json(dict(zip(names, row, strict=True))) for row in table.rows())
    return json_parts(licence.statement(timezone.localdate()), table.name, rows)


Whole = Callable[[Sequence[str]], Iterator[list[bytes]]]


def _write_whole(table: Table, rows: Whole, files: Sequence[_File], languages: Sequence[str]) -> None:
    head: dict[str, Any] = licence.statement(timezone.localdate())
    for file, language in zip(files, languages, strict=True):
        file.write(json_start({**head, "language": language}, table.name))
    for number, row in enumerate(rows(languages)):
        for file, text in zip(files, row, strict=True):
            file.write(b"," + text if number else text)
    for file in files:
        file.write(JSON_END)


def whole_procedures(languages: Sequence[str]) -> Iterator[list[bytes]]:
    """Give every procedure with all parts in each language (twelve queries for each five hundred)."""
    addresses, today = load(), timezone.localdate()
    for row in read_all(public()):
        yield [
            whole(row, addresses=addresses, language=language, today=today).model_dump_json().encode()
            for language in languages
        ]


def whole_centres(languages: Sequence[str]) -> Iterator[list[bytes]]:
    """Give every centre with its hours, points and hotlines in each language."""
    addresses, closing = load(), centres.closing_notices(timezone.localdate())
    for row in centres.for_whole(centres.public()):
        yield [
            centres.whole(row, addresses=addresses, language=language, closing=closing).model_dump_json().encode()
            for language in languages
        ]


WHOLE: dict[tuple[str, str], Whole] = {("json", "procedures"): whole_procedures, ("json", "centres"): whole_centres}
