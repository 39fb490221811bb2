"""Whole tables as CSV and JSON, built once a state of the catalogue."""

from __future__ import annotations

import datetime as dt
import functools
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import WithJsonSchema

from portal import cache as page_cache
from portal import generation
from portal.addresses import load
from portal.api import centres, licence
from portal.api.parameters import InLanguage
from portal.api.procedure_whole import for_whole, whole
from portal.api.schemas import Problem, Refusal, address
from portal.api.tables import TABLES, Table, public
from portal.api.writing import csv_parts, json_parts, write_json

router = Router(tags=["downloads"])
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
FILES = [f"{name}.{extension}" for name in TABLES for extension in MEDIA_TYPES]
File = Annotated[str, WithJsonSchema({"type": "string", "enum": FILES})]
KEPT_FOR = 24 * 60 * 60
"""Seconds."""
BUILDING = "download:building"
LONGEST_BUILD = 120
"""Seconds; the largest file takes about ten."""
GZIP = 31
"""zlib's word for a gzip header, in which it writes no time: equal content gives equal bytes."""


@dataclass(frozen=True)
class Snapshot:
    """A file as it was built under one generation of the catalogue on one day."""

    generation: str
    built_at: dt.datetime
    etag: str
    body: bytes
    """Compressed by gzip."""


def snapshot(name: str, extension: str, language: str) -> Snapshot:
    """Return the stored file, or build it: one file at a time on the whole site, so that readers of pages never wait.

    Who comes meanwhile gets the file as it was before, and is asked to come back where there is none.
    """
    current = generation.current()
    key = f"download:{this_release()}:{name}.{extension}:{language}"
    stored = cache.get(key)
    if isinstance(stored, Snapshot) and stored.generation == current and is_today(stored.built_at):
        return stored
    if not cache.add(BUILDING, True, LONGEST_BUILD):
        if isinstance(stored, Snapshot):
            return stored
        raise HttpError(503, "This file is being made. Come back in a minute.")
    try:
        built = build(TABLES[name], extension, language, current)
        cache.set(key, built, KEPT_FOR)
        return built
    finally:
        cache.delete(BUILDING)


def build(table: Table, extension: str, language: str, current: str) -> Snapshot:
    """Write the file piece by piece. The generation was read before: a change meanwhile makes it old."""
    now = timezone.now()
    digest, press, body = hashlib.sha256(), zlib.compressobj(6, wbits=GZIP), io.BytesIO()
    for part in parts(table, extension, language):
        digest.update(part)
        body.write(press.compress(part))
    body.write(press.flush())
    return Snapshot(current, now, f'"{digest.hexdigest()[:32]}"', body.getvalue())


@functools.cache
def this_release() -> str:
    """Return the digest of what writes the files, read once a process."""
    return page_cache.release()


def is_today(moment: dt.datetime) -> bool:
    """Return whether a time lies in today, where the portal is."""
    return timezone.localdate(moment) == timezone.localdate()


def parts(table: Table, extension: str, language: str) -> Iterator[bytes]:
    """Give the file piece by piece; a JSON file says its licence and day first."""
    names = [column.name for column in table.columns]
    if extension == "csv":
        return csv_parts(names, table.rows())
    head: dict[str, Any] = licence.statement(timezone.localdate())
    if table.name in WHOLE:
        return json_parts({**head, "language": language}, table.name, WHOLE[table.name](language))
    rows = (write_json(dict(zip(names, row, strict=True))) for row in table.rows())
    return json_parts(head, table.name, rows)


def whole_procedures(language: str) -> Iterator[bytes]:
    """Give every procedure with all parts (fifteen queries for each two hundred)."""
    addresses, today = load(), timezone.localdate()
    for row in for_whole(public()).iterator(chunk_size=200):
        yield whole(row, addresses=addresses, language=language, today=today).model_dump_json().encode()


def whole_centres(language: str) -> Iterator[bytes]:
    """Give every centre with its hours, points and hotlines."""
    addresses = load()
    for row in centres.for_whole(centres.public()):
        yield centres.whole(row, addresses=addresses, language=language).model_dump_json().encode()


WHOLE: dict[str, Callable[[str], Iterator[bytes]]] = {"procedures": whole_procedures, "centres": whole_centres}


@router.get("/datapackage.json", url_name="datapackage", summary="Describe the downloads", response=dict[str, Any])
def datapackage(request: HttpRequest) -> dict[str, Any]:
    """Return licence, day and fields of every file, as a Frictionless data package."""
    return {
        "name": "mot-cua",
        "title": "Một Cửa: administrative procedures, centres and places",
        "description": f"{licence.SCOPE} In CSV a text that begins with = + - or @ has an apostrophe before it.",
        "created": timezone.localdate().isoformat(),
        "licenses": [{"name": licence.NAME, "title": licence.TITLE, "path": licence.ADDRESS}],
        "sources": [{"title": licence.SOURCE}],
        "resources": [resource(table) for table in TABLES.values()],
    }


def resource(table: Table) -> dict[str, Any]:
    """Return the description of one CSV file, its JSON beside it."""
    return {
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "json": f"{table.name}.json",
        "schema": {"fields": [{"name": column.name, "type": column.type} for column in table.columns]},
    }


@router.get(
    "/{file}",
    url_name="download",
    summary="Download a whole table",
    response={404: Problem, 422: Refusal},
    openapi_extra={
        "responses": {
            200: {
                "description": "The file. The Link header names the licence and the description of its columns.",
                "content": {"text/csv": {"schema": {"type": "string"}}, "application/json": {"schema": {}}},
            },
            503: {"description": "Another file is being made, and this one was never made before: come back."},
        }
    },
)
def download(request: HttpRequest, file: File, language: Query[InLanguage]) -> HttpResponse:
    """Send a table. CSV holds every language in columns; JSON of procedures and centres is in `lang`."""
    name, _dot, extension = file.rpartition(".")
    if file not in FILES:
        raise Http404
    built = snapshot(name, extension, language.lang)
    compressed = page_cache.takes_gzip(request)
    etag = f'{built.etag[:-1]}-gz"' if compressed else built.etag
    described_by = address(reverse("api-v1:datapackage"))
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(built.built_at.timestamp()),
        "Link": licence.links(described_by),
        "Vary": "Accept-Encoding",
        "Content-Disposition": f'attachment; filename="{name}-{timezone.localdate(built.built_at)}.{extension}"',
    }
    if compressed:
        headers["Content-Encoding"] = "gzip"
    body = built.body if compressed else gzip.decompress(built.body)
    return HttpResponse(body, content_type=MEDIA_TYPES[extension], headers=headers)
