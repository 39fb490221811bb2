"""Procedures: lists with filters, one with all its parts, and its versions."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from catalogue.models import Centre, Procedure, ProcedureVersion
from catalogue.procedure_querysets import ProcedureQuerySet
from portal.addresses import Addresses, load
from portal.api import procedure_schemas as out
from portal.api.choices import ChannelKind, Level, OnlineLevel, ProcedureStatus
from portal.api.parameters import Day, InLanguage, Key, Number, Paging, Words
from portal.api.procedure_parts import joined, read
from portal.api.procedure_rows import for_rows, row_values
from portal.api.procedure_whole import whole
from portal.api.schemas import Page, Problem, Refusal, decision_out, page_links

router = Router(tags=["procedures"])
NO_VERSION = "This procedure had no text in force on that day."
LEVEL_COLUMNS = {
    "ministry": "is_ministry_level",
    "province": "is_province_level",
    "commune": "is_commune_level",
    "other": "is_other_level",
}


class OnDay(Schema):
    """The day whose law is asked for."""

    as_of: Day | None = Field(None, description="Return the legal content of the version in force on this day")


class ProcedureFilter(Schema):
    """What narrows the list; filters look at the procedure as it is today."""

    q: Words = Field("", description="Words of the name, with or without marks, or the beginning of the code")
    field: Key | None = Field(None, description="Slug of a field")
    level: Level | None = None
    role: Key | None = Field(None, description="Code of a competent authority")
    audience: Key | None = Field(None, description="Code of an audience")
    channel: ChannelKind | None = None
    online_level: OnlineLevel | None = None
    status: ProcedureStatus | None = None
    foreign: bool | None = Field(None, description="For foreign users")
    centre: Key | None = Field(None, description="Slug of a centre: what it receives and returns")
    changed_since: Day | None = Field(None, description="Changed on this day or later")


def public() -> ProcedureQuerySet:
    """Return what everybody may see."""
    return Procedure.objects.public(settings.PROVINCE_CODE)


def chosen(wanted: ProcedureFilter) -> ProcedureQuerySet:
    """Return the procedures that fit every filter, each once."""
    rows = public().matching(wanted.q)
    columns = {
        "field__slug": wanted.field,
        "online_level": wanted.online_level,
        "status": wanted.status,
        "is_for_foreigners": wanted.foreign,
    }
    rows = rows.filter(**{name: value for name, value in columns.items() if value is not None})
    if wanted.level:
        rows = rows.filter(**{LEVEL_COLUMNS[wanted.level]: True})
    # One join a filter gives a row once: codes and kinds are unique within a procedure.
    joins = {"roles__code": wanted.role, "audiences__code": wanted.audience, "channels__kind": wanted.channel}
    rows = rows.filter(**{name: value for name, value in joins.items() if value is not None})
    if wanted.centre:
        centre = Centre.objects.live().filter(province__code=settings.PROVINCE_CODE, slug=wanted.centre).first()
        rows = rows.received_by(centre) if centre else rows.none()
    if wanted.changed_since:
        start = timezone.make_aware(dt.datetime.combine(wanted.changed_since, dt.time.min))
        rows = rows.filter(updated_at__gte=start)
    return rows


def version_row(version: ProcedureVersion) -> dict[str, object]:
    """Return what is told of a version beside its content."""
    return {
        "number": version.number,
        "effective_from": version.effective_from,
        "recorded_at": version.recorded_at,
        "decision": decision_out(version.decision),
        "digest": version.digest,
    }


def version_out(version: ProcedureVersion) -> out.VersionOut:
    """Return a version with its content."""
    values = version_row(version)
    return out.VersionOut(code=version.procedure.code, content=version.content, **values)  # type: ignore[arg-type]


@router.get(
    "",
    response={200: Page[out.ProcedureRow] | Page[out.VersionOut], 422: Refusal},
    url_name="procedures",
    summary="List procedures",
)
def list_procedures(
    request: HttpRequest, wanted: Query[ProcedureFilter], paging: Query[Paging], on: Query[OnDay]
) -> Page[out.ProcedureRow] | Page[out.VersionOut]:
    """Return procedures, the important ones first.

    With `as_of` each row is the legal content in force on that day, in Vietnamese; procedures that had
    none are left out.
    """
    rows = chosen(wanted)
    if on.as_of is not None:
        return versions_page(request, rows, on.as_of, paging)
    count = rows.count()
    addresses = load()
    found = for_rows(rows)[paging.offset : paging.offset + paging.limit]
    results = [row_out(row, addresses, paging.lang) for row in found]
    return Page[out.ProcedureRow](count=count, results=results, **page_links(request, paging, count))


def row_out(procedure: Procedure, addresses: Addresses, language: str) -> out.ProcedureRow:
    """Return a procedure, read with `for_rows`, as a list shows it."""
    values = row_values(
        procedure,
        roles=procedure.roles.all(),
        audiences=procedure.audiences.all(),
        channels=procedure.channels.all(),
        addresses=addresses,
        language=language,
    )
    return out.ProcedureRow(**values)  # type: ignore[arg-type]


def versions_page(
    request: HttpRequest, procedures: ProcedureQuerySet, day: dt.date, paging: Paging
) -> Page[out.VersionOut]:
    """Return the versions in force on a day (two queries)."""
    versions: QuerySet[ProcedureVersion] = ProcedureVersion.objects.as_of(day).filter(procedure__in=procedures)
    count = versions.count()
    found = versions.select_related("procedure", "decision").order_by("-procedure__importance", "procedure__code")
    results = [version_out(version) for version in found[paging.offset : paging.offset + paging.limit]]
    return Page[out.VersionOut](count=count, results=results, **page_links(request, paging, count))


@router.get(
    "/{code}",
    response={200: out.ProcedureOut | out.VersionOut, 404: Problem, 422: Refusal},
    url_name="procedure",
    summary="Show a procedure",
)
def show_procedure(
    request: HttpRequest, code: Key, language: Query[InLanguage], on: Query[OnDay]
) -> out.ProcedureOut | out.VersionOut:
    """Return all parts of a procedure as in force today, or its legal content on the day `as_of`."""
    if on.as_of is not None:
        procedure = get_object_or_404(public().only("pk", "code"), code=code)
        versions = ProcedureVersion.objects.as_of(on.as_of).filter(procedure=procedure)
        version = versions.select_related("procedure", "decision").first()
        if version is None:
            raise HttpError(404, NO_VERSION)
        return version_out(version)
    (parts,) = read([get_object_or_404(joined(public()), code=code)])
    return whole(parts, addresses=load(), language=language.lang, today=timezone.localdate())


@router.get(
    "/{code}/versions",
    response={200: out.VersionList, 404: Problem, 422: Refusal},
    url_name="versions",
    summary="List the versions of a procedure",
)
def list_versions(request: HttpRequest, code: Key) -> out.VersionList:
    """Return the versions, the newest first, without their content."""
    procedure = get_object_or_404(public().only("pk", "code"), code=code)
    versions = ProcedureVersion.objects.filter(procedure=procedure)
    in_force = ProcedureVersion.objects.as_of(timezone.localdate()).filter(procedure=procedure)
    rows = versions.select_related("decision").defer("content").order_by("-number")
    return out.VersionList(
        code=procedure.code,
        in_force=in_force.values_list("number", flat=True).first(),
        results=[out.VersionRow(**version_row(row)) for row in rows],  # type: ignore[arg-type]
    )


@router.get(
    "/{code}/versions/{number}",
    response={200: out.VersionOut, 404: Problem, 422: Refusal},
    url_name="version",
    summary="Show a version of a procedure",
)
def show_version(request: HttpRequest, code: Key, number: Number) -> out.VersionOut:
    """Return a version with its legal content, in Vietnamese."""
    versions = ProcedureVersion.objects.filter(procedure__in=public(), procedure__code=code, number=number)
    return version_out(get_object_or_404(versions.select_related("procedure", "decision")))
