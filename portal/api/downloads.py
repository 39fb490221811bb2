"""Whole tables as CSV and JSON: the files that were built last, with their own day."""

from __future__ import annotations

import gzip
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import WithJsonSchema

from portal import cache as page_cache
from portal.api import building, licence, snapshots
from portal.api.parameters import InLanguage
from portal.api.schemas import Problem, Refusal, address
from portal.api.tables import TABLES, Table

router = Router(tags=["downloads"])
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
FILES = [f"{name}.{extension}" for name in TABLES for extension in snapshots.EXTENSIONS]
File = Annotated[str, WithJsonSchema({"type": "string", "enum": FILES})]


def last_built(key: snapshots.Key) -> snapshots.Snapshot:
    """Return the file as it was built last, old or not: who builds anew is the tick.

    Only a file that was never built is built here, one at a time on the machine.
    """
    stored = snapshots.stored(key)
    if stored is not None:
        return stored
    try:
        return building.build_now(key)
    except building.BusyError:
        raise HttpError(503, "This file is being made. Come back in a minute.") from None


@router.get("/datapackage.json", url_name="datapackage", summary="Describe the downloads", response=dict[str, Any])
def datapackage(request: HttpRequest) -> dict[str, Any]:
    """Return licence, day and fields of every file, as a Frictionless data package."""
    return {
        "name": "mot-cua",
        "title": "Một Cửa: administrative procedures, centres and places",
        "description": f"{licence.SCOPE} In CSV a text that begins with = + - or @ has an apostrophe before it.",
        "created": snapshots.oldest_day().isoformat(),
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
    """Send a table as it was built last: within minutes of a change; `Last-Modified` says when.

    CSV holds every language in columns; JSON of procedures and centres is in `lang`.
    """
    name, _dot, extension = file.rpartition(".")
    if file not in FILES:
        raise Http404
    built = last_built(snapshots.key_of(name, extension, language.lang))
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
