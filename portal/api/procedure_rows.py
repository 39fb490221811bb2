"""Turn procedures into what the API sends."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from catalogue.models import AgencyRole, Audience, FilingChannel, Procedure
from catalogue.procedure_querysets import ProcedureQuerySet
from catalogue.text import display_name
from portal import texts
from portal.addresses import Addresses
from portal.api import procedure_schemas as out
from portal.api.choices import Level
from portal.api.schemas import Text, address, named

LONG_COLUMNS = ["description", "roles_text"] + [
    f"{column}_{code.replace('-', '_')}" for column in ("steps", "conditions") for code, _name in settings.LANGUAGES
]


def for_rows(procedures: ProcedureQuerySet) -> ProcedureQuerySet:
    """Join and prefetch what a list shows (three queries beside its own); the long texts stay behind."""
    return (
        procedures.select_related("field")
        .prefetch_related("roles", "audiences", "channels")
        .defer(*LONG_COLUMNS, "imported", "search_marked", "search_folded")
    )


def title(procedure: Procedure, language: str) -> Text:
    """Return the name as people say it, with its language."""
    name = texts.text(procedure, "name", language)
    return Text(text=display_name(name.text), lang=name.lang)


def levels(procedure: Procedure) -> list[Level]:
    """Return the levels competent to settle it."""
    held: list[tuple[Level, bool]] = [
        ("ministry", procedure.is_ministry_level),
        ("province", procedure.is_province_level),
        ("commune", procedure.is_commune_level),
        ("other", procedure.is_other_level),
    ]
    return [level for level, holds in held if holds]


def role_out(role: AgencyRole, language: str) -> out.RoleOut:
    """Return a role."""
    level = AgencyRole.Level(role.level)
    return out.RoleOut(code=role.code, name=named(role, language), level=level, is_vertical=role.is_vertical)


def row_values(
    procedure: Procedure,
    *,
    roles: Iterable[AgencyRole],
    audiences: Iterable[Audience],
    channels: Iterable[FilingChannel],
    addresses: Addresses,
    language: str,
) -> dict[str, object]:
    """Return the values that a list and a whole procedure share."""
    detail = reverse("api-v1:procedure", args=[procedure.code])
    tail = "" if language == settings.LANGUAGE_CODE else f"?lang={language}"
    return {
        "code": procedure.code,
        "name": title(procedure, language),
        "status": procedure.status,
        "field": out.FieldKey(slug=procedure.field.slug, name=named(procedure.field, language)),
        "levels": levels(procedure),
        "roles": [role_out(role, language) for role in roles],
        "audiences": [audience.code for audience in audiences],
        "channels": [channel.kind for channel in channels],
        "online_level": procedure.online_level,
        "is_for_foreigners": procedure.is_for_foreigners,
        "has_details": procedure.has_details,
        "changed_at": procedure.updated_at,
        "page": settings.BASE_URL + addresses.procedure(procedure.code, language),
        "url": address(detail + tail),
    }
