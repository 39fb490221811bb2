"""The tables of the full downloads: their columns, and the rows that everybody may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from catalogue.models import AdministrativeUnit, Agency, FeeItem, Procedure, RequiredPaper, Term, UnitChange
from catalogue.models import Field as LegalField
from catalogue.models.procedures import column_suffixes
from catalogue.procedure_querysets import ProcedureQuerySet
from portal.api import centres
from portal.api.procedure_rows import for_rows, levels
from portal.api.registers import counted
from portal.hotlines import of_province, public_hotlines

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Column:
    """A column and its type, in the words of the Frictionless table schema."""

    name: str
    type: str = "string"


@dataclass(frozen=True)
class Table:
    """A table that can be downloaded whole."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Row]]


def columns(*names: str) -> tuple[Column, ...]:
    """Return columns from «name» or «name:type»; «name@» stands for one a language."""
    found = []
    for each in names:
        name, _colon, kind = each.partition(":")
        several = [f"{name[:-1]}_{suffix}" for suffix in column_suffixes()] if name.endswith("@") else [name]
        found += [Column(one, kind or "string") for one in several]
    return tuple(found)


def lookups(*names: str) -> list[str]:
    """Return columns of a query; «name@» stands for one a language."""
    return [column.name for column in columns(*names)]


def in_languages(row: Model, column: str) -> Row:
    """Return a text in every language, empty where it isn't translated."""
    return tuple(getattr(row, f"{column}_{suffix}") or "" for suffix in column_suffixes())


def public() -> ProcedureQuerySet:
    """Return the procedures that everybody may see."""
    return Procedure.objects.public(settings.PROVINCE_CODE)


def procedures() -> Iterator[Row]:
    """Give each procedure's facts; several values stand with | between."""
    for row in for_rows(public()).select_related("field", "replaced_by").iterator(chunk_size=500):
        yield (
            row.code,
            *in_languages(row, "name"),
            row.status,
            row.field.slug,
            "|".join(levels(row)),
            "|".join(role.code for role in row.roles.all()),
            "|".join(audience.code for audience in row.audiences.all()),
            "|".join(channel.kind for channel in row.channels.all()),
            row.online_level,
            row.online_url,
            row.portal_url,
            row.is_for_foreigners,
            row.province_id is not None,
            row.has_details,
            row.replaced_by.code if row.replaced_by and row.replaced_by.live else "",
            row.checked_on,
            row.updated_at,
        )


def terms() -> Iterable[Row]:
    """Give each time limit; without a number the text is all that is known."""
    rows = Term.objects.filter(channel__procedure__in=public()).order_by(
        "channel__procedure__code", "channel__sort_order", "sort_order", "pk"
    )
    names = lookups("channel__procedure__code", "channel__kind", "key", "label@", "number", "unit", "text@")
    return rows.values_list(*names).iterator()


def fees() -> Iterable[Row]:
    """Give each fee; an empty amount is unknown or said in the text, never free."""
    rows = FeeItem.objects.filter(channel__procedure__in=public()).order_by(
        "channel__procedure__code", "channel__sort_order", "sort_order", "pk"
    )
    names = ("channel__procedure__code", "channel__kind", "key", "label@", "kind", "amount", "currency")
    return rows.values_list(*lookups(*names, "certainty", "text@")).iterator()


def papers() -> Iterable[Row]:
    """Give each row of the dossiers' lists, in order."""
    rows = RequiredPaper.objects.filter(case__procedure__in=public()).order_by(
        "case__procedure__code", "case__sort_order", "sort_order", "pk"
    )
    names = ("case__procedure__code", "case__key", "case__label@", "key", "name@", "kind", "handling")
    return rows.values_list(*lookups(*names, "originals", "copies", "form__name")).iterator()


def centre_rows() -> Iterable[Row]:
    """Give each published centre."""
    names = ("slug", "name@", "level", "place__level", "place__code", "place__name", "address", "phone", "email")
    return centres.public().values_list(*lookups(*names, "latitude", "longitude", "checked_on", "updated_at"))


def hotlines() -> Iterable[Row]:
    """Give each published hotline."""
    names = ("phone", "label@", "is_round_the_clock", "hours_text@", "languages", "centre__slug", "agency__name@")
    rows = public_hotlines().order_by("phone", "pk")
    return rows.values_list(*lookups(*names, "checked_on"))


def places() -> Iterable[Row]:
    """Give every unit of the country, old and present."""
    names = ("level", "code", "name", "kind", "parent__level", "parent__code", "parent__valid_from", "province__code")
    rows = AdministrativeUnit.objects.order_by("level", "code", "valid_from", "pk")
    return rows.values_list(*names, "valid_from", "valid_to").iterator()


def place_changes() -> Iterable[Row]:
    """Give what old units became."""
    names = ("old__level", "old__code", "old__valid_from", "old__name")
    rows = UnitChange.objects.order_by("old__level", "old__code", "new__code", "pk")
    present = ("new__level", "new__code", "new__valid_from", "new__name", "effective_on", "is_split", "is_complete")
    return rows.values_list(*names, *present).iterator()


def field_rows() -> Iterable[Row]:
    """Give each field with procedures in force, and how many."""
    counts = counted("field")
    for row in LegalField.objects.filter(pk__in=counts):
        yield (row.slug, row.code, *in_languages(row, "name"), counts[row.pk])


def agencies() -> Iterable[Row]:
    """Give the province's agencies of today."""
    names = ("identifier", "name@", "kind", "role__code", "place__level", "place__code", "valid_from", "valid_to")
    rows = Agency.objects.on(timezone.localdate()).filter(of_province("place"))
    return rows.order_by("name_vi", "pk").values_list(*lookups(*names))


_PLACE = ("place_level", "place_code")
TABLES = {
    table.name: table
    for table in (
        Table(
            "procedures",
            "Administrative procedures",
            columns(
                *("code", "name@", "status", "field", "levels", "roles", "audiences", "channels", "online_level"),
                *("online_link", "national_portal_page", "is_for_foreigners:boolean", "is_own:boolean"),
                *("has_details:boolean", "replaced_by", "checked_on:date", "changed_at:datetime"),
            ),
            procedures,
        ),
        Table(
            "terms",
            "Time limits by channel",
            columns("procedure", "channel", "key", "label@", "number:integer", "unit", "text@"),
            terms,
        ),
        Table(
            "fees",
            "Fees by channel",
            columns(
                *("procedure", "channel", "key", "label@", "kind", "amount:number", "currency", "certainty", "text@")
            ),
            fees,
        ),
        Table(
            "papers",
            "Required papers by case",
            columns(
                *("procedure", "case", "case_label@", "key", "name@", "kind", "handling"),
                *("originals:integer", "copies:integer", "form"),
            ),
            papers,
        ),
        Table(
            "centres",
            "Public administrative service centres",
            columns(
                *("slug", "name@", "level", *_PLACE, "place_name", "address", "phone", "email"),
                *("latitude:number", "longitude:number", "checked_on:date", "changed_at:datetime"),
            ),
            centre_rows,
        ),
        Table(
            "hotlines",
            "Hotlines",
            columns(
                *("phone", "label@", "is_round_the_clock:boolean", "hours_text@", "languages", "centre", "agency@"),
                "checked_on:date",
            ),
            hotlines,
        ),
        Table(
            "places",
            "Administrative units of the country, before and since 1 July 2025",
            columns(
                *("level", "code", "name", "kind", "parent_level", "parent_code", "parent_valid_from:date"),
                *("province_code", "valid_from:date", "valid_to:date"),
            ),
            places,
        ),
        Table(
            "place-changes",
            "What old units became",
            columns(
                *("old_level", "old_code", "old_valid_from:date", "old_name", "new_level", "new_code"),
                *("new_valid_from:date", "new_name", "effective_on:date", "is_split:boolean", "is_complete:boolean"),
            ),
            place_changes,
        ),
        Table("fields", "Fields", columns("slug", "code", "name@", "procedure_count:integer"), field_rows),
        Table(
            "agencies",
            "Agencies of the province",
            columns("identifier", "name@", "kind", "role", *_PLACE, "valid_from:date", "valid_to:date"),
            agencies,
        ),
    )
}
