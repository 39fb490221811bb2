"""The registers beside the procedures: fields, roles, agencies."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from catalogue.models import AdministrativeUnit, Agency, AgencyRole, Procedure
from catalogue.models import Field as LegalField
from portal.api import centre_schemas as out
from portal.api.choices import AgencyKind
from portal.api.parameters import Day, Key, Paging
from portal.api.schemas import Page, Refusal, named, page_links, unit_key
from portal.hotlines import of_province

fields = Router(tags=["fields"])
roles = Router(tags=["roles"])
agencies = Router(tags=["agencies"])


class AgencyFilter(Schema):
    """What narrows the list."""

    role: Key | None = Field(None, description="Code of a role")
    kind: AgencyKind | None = None
    commune: Key | None = Field(None, description="Statistics code of a commune")
    on: Day | None = Field(None, description="Those that existed on this day; without it, today")


def counted(column: str) -> dict[Any, int]:
    """Return how many public procedures in force stand under each value of a column (one query)."""
    rows = Procedure.objects.public(settings.PROVINCE_CODE).in_force().order_by()
    return dict(rows.values_list(column).annotate(n=Count("pk")))


@fields.get("", response={200: Page[out.FieldRow], 422: Refusal}, url_name="fields", summary="List fields")
def list_fields(request: HttpRequest, paging: Query[Paging]) -> Page[out.FieldRow]:
    """Return the fields that have procedures in force, with how many."""
    counts = counted("field")
    rows = LegalField.objects.filter(pk__in=counts)
    results = [
        out.FieldRow(slug=row.slug, code=row.code, name=named(row, paging.lang), procedure_count=counts[row.pk])
        for row in rows[paging.offset : paging.offset + paging.limit]
    ]
    return Page[out.FieldRow](count=len(counts), results=results, **page_links(request, paging, len(counts)))


@roles.get("", response={200: Page[out.RoleRow], 422: Refusal}, url_name="roles", summary="List roles")
def list_roles(request: HttpRequest, paging: Query[Paging]) -> Page[out.RoleRow]:
    """Return the competent authorities that have procedures in force, with how many."""
    counts = counted("roles")
    counts.pop(None, None)
    rows = AgencyRole.objects.filter(pk__in=counts).order_by("name_vi", "pk")
    results = [
        out.RoleRow(
            code=row.code,
            name=named(row, paging.lang),
            level=row.level,
            is_vertical=row.is_vertical,
            procedure_count=counts[row.pk],
        )
        for row in rows[paging.offset : paging.offset + paging.limit]
    ]
    return Page[out.RoleRow](count=len(counts), results=results, **page_links(request, paging, len(counts)))


@agencies.get("", response={200: Page[out.AgencyRow], 422: Refusal}, url_name="agencies", summary="List agencies")
def list_agencies(request: HttpRequest, wanted: Query[AgencyFilter], paging: Query[Paging]) -> Page[out.AgencyRow]:
    """Return the province's agencies."""
    rows = Agency.objects.on(wanted.on or timezone.localdate()).filter(of_province("place"))
    columns = {"role__code": wanted.role, "kind": wanted.kind, "place__code": wanted.commune}
    rows = rows.filter(**{name: value for name, value in columns.items() if value is not None})
    if wanted.commune:
        rows = rows.filter(place__level=AdministrativeUnit.Level.COMMUNE)
    count = rows.count()
    found = rows.select_related("role", "parent", "place").order_by("name_vi", "pk")
    results = [
        out.AgencyRow(
            identifier=row.identifier,
            name=named(row, paging.lang),
            kind=Agency.Kind(row.kind),
            role=row.role.code if row.role else None,
            parent=named(row.parent, paging.lang) if row.parent else None,
            place=unit_key(row.place),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in found[paging.offset : paging.offset + paging.limit]
    ]
    return Page[out.AgencyRow](count=count, results=results, **page_links(request, paging, count))
