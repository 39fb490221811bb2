"""The world of 30 June 2025: old places, a committee and a centre in each, telephones, people and procedures.

Places are real (`catalogue/data/units`); what is made up begins with DEMO, or is a form's name with the place's in it.
Tests and measures reorganise it; `Order` hands over what they build on, such as dossiers in flight.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue.loading.place_files import Key, ParsedPlaces, read_places

FOLDER = Path(__file__).resolve().parent.parent / "catalogue" / "data" / "units"
DAY = dt.date(2025, 7, 1)
PEOPLE = (("clerk", "DEMO một cửa"), ("approver", "DEMO chủ tịch"))
"""Role and title of the two people of each commune's committee."""


@dataclass
class Order:
    """What was made, by the key of the unit where it is."""

    units: dict[Key, Any] = field(default_factory=dict)
    agencies: dict[Key, Any] = field(default_factory=dict)
    centres: dict[Key, Any] = field(default_factory=dict)
    procedures: list[Any] = field(default_factory=list)

    def commune(self, code: str) -> Key:
        """Return the key of an old commune."""
        return ("commune", code, False)


def make(province: str = "") -> Order:
    """Make the old order of the whole country, or of what became one present province. Under Vietnamese."""
    from catalogue.reorganising.places import of_province

    places = read_places(FOLDER)
    order = Order()
    _make_units(order, of_province(places, province) if province else places)
    _make_agencies(order)
    _make_centres(order)
    _make_people(order)
    _make_procedures(order)
    return order


def _make_units(order: Order, places: ParsedPlaces) -> None:
    from catalogue.models import AdministrativeUnit
    from catalogue.text import fold

    for level in ("province", "district", "commune"):
        made = {}
        for key, row in places.units.items():
            if key[2] or key[0] != level:
                continue
            made[key] = AdministrativeUnit(
                level=level,
                code=key[1],
                name=row.name,
                kind=row.kind,
                folded_name=fold(row.name),
                parent=order.units.get(row.parent) if row.parent else None,
                province=order.units.get(row.province) if row.province else None,
            )
        AdministrativeUnit.objects.bulk_create(made.values(), batch_size=500)
        order.units.update(made)


def _make_agencies(order: Order) -> None:
    from catalogue.loading.agencies import in_a_name
    from catalogue.models import Agency, AgencyRole

    roles = {}
    for level, code, name in (
        ("province", "uy-ban-nhan-dan-cap-tinh", "Ủy ban nhân dân cấp tỉnh"),
        ("commune", "uy-ban-nhan-dan-cap-xa", "Ủy ban nhân dân cấp xã"),
    ):
        defaults = {"name_vi": name, "level": level}
        roles[level] = AgencyRole.objects.get_or_create(code=code, defaults=defaults)[0]
    for level in ("province", "district", "commune"):
        made = {}
        for key, unit in _of_level(order, level):
            above = ("district", unit.parent.code, False) if level == "commune" else None
            above = above or (("province", unit.province.code, False) if level == "district" else None)
            made[key] = Agency(
                identifier=f"DEMO.{level[0].upper()}{unit.code}",
                name_vi=f"Ủy ban nhân dân {in_a_name(unit)}",
                kind=Agency.Kind.PEOPLES_COMMITTEE,
                role=roles.get(level),
                place=unit,
                parent=order.agencies[above] if above else None,
            )
        Agency.objects.bulk_create(made.values(), batch_size=500)
        order.agencies.update(made)


def _of_level(order: Order, level: str) -> Iterator[tuple[Key, Any]]:
    return ((key, unit) for key, unit in order.units.items() if key[0] == level)


def _make_centres(order: Order) -> None:
    """Make a published centre in each province and commune, and a counter in each district, with a telephone each."""
    from catalogue.loading.agencies import in_a_name
    from catalogue.loading.centres import free_slug
    from catalogue.loading.history import record_revisions
    from catalogue.models import Centre, Hotline

    taken: set[str] = set(Centre.objects.values_list("slug", flat=True))
    for key, unit in order.units.items():
        slug = free_slug(unit, taken)
        taken.add(slug)
        order.centres[key] = Centre(
            slug=slug,
            name_vi=f"Trung tâm Phục vụ hành chính công {in_a_name(unit)}",
            level=Centre.Level.PROVINCE if key[0] == "province" else Centre.Level.COMMUNE,
            place=unit,
            province=unit.province or unit,
            agency=order.agencies[key],
            address=f"DEMO {len(taken)}",
            live=True,
            has_unpublished_changes=False,
        )
    centres = list(order.centres.values())
    Centre.objects.bulk_create(centres, batch_size=200)
    record_revisions(centres, action="wagtail.create")
    hotlines = [Hotline(centre=each, label_vi="DEMO", phone=f"0236 {each.pk:06}", live=True) for each in centres]
    Hotline.objects.bulk_create(hotlines, batch_size=500)


def _make_people(order: Order) -> None:
    from django.contrib.auth import get_user_model

    from catalogue.models import Posting

    model: Any = get_user_model()
    pairs = [(agency, role, title) for agency in order.agencies.values() for role, title in PEOPLE]
    users = [
        model(username=f"demo.{role}.{agency.place.level[0]}{agency.place.code}", last_name="DEMO", password="!")
        for agency, role, _title in pairs
    ]
    model.objects.bulk_create(users, batch_size=500)
    rows = zip(users, pairs, strict=True)
    posts = [Posting(user=user, agency=agency, role=role, title=title) for user, (agency, role, title) in rows]
    Posting.objects.bulk_create(posts, batch_size=500)


def _make_procedures(order: Order) -> None:
    """Make a procedure of two fields for each province and district, whose committee keeps the text."""
    from catalogue.loading.history import record_revisions, whole
    from catalogue.models import Field, Procedure

    fields = [Field.objects.get_or_create(slug=slug, defaults={"name_vi": name})[0] for slug, name in (
        ("dat-dai", "Đất đai"), ("ho-tich", "Hộ tịch"))]  # fmt: skip
    rows: Sequence[Any] = [
        Procedure(
            code=f"DEMO.{key[0][0]}{key[1]}.{each.slug}",
            name_vi=f"DEMO {each.name_vi}",
            field=each,
            maintained_by=agency,
            is_commune_level=True,
            live=True,
            has_unpublished_changes=False,
        )
        for key, agency in order.agencies.items()
        if key[0] != "commune"
        for each in fields
    ]
    for row in rows:
        row.fill_search_columns()
    Procedure.objects.bulk_create(rows, batch_size=200)
    order.procedures = list(rows)
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), 200):
        record_revisions(list(whole(keys[start : start + 200])), action="wagtail.create")
