"""Administrative units, old and present, and what the old became."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import BaseModel, Field

from catalogue.models import AdministrativeUnit
from catalogue.text import fold
from portal.addresses import load
from portal.api import centres
from portal.api.choices import UnitLevel
from portal.api.parameters import Day, InLanguage, Key, Paging, Words
from portal.api.schemas import Page, Problem, Refusal, Text, UnitKey, address, localized, page_links, unit_key
from portal.api.succession import present_of

router = Router(tags=["places"])


class PlaceFilter(Schema):
    """What narrows the list."""

    level: UnitLevel | None = None
    parent: Key | None = Field(None, description="Statistics code of the unit above")
    parent_level: UnitLevel | None = Field(None, description="Level of the unit above, where codes repeat")
    province: Key | None = Field(None, description="Statistics code of the province")
    q: Words = Field("", description="Part of the name, with or without marks")
    on: Day | None = Field(None, description="Units that existed on this day; without it, today")


class UnitRow(UnitKey):
    """A unit with what is above it."""

    kind: str
    local_name: Text | None = Field(description="Its own name in the language, where there is one")
    parent: UnitKey | None
    province: UnitKey | None
    valid_to: dt.date | None = Field(description="The first day on which it no longer exists")
    present: str = Field(description="Address of what it is today")


class CentreOfPlace(BaseModel):
    """The centre that serves a present unit."""

    slug: str
    name: Text
    address: str | None = Field(description="null: not published")
    phone: str | None
    page: str
    url: str


class PresentUnit(BaseModel):
    """A unit of today and its centre; null outside this province."""

    unit: UnitRow
    centre: CentreOfPlace | None


class PresentOut(BaseModel):
    """What a unit is today."""

    unit: UnitRow
    is_present: bool = Field(description="The unit asked for exists today")
    is_split: bool = Field(description="It went to several")
    is_complete: bool = Field(description="False where the records don't name every present unit")
    present: list[PresentUnit]


def unit_row(unit: AdministrativeUnit, language: str) -> UnitRow:
    """Return a unit."""
    path = reverse("api-v1:present", args=[unit.level, unit.code])
    if unit.valid_from:
        path += f"?on={unit.valid_from}"
    own = localized(unit, "local_name", language)
    return UnitRow(
        **unit_key(unit).model_dump(),
        kind=unit.kind,
        local_name=own,
        parent=unit_key(unit.parent) if unit.parent else None,
        province=unit_key(unit.province) if unit.province else None,
        valid_to=unit.valid_to,
        present=address(path),
    )


def chosen(wanted: PlaceFilter) -> QuerySet[AdministrativeUnit]:
    """Return the units that fit every filter."""
    rows = AdministrativeUnit.objects.on(wanted.on or timezone.localdate())
    columns = {
        "level": wanted.level,
        "parent__code": wanted.parent,
        "parent__level": wanted.parent_level,
        "province__code": wanted.province,
        "folded_name__contains": fold(wanted.q) or None,
    }
    return rows.filter(**{name: value for name, value in columns.items() if value is not None})


@router.get("", response={200: Page[UnitRow], 422: Refusal}, url_name="places", summary="List places")
def list_places(request: HttpRequest, wanted: Query[PlaceFilter], paging: Query[Paging]) -> Page[UnitRow]:
    """Return the units of the whole country that existed on a day."""
    rows = chosen(wanted)
    count = rows.count()
    found = rows.select_related("parent", "province").order_by("folded_name", "level", "code", "pk")
    results = [unit_row(unit, paging.lang) for unit in found[paging.offset : paging.offset + paging.limit]]
    return Page[UnitRow](count=count, results=results, **page_links(request, paging, count))


class OnDay(Schema):
    """The day on which the unit existed."""

    on: Day | None = Field(
        None,
        description="Most communes of today reuse an old code. With a day, the unit that had the code then; "
        "without one, the last that ended, else that of today",
    )


@router.get(
    "/{level}/{code}/present",
    response={200: PresentOut, 404: Problem, 422: Refusal},
    url_name="present",
    summary="Show what a place is today",
)
def show_present(
    request: HttpRequest, level: UnitLevel, code: Key, day: Query[OnDay], language: Query[InLanguage]
) -> PresentOut:
    """Return the present units that a unit became, each with its centre in this province."""
    units = AdministrativeUnit.objects.filter(level=level, code=code)
    if day.on is not None:
        units = units.on(day.on)
    unit = units.select_related("parent", "province").order_by(F("valid_to").desc(nulls_last=True), "pk").first()
    if unit is None:
        raise Http404
    outcome = present_of(unit, timezone.localdate())
    addresses = load()
    by_place = {
        centre.place_id: centres.row_values(centre, addresses=addresses, language=language.lang)
        for centre in centres.public().filter(place__in=outcome.units).select_related("place")
    }
    return PresentOut(
        unit=unit_row(unit, language.lang),
        is_present=unit in outcome.units,
        is_split=outcome.is_split,
        is_complete=outcome.is_complete,
        present=[
            PresentUnit(
                unit=unit_row(each, language.lang),
                centre=CentreOfPlace.model_validate(by_place[each.pk]) if each.pk in by_place else None,
            )
            for each in outcome.units
        ],
    )
